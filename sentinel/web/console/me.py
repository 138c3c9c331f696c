"""What is one's own: language, colours, password."""

from __future__ import annotations

import time
from dataclasses import replace
from http import HTTPStatus
from math import ceil
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from sentinel.errors import NotAllowed
from sentinel.i18n import texts
from sentinel.model.person import Theme
from sentinel.model.text import Language
from sentinel.web.console.entry import give_cookie, wait_words
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.paths import HOME, local
from sentinel.web.console.throttle import Throttle
from sentinel.web.console.told import told
from sentinel.web.console.view import DOMAIN, View
from sentinel.web.console.visit import ActingEarly, Here, HereEarly, Visit


def own_routes(parts: ConsoleParts, view: View, throttle: Throttle | None = None) -> APIRouter:
    """Make the routes below /me. `throttle` counts wrong old passwords; a new one by default."""
    router = APIRouter()
    pages = _Own(parts, view, throttle or Throttle(time.monotonic))
    router.add_api_route("/me", pages.show, methods=["GET"])
    router.add_api_route("/me/preferences", pages.prefer, methods=["POST"])
    router.add_api_route("/me/password", pages.show_password, methods=["GET"])
    router.add_api_route("/me/password", pages.change_password, methods=["POST"])
    return router


class _Own:
    def __init__(self, parts: ConsoleParts, view: View, throttle: Throttle) -> None:
        self._accounts = parts.accounts
        self._view = view
        self._throttle = throttle

    def show(self, visit: Here) -> HTMLResponse:
        """Show the form of one's habits."""
        return self._view.page("me.html", visit)

    def prefer(
        self,
        visit: ActingEarly,
        language: Annotated[str | None, Form()] = None,
        theme: Annotated[Theme | None, Form()] = None,
        next: Annotated[str, Form()] = "/me",  # noqa: A002 - the form's word
    ) -> Response:
        """Keep what is given and leave the rest as it is; a language of "" is the browser's."""
        preferences = visit.person.preferences
        if language is not None:
            known = language in set(Language)
            preferences = replace(preferences, language=Language(language) if known else None)
        if theme is not None:
            preferences = replace(preferences, theme=theme)
        self._accounts.prefer(visit.person.name, preferences)
        return RedirectResponse(local(next), HTTPStatus.SEE_OTHER)

    def show_password(self, visit: HereEarly) -> HTMLResponse:
        """Show the form of a new password."""
        return self._form(visit)

    def change_password(
        self,
        request: Request,
        visit: ActingEarly,
        old: Annotated[str, Form()] = "",
        new: Annotated[str, Form()] = "",
        again: Annotated[str, Form()] = "",
    ) -> Response:
        """Change it; the session goes on under a new cookie, every other one ends."""
        _ = texts(visit.language, DOMAIN).gettext
        if new != again:
            return self._form(visit, again_fault=_("This is not the same as above."))
        # Whoever found a console unlocked must not find out the password as well.
        address = "" if request.client is None else request.client.host
        wait = ceil(self._throttle.attempt(visit.person.name, address))
        if wait > 0:
            return self._wait(visit, wait)
        try:
            token = self._accounts.change_password(visit.token, old, new)
        except NotAllowed as refused:
            return self._form(visit, fault=told(refused, visit.language))
        self._throttle.right(visit.person.name, address)
        after = HOME if visit.person.must_change else "/me"
        response = RedirectResponse(after, HTTPStatus.SEE_OTHER)
        give_cookie(response, token)
        return response

    def _wait(self, visit: Visit, seconds: int) -> Response:
        page = self._form(visit, fault=wait_words(seconds, visit.language))
        page.status_code = HTTPStatus.TOO_MANY_REQUESTS
        page.headers["Retry-After"] = str(seconds)
        return page

    def _form(self, visit: Visit, fault: str = "", again_fault: str = "") -> HTMLResponse:
        refused = bool(fault or again_fault)
        return self._view.page(
            "password.html",
            visit,
            HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
            fault=fault,
            again_fault=again_fault,
        )
