"""The numbers in the top bar: what waits, what is late, what is under way, how the service is.

Every open page asks for them by itself, so they keep no session alive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from sentinel.model.alert import AlertState
from sentinel.model.profile import Resting
from sentinel.model.warning import AgencyWarning, WarningState
from sentinel.ports import AlertQuery, WarningQuery
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.view import View
from sentinel.web.console.visit import HEADER, Looking

OPEN = frozenset(AlertState) - {AlertState.CLOSED}
AWAITING = frozenset({WarningState.DRAFT, WarningState.APPROVED, WarningState.SENT})
MOST_WARNINGS = 200  # newest ones that are looked at
MOST_JOBS = 50
KEPT = timedelta(seconds=3)  # forty open pages ask as often as one
PERSON = "X-Person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What the bar says. `drafts` and `late` are of the newest warnings; `at` is when."""

    at: datetime
    open: int
    drafts: int
    late: int
    jobs: int
    ready: bool
    problems: int
    resting: Sequence[Resting]


def glance_routes(parts: ConsoleParts, view: View) -> APIRouter:
    """Make the route."""
    router = APIRouter()
    known: list[Numbers] = []  # one at most; a race only counts twice

    @router.get("/glance")
    def glance(visit: Looking) -> HTMLResponse:
        if not known or not timedelta(0) <= visit.now - known[0].at < KEPT:
            known[:] = [look(parts, visit.now)]
        return view.page(
            "glance.html",
            visit,
            # A page that outlived its session takes up the next one of the same person.
            headers={HEADER: visit.csrf, PERSON: quote(visit.person.name)},
            numbers=known[0],
        )

    return router


def look(parts: ConsoleParts, now: datetime) -> Numbers:
    """Count what the bar says."""
    warnings = parts.desk.warnings(WarningQuery(states=AWAITING, limit=MOST_WARNINGS))
    status = parts.health.status()
    return Numbers(
        at=now,
        open=parts.desk.count(AlertQuery(states=OPEN)),
        drafts=sum(each.state is WarningState.DRAFT for each in warnings),
        late=sum(_is_late(each, now) for each in warnings),
        jobs=sum(job.finished is None for job in parts.desk.jobs(MOST_JOBS)),
        ready=status.ready,
        problems=len(status.problems),
        resting=parts.health.resting(),
    )


def _is_late(warning: AgencyWarning, now: datetime) -> bool:
    """Whether an answer was due; a draft has nobody to wait for."""
    due = None if warning.state is WarningState.DRAFT else warning.acknowledge_by
    return due is not None and due <= now
