"""The numbers in the top bar: what waits, what is late, what is under way, how the service is.

Every open page asks for them by itself, so they keep no session alive.
"""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from sentinel.model.alert import AlertState
from sentinel.model.warning import WarningState
from sentinel.ports import AlertQuery, WarningQuery
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.view import View
from sentinel.web.console.visit import HEADER, Looking

OPEN = frozenset(AlertState) - {AlertState.CLOSED}
AWAITING = frozenset({WarningState.DRAFT, WarningState.APPROVED, WarningState.SENT})
MOST_WARNINGS = 500  # newest ones that are looked at
MOST_JOBS = 50
PERSON = "X-Person"


def glance_routes(parts: ConsoleParts, view: View) -> APIRouter:
    """Make the route."""
    router = APIRouter()

    @router.get("/glance")
    def glance(visit: Looking) -> HTMLResponse:
        warnings = parts.desk.warnings(WarningQuery(states=AWAITING, limit=MOST_WARNINGS))
        status = parts.health.status()
        return view.page(
            "glance.html",
            visit,
            # A page that outlived its session takes up the next one of the same person.
            headers={HEADER: visit.csrf, PERSON: quote(visit.person.name)},
            open=parts.desk.count(AlertQuery(states=OPEN)),
            drafts=sum(each.state is WarningState.DRAFT for each in warnings),
            late=sum(
                each.state is not WarningState.DRAFT
                and each.acknowledge_by is not None
                and each.acknowledge_by <= visit.now
                for each in warnings
            ),
            jobs=sum(job.finished is None for job in parts.desk.jobs(MOST_JOBS)),
            ready=status.ready,
            problems=len(status.problems),
        )

    return router
