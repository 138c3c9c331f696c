"""The API's sources: who sends, how much, since when not any more."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from sentinel.ports import Health, SourceStatus
from sentinel.web.api.routing import guarded
from sentinel.web.api.shapes import Shape, Utc


class SourceStatusShape(Shape):
    """How one source is doing. Counts are since the beginning, across restarts."""

    source: str | None = Field(description="null: records that no source claims.")
    agency: str | None
    input: str = Field(description="Empty where the registry has no such source.")
    events: int
    unparsed: int = Field(description="Of the events, those that no format fitted.")
    received: Utc | None = Field(description="When the newest record came; null: never.")
    at: Utc | None = Field(description="What that record says of its own time.")
    minutes: list[int] = Field(
        description="Events of each of the last 60 minutes since the start, oldest first."
    )


class SourceStatusList(Shape):
    """Every source of the registry, and every other that has been seen."""

    sources: list[SourceStatusShape]


def source_shape(status: SourceStatus) -> SourceStatusShape:
    """Show a source."""
    mark = status.mark
    return SourceStatusShape(
        source=status.source,
        agency=status.agency,
        input=status.input,
        events=0 if mark is None else mark.events,
        unparsed=0 if mark is None else mark.unparsed,
        received=None if mark is None else mark.received,
        at=None if mark is None else mark.at,
        minutes=list(status.minutes),
    )


def source_routes(health: Health) -> APIRouter:
    """Make /sources."""
    router = guarded("service")

    @router.get("/sources")
    def sources() -> SourceStatusList:
        """List every source, also those that were never seen and those nobody claims."""
        found = health.status().sources
        return SourceStatusList(sources=[source_shape(each) for each in found])

    return router
