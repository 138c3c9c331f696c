"""Filters that a person keeps under a name, and the one they begin with."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from sentinel.model.person import Preferences
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.triage.links import queue_path
from sentinel.web.console.triage.queue import DOMAIN, Asked, queue_page, understood
from sentinel.web.console.view import View, say
from sentinel.web.console.visit import Acting, Visit

LONGEST_NAME = 40
MOST = 20


def view_routes(parts: ConsoleParts, view: View) -> APIRouter:
    """Keep, forget, begin with."""
    router = APIRouter()

    @router.post("/views")
    def keep(
        visit: Acting, name: Annotated[str, Form()] = "", q: Annotated[str, Form()] = ""
    ) -> Response:
        """Keep a filter under a name; one of the same name is replaced."""
        own = visit.person.preferences
        tidy = _tidy(name)
        fault = _fault(visit, tidy, q)
        return _answer(
            parts, view, visit, q=q, own=replace(own, views={**own.views, tidy: q}), fault=fault
        )

    @router.post("/views/delete")
    def forget(
        visit: Acting, name: Annotated[str, Form()] = "", q: Annotated[str, Form()] = ""
    ) -> Response:
        """Forget a view, if it is there."""
        own = visit.person.preferences
        kept = {known: text for known, text in own.views.items() if known != name}
        return _answer(parts, view, visit, q=q, own=replace(own, views=kept))

    @router.post("/views/default")
    def begin_with(visit: Acting, q: Annotated[str, Form()] = "") -> Response:
        """Make a filter the one that the queue begins with."""
        fault = _not_understood(visit, q)
        own = visit.person.preferences
        return _answer(parts, view, visit, q=q, own=replace(own, filter=q), fault=fault)

    return router


def _answer(
    parts: ConsoleParts, view: View, visit: Visit, *, q: str, own: Preferences, fault: str = ""
) -> Response:
    """Keep the preferences and lead to the queue, or show it with what is wrong."""
    if fault:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return queue_page(parts, view, visit, Asked(text=q), status=status, fault=fault)
    parts.accounts.prefer(visit.person.name, own)
    return RedirectResponse(queue_path(q), HTTPStatus.SEE_OTHER)


def _fault(visit: Visit, name: str, q: str) -> str:
    """Why a filter cannot be kept under this name; "" where it can."""
    views = visit.person.preferences.views
    if not 1 <= len(name) <= LONGEST_NAME:
        words = say(visit.language, DOMAIN, "The name of a view has 1 to {n} characters.")
        return words.format(n=LONGEST_NAME)
    if name not in views and len(views) >= MOST:
        words = say(visit.language, DOMAIN, "There are {n} views already: forget one first.")
        return words.format(n=MOST)
    return _not_understood(visit, q)


def _not_understood(visit: Visit, q: str) -> str:
    if not understood(q, visit).faults:
        return ""
    return say(visit.language, DOMAIN, "Not kept: the filter is not understood.")


def _tidy(name: str) -> str:
    """One line, composed, nothing invisible."""
    seen = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", name)
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    return " ".join(seen.split())
