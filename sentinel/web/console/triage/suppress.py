"""Hiding what an alert is an example of: for a while, for a reason, and seen before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from sentinel.errors import NotAllowed
from sentinel.model.alert import Alert, Disposition
from sentinel.model.ids import AlertId
from sentinel.model.job import AlertAction
from sentinel.ports import AlertQuery, Order
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.triage.acting import CLOSINGS
from sentinel.web.console.triage.filtering import OPEN
from sentinel.web.console.triage.hiding import (
    DAY,
    SPANS,
    HideForm,
    end_of,
    scope_of,
    ticked,
)
from sentinel.web.console.triage.links import alert_path, back_to
from sentinel.web.console.triage.queue import DOMAIN
from sentinel.web.console.triage.rows import queue_row, queue_rows
from sentinel.web.console.view import View, say
from sentinel.web.console.visit import Acting, Here, Visit

DAYS = 30  # how far the preview looks back
LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What is wrong with the form, in the reader's words; "" where nothing is."""

    end: str = ""
    reason: str = ""
    disposition: str = ""
    order: str = ""

    def __bool__(self) -> bool:
        return any((self.end, self.reason, self.disposition, self.order))


def suppress_routes(parts: ConsoleParts, view: View) -> APIRouter:
    """The form and what it does."""
    router = APIRouter()

    @router.get("/alerts/{alert_id}/suppress")
    def form(visit: Here, alert_id: str) -> HTMLResponse:
        """Show the form, as narrow as the alert."""
        alert = parts.desk.alert(AlertId(alert_id))
        return _Hiding(parts, view, visit, alert, HideForm()).page()

    @router.post("/alerts/{alert_id}/suppress")
    def suppress(visit: Acting, alert_id: str, form: Annotated[HideForm, Form()]) -> Response:
        """Hide, or show what would be hidden."""
        alert = parts.desk.alert(AlertId(alert_id))
        hiding = _Hiding(parts, view, visit, alert, form)
        return hiding.page() if form.do == "look" else hiding.done()

    return router


class _Hiding:
    """One form about one alert."""

    def __init__(
        self, parts: ConsoleParts, view: View, visit: Visit, alert: Alert, form: HideForm
    ) -> None:
        self._parts = parts
        self._view = view
        self._visit = visit
        self._alert = alert
        self._form = form
        self._scope = scope_of(form, alert)

    def done(self) -> Response:
        """Hide, close what is asked to be closed, and lead back to the alert."""
        until = end_of(self._form, self._visit.now, self._visit.zone)
        faults = self._faults(until)
        if faults or until is None:
            return self.page(faults)
        who, reason = self._visit.person.name, self._form.reason
        try:
            hidden = self._parts.suppressing.suppress(self._scope, who, reason, until)
        except NotAllowed as refusal:
            return self.page(Faults(order=str(refusal)))
        job = self._close(who, reason) if self._form.close == "yes" else ""
        path = back_to(alert_path(self._alert.id), hidden=hidden.id, job=job)
        return RedirectResponse(path, HTTPStatus.SEE_OTHER)

    def page(self, faults: Faults | None = None) -> HTMLResponse:
        """The form with what was typed, what is wrong, and what it would have hidden."""
        count, alerts = self._parts.suppressing.would_hide(self._scope, DAYS, LISTED)
        agencies = self._parts.desk.agencies()
        language, deadlines = self._visit.language, self._parts.deadlines
        known = {agency.id: agency for agency in agencies}
        return self._view.page(
            "suppress.html",
            self._visit,
            HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
            alert=self._alert,
            row=queue_row(self._alert, known, deadlines, language),
            here=alert_path(self._alert.id),
            form=self._form,
            faults=faults or Faults(),
            ticked=ticked(self._form, self._alert),
            would=_Would(count=count, rows=queue_rows(alerts, agencies, deadlines, language)),
            open_now=self._parts.desk.count(self._open()),
            days=DAYS,
            spans=tuple(SPANS),
            by_day=DAY,
            closings=CLOSINGS,
        )

    def _open(self) -> AlertQuery:
        return AlertQuery(states=OPEN, scope=self._scope)

    def _close(self, who: str, reason: str) -> str:
        order = Order(
            action=AlertAction.CLOSE,
            alerts=self._open(),
            who=who,
            note=reason,
            disposition=_closing(self._form),
        )
        return self._parts.desk.act(order).id

    def _faults(self, until: datetime | None) -> Faults:
        language = self._visit.language
        faults = Faults()
        if until is None:
            words = say(language, DOMAIN, "Choose an end, or give a day.")
            faults = replace(faults, end=words)
        if not self._form.reason.strip():
            faults = replace(faults, reason=say(language, DOMAIN, "Write at least a word."))
        if self._form.close == "yes" and _closing(self._form) is None:
            faults = replace(faults, disposition=say(language, DOMAIN, "Choose one of these."))
        return faults


@dataclass(frozen=True, slots=True, kw_only=True)
class _Would:
    """What the scope would have hidden: how many, and the newest few."""

    count: int
    rows: Sequence[object]


def _closing(form: HideForm) -> Disposition | None:
    return next((each for each in CLOSINGS if each.value == form.disposition), None)
