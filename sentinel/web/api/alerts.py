"""The API's alerts: the queue, one alert, its events, and what may be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request

from sentinel.model.event import Event
from sentinel.model.ids import AlertId
from sentinel.ports import Desk, EventFinder, WarningQuery
from sentinel.web.api import shapes, shaping
from sentinel.web.api.asking import AlertFilter, Ask, Closing, ContextFilter, EvidenceFilter, Note
from sentinel.web.api.routing import CHANGED, FOUND, AlertPath, Caller, cut, guarded, speak

NO_NOTE = Note()


def alert_routes(desk: Desk, finder: EventFinder) -> APIRouter:
    """Everything below /alerts."""
    router = guarded("alerts")
    _add_reading(router, desk)
    _add_events(router, desk, finder)
    _add_actions(router, desk)
    return router


def _detail(desk: Desk, request: Request, ask: Ask, alert_id: AlertId) -> shapes.AlertDetail:
    warnings = desk.warnings(WarningQuery(alert=alert_id))
    return shaping.alert_detail(desk.alert(alert_id), warnings, speak(request, ask))


def _add_reading(router: APIRouter, desk: Desk) -> None:
    @router.get("/alerts")
    def alerts(request: Request, ask: Annotated[AlertFilter, Query()]) -> shapes.AlertList:
        """List alerts, by score unless asked otherwise, and say how many fit in all."""
        query = ask.query(order=ask.order, skip=ask.skip, limit=ask.limit)
        found, total = desk.alerts(query), desk.count(query)
        language = speak(request, ask)
        return shapes.AlertList(
            alerts=[shaping.alert_shape(alert, language) for alert in found],
            total=total,
            more=ask.skip + len(found) < total,
        )

    @router.get("/alerts/{alert_id}", responses=FOUND)
    def alert(
        request: Request, alert_id: AlertPath, ask: Annotated[Ask, Query()]
    ) -> shapes.AlertDetail:
        """Show one alert: rule, reasons of the score, evidence, history, who was told."""
        return _detail(desk, request, ask, AlertId(alert_id))


def _add_events(router: APIRouter, desk: Desk, finder: EventFinder) -> None:
    @router.get("/alerts/{alert_id}/events", responses=FOUND)
    def alert_events(
        alert_id: AlertPath, ask: Annotated[EvidenceFilter, Query()]
    ) -> shapes.EventList:
        """List the events that are the alert's evidence, oldest first."""
        events = finder.events_of(desk.alert(AlertId(alert_id)), ask.limit + 1)
        return _event_list(events, ask.limit)

    @router.get("/alerts/{alert_id}/context", responses=FOUND)
    def alert_context(
        alert_id: AlertPath, ask: Annotated[ContextFilter, Query()]
    ) -> shapes.EventList:
        """List what else happened to the same subject around the alert's time, newest first."""
        alert = desk.alert(AlertId(alert_id))
        return _event_list(finder.events_around(alert, ask.minutes, ask.limit + 1), ask.limit)


def _event_list(events: Sequence[Event], limit: int) -> shapes.EventList:
    found, more = cut(events, limit)
    return shapes.EventList(events=[shaping.event_shape(event) for event in found], more=more)


def _add_actions(router: APIRouter, desk: Desk) -> None:
    @router.post("/alerts/{alert_id}/acknowledge", responses=CHANGED)
    def acknowledge(
        request: Request,
        alert_id: AlertPath,
        caller: Caller,
        ask: Annotated[Ask, Query()],
        body: Annotated[Note, Body()] = NO_NOTE,
    ) -> shapes.AlertDetail:
        """Say that somebody has seen it."""
        desk.acknowledge(AlertId(alert_id), caller, body.note)
        return _detail(desk, request, ask, AlertId(alert_id))

    @router.post("/alerts/{alert_id}/take", responses=CHANGED)
    def take(
        request: Request,
        alert_id: AlertPath,
        caller: Caller,
        ask: Annotated[Ask, Query()],
        body: Annotated[Note, Body()] = NO_NOTE,
    ) -> shapes.AlertDetail:
        """Say that the caller works on it; what another one works on is taken over."""
        desk.take(AlertId(alert_id), caller, body.note)
        return _detail(desk, request, ask, AlertId(alert_id))

    @router.post("/alerts/{alert_id}/close", responses=CHANGED)
    def close(
        request: Request,
        alert_id: AlertPath,
        caller: Caller,
        ask: Annotated[Ask, Query()],
        body: Closing,
    ) -> shapes.AlertDetail:
        """Close it, and say why."""
        desk.close(AlertId(alert_id), caller, body.disposition, body.reason)
        return _detail(desk, request, ask, AlertId(alert_id))

    @router.post("/alerts/{alert_id}/warn", responses=CHANGED)
    def warn(
        request: Request, alert_id: AlertPath, caller: Caller, ask: Annotated[Ask, Query()]
    ) -> shapes.WarningDetail:
        """Begin a warning about it: a draft, which nobody gets before it is approved."""
        return shaping.warning_detail(desk.draft(AlertId(alert_id), caller), speak(request, ask))
