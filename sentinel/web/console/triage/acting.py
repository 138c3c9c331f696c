"""What is done with alerts, one or a hundred thousand: asked for exactly, answered exactly.

A form names alerts, or asks for all that fit a filter and says how many these were when it was
made. What needs a reason is asked for on a page of its own, in a sentence that names the count.
Its address says what it asks about, so that a reload, the back button and a log-in lead to it;
nothing that was typed is lost when something is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from sentinel.errors import NotAllowed, NotFound
from sentinel.model.alert import Alert, Disposition
from sentinel.model.ids import AlertId
from sentinel.model.job import AlertAction
from sentinel.ports import AlertQuery, Desk, Order
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.paths import LONGEST
from sentinel.web.console.triage.links import back_to
from sentinel.web.console.triage.queue import DOMAIN, Asked, queue_page, understood
from sentinel.web.console.triage.rows import queue_rows
from sentinel.web.console.view import View, say, say_number
from sentinel.web.console.visit import Acting, Here, Visit

NAMED = 5  # alerts that are named before they are closed
# "resolved-by-system" is the system's own.
CLOSINGS = tuple(each for each in Disposition if each is not Disposition.RESOLVED)
_ACTIONS = {each.value: each for each in AlertAction if each is not AlertAction.UNDO}
_ASKING = frozenset({AlertAction.CLOSE, AlertAction.NOTE})
ACT = "/alerts/act"


class ActForm(BaseModel):
    """What a form says, as it came. `expected` is how many `all` were; `asked`: it has a reason."""

    action: str = ""
    ids: list[str] = []
    all: str = ""
    q: str = ""
    expected: str = ""
    note: str = ""
    disposition: str = ""
    back: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """The alerts that are meant, how many they are, and the first few to be named."""

    alerts: AlertQuery | tuple[AlertId, ...]
    count: int
    first: Sequence[Alert]


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What is wrong with an order, in the reader's words; "" where nothing is."""

    count: str = ""
    disposition: str = ""
    note: str = ""
    order: str = ""

    def __bool__(self) -> bool:
        return any((self.count, self.disposition, self.note, self.order))


def acting_routes(parts: ConsoleParts, view: View) -> APIRouter:
    """The one form that changes alerts."""
    router = APIRouter()

    @router.post(ACT)
    def act(visit: Acting, form: Annotated[ActForm, Form()]) -> Response:
        """Do it, or ask for what is missing."""
        return _Doing(parts, view, visit, form).answer()

    @router.get(ACT)
    def ask(visit: Here, form: Annotated[ActForm, Query()]) -> Response:
        """Ask for what is missing; change nothing."""
        return _Doing(parts, view, visit, form).question()

    return router


class _Doing:
    """One form on its way to an order."""

    def __init__(self, parts: ConsoleParts, view: View, visit: Visit, form: ActForm) -> None:
        self._parts = parts
        self._view = view
        self._visit = visit
        self._form = form
        self._back = back_to(form.back)

    def answer(self) -> Response:
        """The job's beginning, or the page that says what is missing."""
        action = _ACTIONS.get(self._form.action)
        if action is None:
            return self._queue(self._say("What should be done with the alerts was not said."))
        parsed = understood(self._form.q, self._visit)
        if self._form.all == "yes" and parsed.faults:
            return self._queue(self._say("Nothing was done: the filter is not understood."))
        meant = _meant(self._parts.desk, self._form, parsed.query)
        if not meant.count:
            return self._queue(self._say("Nothing was done: no alert is selected."))
        faults = self._faults(action, meant)
        if action in _ASKING and not self._form.asked:
            address = self._address()
            if len(address) <= LONGEST:
                return RedirectResponse(address, HTTPStatus.SEE_OTHER)
            return self._ask(action, meant, faults)
        return self._ask(action, meant, faults) if faults else self._do(action, meant)

    def question(self) -> Response:
        """The page that asks; what it cannot be about leads back to where one was."""
        action = _ACTIONS.get(self._form.action)
        parsed = understood(self._form.q, self._visit)
        if action is None or (self._form.all == "yes" and parsed.faults):
            return RedirectResponse(self._back, HTTPStatus.SEE_OTHER)
        meant = _meant(self._parts.desk, self._form, parsed.query)
        if not meant.count:
            return RedirectResponse(self._back, HTTPStatus.SEE_OTHER)
        return self._ask(action, meant, self._faults(action, meant))

    def _address(self) -> str:
        """Where the question is asked: the order without what is still missing."""
        form = self._form
        order = [("action", form.action), ("q", form.q), ("back", self._back)]
        if form.all == "yes":
            order += [("all", form.all), ("expected", form.expected)]
        else:
            order += [("ids", each) for each in form.ids]
        return f"{ACT}?{urlencode(order, errors='replace')}"

    def _do(self, action: AlertAction, meant: Meant) -> Response:
        order = Order(
            action=action,
            alerts=meant.alerts,
            who=self._visit.person.name,
            note=self._form.note,
            disposition=_closing(self._form) if action is AlertAction.CLOSE else None,
            filter=self._form.q if self._form.all == "yes" else "",
        )
        try:
            job = self._parts.desk.act(order)
        except NotAllowed as refusal:
            return self._ask(action, meant, Faults(order=str(refusal)))
        return RedirectResponse(back_to(self._back, job=job.id), HTTPStatus.SEE_OTHER)

    def _faults(self, action: AlertAction, meant: Meant) -> Faults:
        """What is wrong; what a first form could not know yet is not."""
        faults = Faults()
        if self._form.all == "yes" and self._form.expected != str(meant.count):
            words = say_number(
                self._visit.language,
                DOMAIN,
                "Meanwhile it is {n} alert that fits this filter. Look before you go on.",
                "Meanwhile it is {n} alerts that fit this filter. Look before you go on.",
                meant.count,
            )
            faults = replace(faults, count=words.format(n=meant.count))
        if not self._form.asked:
            return faults
        if action is AlertAction.CLOSE and _closing(self._form) is None:
            faults = replace(faults, disposition=self._say("Choose one of these."))
        if action in _ASKING and not self._form.note.strip():
            faults = replace(faults, note=self._say("Write at least a word."))
        return faults

    def _ask(self, action: AlertAction, meant: Meant, faults: Faults) -> Response:
        rows = queue_rows(
            meant.first, self._parts.desk.agencies(), self._parts.deadlines, self._visit.language
        )
        return self._view.page(
            "ask.html",
            self._visit,
            HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
            action=action.value,
            count=meant.count,
            rows=rows,
            form=self._form,
            faults=faults,
            back=self._back,
            closings=CLOSINGS,
        )

    def _queue(self, fault: str) -> Response:
        asked = Asked(text=self._form.q)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return queue_page(self._parts, self._view, self._visit, asked, status=status, fault=fault)

    def _say(self, text: str) -> str:
        return say(self._visit.language, DOMAIN, text)


def _closing(form: ActForm) -> Disposition | None:
    return next((each for each in CLOSINGS if each.value == form.disposition), None)


def _meant(desk: Desk, form: ActForm, query: AlertQuery) -> Meant:
    if form.all == "yes":
        count = desk.count(query)
        return Meant(alerts=query, count=count, first=desk.alerts(replace(query, limit=NAMED)))
    ids = tuple(AlertId(each) for each in dict.fromkeys(form.ids))
    first = [alert for each in ids[:NAMED] if (alert := _known(desk, each)) is not None]
    return Meant(alerts=ids, count=len(ids), first=first)


def _known(desk: Desk, alert: AlertId) -> Alert | None:
    try:
        return desk.alert(alert)
    except NotFound:
        return None
