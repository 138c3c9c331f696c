"""The queue: what is to be looked at, worst first, and what is new since one looked.

What an analyst sees stays as it is until they ask: rows never move by themselves. The address
holds filter and page, so that a reload, the back button and a colleague see the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from sentinel.errors import NotFound
from sentinel.model.ids import JobId
from sentinel.model.job import Job
from sentinel.ports import AlertOrder, AlertQuery
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.triage.filtering import Parsed, parse, part
from sentinel.web.console.triage.links import queue_path
from sentinel.web.console.triage.moments import span_words
from sentinel.web.console.triage.paging import SIZE, paging
from sentinel.web.console.triage.rows import queue_rows
from sentinel.web.console.view import View
from sentinel.web.console.visit import Here, Looking, Visit

DOMAIN = "triage"
DEFAULT_FILTER = "status:open"
# What one is most often after, by its name in the template.
QUICK: Mapping[str, str] = {
    "open": "status:open",
    "new": "status:new",
    "mine": "who:me",
    "nobody": "who:nobody",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a visitor wants to see. `text` None: their own default."""

    text: str | None = None
    page: int = 1
    job: str = ""


def queue_routes(parts: ConsoleParts, view: View) -> APIRouter:
    """The queue and the look for what is new."""
    router = APIRouter()

    @router.get("/")
    def queue(
        visit: Here,
        q: Annotated[str | None, Query()] = None,
        page: Annotated[int, Query()] = 1,
        job: Annotated[str, Query()] = "",
    ) -> HTMLResponse:
        """Show the alerts that fit."""
        return queue_page(parts, view, visit, Asked(text=q, page=page, job=job))

    @router.get("/live")
    def live(
        visit: Looking,
        since: Annotated[datetime, Query()],
        q: Annotated[str, Query()] = "",
        known: Annotated[int, Query(ge=0)] = 0,
    ) -> Response:
        """Say how many fit that were opened after `since`; nothing where that is `known`."""
        parsed = understood(q, visit)
        count = 0
        after = _in_utc(since)
        if after is not None and not parsed.faults:
            count = parts.desk.count(replace(parsed.query, opened_after=after))
        if count == known:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        return view.page("queue_live.html", visit, text=q, since=since, fresh=count)

    return router


def queue_page(
    parts: ConsoleParts,
    view: View,
    visit: Visit,
    asked: Asked,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    fault: str = "",
) -> HTMLResponse:
    """The page itself; `fault` names what could not be done."""
    text = default_filter(visit) if asked.text is None else asked.text
    parsed = understood(text, visit)
    total = 0 if parsed.faults else parts.desk.count(parsed.query)
    page = paging(asked.page, total)
    query = replace(parsed.query, skip=page.skip, limit=SIZE)
    alerts = parts.desk.alerts(query) if total else []
    agencies = parts.desk.agencies()
    return view.page(
        "queue.html",
        visit,
        status,
        text=text,
        parsed=parsed,
        page=page,
        rows=queue_rows(alerts, agencies, parts.deadlines, visit.language),
        newest=None if alerts else _newest(parts),
        agencies=agencies,
        views=visit.person.preferences.views,
        own_filter=default_filter(visit),
        quick=QUICK,
        job=job_of(parts, asked.job),
        resting=parts.health.resting(),
        back=queue_path(text, page.number),
        to=queue_path,
        part=part,
        span=span_words,
        fault=fault,
    )


def understood(text: str, visit: Visit) -> Parsed:
    """A filter as this visitor means it."""
    return parse(text, who=visit.person.name, now=visit.now, zone=visit.zone)


def default_filter(visit: Visit) -> str:
    """What a visitor sees first."""
    return visit.person.preferences.filter or DEFAULT_FILTER


def _in_utc(at: datetime) -> datetime | None:
    """The same moment; None at the ends of the calendar, where UTC has no such year."""
    try:
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except OverflowError:
        return None


def _newest(parts: ConsoleParts) -> datetime | None:
    """When anything was last seen: an empty queue is good news only where alerts do come."""
    newest = parts.desk.alerts(AlertQuery(order=AlertOrder.NEWEST, limit=1))
    return newest[0].last_seen if newest else None


def job_of(parts: ConsoleParts, job: str) -> Job | None:
    """The job that a page was asked to speak of, if it is there."""
    try:
        return parts.desk.job(JobId(job)) if job else None
    except NotFound:
        return None
