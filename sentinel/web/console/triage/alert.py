"""An alert's page, in the order an analyst asks.

Why did it fire? How bad, and why? When? What else is known? Who was told? What can I do? What
takes long to find (its events) comes on demand, so that a slow store never keeps the page back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from sentinel.errors import NotFound, SentinelError
from sentinel.model.alert import Alert
from sentinel.model.event import Event
from sentinel.model.ids import AlertId, SuppressionId
from sentinel.model.suppression import Suppression
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.triage.acting import CLOSINGS
from sentinel.web.console.triage.dossier import dossier
from sentinel.web.console.triage.hits import hits
from sentinel.web.console.triage.links import alert_path
from sentinel.web.console.triage.moments import to_the_second
from sentinel.web.console.triage.queue import job_of
from sentinel.web.console.triage.rows import QueueRow, queue_row
from sentinel.web.console.triage.timeline import Timeline, timeline
from sentinel.web.console.view import View
from sentinel.web.console.visit import Acting, Here, Visit

EVENTS = 200  # events that are listed at once
COUNTED = 2000  # events that the time line counts
MINUTES = (5, 15, 60, 360, 1440)
USUAL = 15
_EDGE = timedelta(minutes=1)
OF_THE_PAGE = "HX-Request"  # htmx asks for a part of a page


def alert_routes(parts: ConsoleParts, view: View) -> APIRouter:
    """One alert, its events, and the beginning of a warning."""
    router = APIRouter()
    _add_page(router, parts, view)
    _add_events(router, parts, view)
    return router


def _add_page(router: APIRouter, parts: ConsoleParts, view: View) -> None:
    @router.get("/alerts/{alert_id}")
    def alert(
        visit: Here,
        alert_id: str,
        job: Annotated[str, Query()] = "",
        hidden: Annotated[str, Query()] = "",
    ) -> HTMLResponse:
        """Show one alert; `job` is what was just done, `hidden` a suppression just begun."""
        found = parts.desk.alert(AlertId(alert_id))
        return view.page(
            "alert.html",
            visit,
            it=dossier(parts, visit, found),
            closings=CLOSINGS,
            minutes=MINUTES,
            moment=to_the_second,
            usual=USUAL,
            job=job_of(parts, job),
            hidden=_suppression(parts, hidden),
        )

    @router.post("/alerts/{alert_id}/warn")
    def warn(visit: Acting, alert_id: str) -> Response:
        """Begin a warning."""
        draft = parts.desk.draft(AlertId(alert_id), visit.person.name)
        return RedirectResponse(f"/warnings/{draft.id}", HTTPStatus.SEE_OTHER)


def _suppression(parts: ConsoleParts, name: str) -> Suppression | None:
    try:
        return parts.suppressing.suppression(SuppressionId(name))[-1] if name else None
    except NotFound:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Events, or why there are none: `failure` is a sentence. `more`: there are others."""

    events: Sequence[Event] = ()
    more: bool = False
    failure: str = ""


def _add_events(router: APIRouter, parts: ConsoleParts, view: View) -> None:
    @router.get("/alerts/{alert_id}/events")
    def events(
        request: Request,
        visit: Here,
        alert_id: str,
        minutes: Annotated[int, Query(ge=0, le=1440)] = USUAL,
    ) -> HTMLResponse:
        """List what else happened to the same subject around that time."""
        alert = parts.desk.alert(AlertId(alert_id))
        found = _around(parts, alert, minutes, EVENTS)
        return view.page(
            "events_part.html" if OF_THE_PAGE in request.headers else "events.html",
            visit,
            row=_row(parts, visit, alert),
            here=alert_path(alert.id),
            found=found,
            kept={evidence.event for evidence in alert.evidence},
            lines=[(event, hits(event.raw, alert.subject.values())) for event in found.events],
            chosen=minutes,
            minutes=MINUTES,
            moment=to_the_second,
        )

    @router.get("/alerts/{alert_id}/timeline")
    def times(request: Request, visit: Here, alert_id: str) -> HTMLResponse:
        """Draw when it happened."""
        alert = parts.desk.alert(AlertId(alert_id))
        found = _around(parts, alert, _EDGE // timedelta(minutes=1), COUNTED)
        return view.page(
            "timeline_part.html" if OF_THE_PAGE in request.headers else "timeline.html",
            visit,
            row=_row(parts, visit, alert),
            here=alert_path(alert.id),
            found=found,
            line=_timeline(alert, found),
            moment=to_the_second,
        )


def _row(parts: ConsoleParts, visit: Visit, alert: Alert) -> QueueRow:
    agencies = {agency.id: agency for agency in parts.desk.agencies()}
    return queue_row(alert, agencies, parts.deadlines, visit.language)


def _around(parts: ConsoleParts, alert: Alert, minutes: int, limit: int) -> Found:
    """The events around an alert; a store that cannot answer is a sentence, not an error."""
    try:
        events = parts.finder.events_around(alert, minutes, limit + 1)
    except SentinelError as error:
        return Found(failure=str(error))
    return Found(events=events[:limit], more=len(events) > limit)


def _timeline(alert: Alert, found: Found) -> Timeline:
    evidence = [line.at for line in alert.evidence]
    # Newest first: where not all could be read, the line begins with the oldest that was.
    times = [event.at for event in found.events]
    begin = min(times) if found.more and times else alert.first_seen
    return timeline(times, evidence, begin, alert.last_seen)
