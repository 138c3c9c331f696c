"""The door: logging in, logging out.

Whatever was wrong with a log-in, the answer is the same; whoever guesses waits longer each time.
The cookie has no end of its own (the session on our side has) and is new at every log-in, so one
that somebody planted beforehand opens nothing.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from math import ceil
from threading import BoundedSemaphore
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from sentinel.errors import NotAllowed
from sentinel.i18n import texts
from sentinel.model.text import Language
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.paths import local
from sentinel.web.console.throttle import Throttle
from sentinel.web.console.view import DOMAIN, View
from sentinel.web.console.visit import CHANGE_PASSWORD, COOKIE, ActingEarly, guest, recognise

LOG_IN = "/login"
LONGEST_NAME = 64
LONGEST_PASSWORD = 1024
# A password takes a tenth of a second to check. Whoever is logged in must find a thread while
# strangers at a thousand addresses guess; who comes too many is sent away.
AT_THE_DOOR = 6


def entry_routes(parts: ConsoleParts, view: View, throttle: Throttle | None = None) -> APIRouter:
    """Make the routes. `throttle` counts wrong log-ins; a new one by default."""
    router = APIRouter()
    door = _Door(parts, view, throttle or Throttle(time.monotonic))
    router.add_api_route(LOG_IN, door.show, methods=["GET"])
    router.add_api_route(LOG_IN, door.log_in, methods=["POST"])
    router.add_api_route("/logout", door.log_out, methods=["POST"])
    return router


def give_cookie(response: Response, token: str) -> None:
    """Let the browser keep the session's token until it is closed, and tell no script of it."""
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="lax")


class _Door:
    def __init__(self, parts: ConsoleParts, view: View, throttle: Throttle) -> None:
        self._accounts = parts.accounts
        self._view = view
        self._throttle = throttle
        self._room = BoundedSemaphore(AT_THE_DOOR)

    def show(self, request: Request, next: str = "") -> Response:  # noqa: A002 - the link's word
        """Show the form; whoever is logged in goes on."""
        if recognise(request, acting=False) is not None:
            return RedirectResponse(local(next), HTTPStatus.SEE_OTHER)
        return self._form(request, HTTPStatus.OK, "", next, "")

    def log_in(
        self,
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "",  # noqa: A002 - the form's word
    ) -> Response:
        """Begin a session and go on to `next`."""
        if not self._room.acquire(blocking=False):
            return self._crowded(request, name, next)
        try:
            return self._let_in(request, name, password, next)
        finally:
            self._room.release()

    def _let_in(self, request: Request, name: str, password: str, onward: str) -> Response:
        _ = texts(guest(request).language, DOMAIN).gettext
        address = "" if request.client is None else request.client.host
        wait = self._throttle.attempt(name, address)
        if wait > 0:
            return self._wait(request, name, onward, ceil(wait))
        try:
            token, person = self._accounts.log_in(name, password)
        except NotAllowed:
            fault = _("The name or the password is wrong, or the account is closed.")
            return self._form(request, HTTPStatus.FORBIDDEN, name, onward, fault)
        self._throttle.right(name, address)
        before = request.cookies.get(COOKIE, "")
        if before:
            self._accounts.log_out(before)
        after = CHANGE_PASSWORD if person.must_change else local(onward)
        response = RedirectResponse(after, HTTPStatus.SEE_OTHER)
        give_cookie(response, token)
        return response

    def log_out(self, visit: ActingEarly) -> Response:
        """End the session here and in the browser."""
        self._accounts.log_out(visit.token)
        response = RedirectResponse(LOG_IN, HTTPStatus.SEE_OTHER)
        response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
        return response

    def _crowded(self, request: Request, name: str, onward: str) -> Response:
        _ = texts(guest(request).language, DOMAIN).gettext
        fault = _("Too many people are logging in at this moment. Please try again.")
        page = self._form(request, HTTPStatus.SERVICE_UNAVAILABLE, name, onward, fault)
        page.headers["Retry-After"] = "1"
        return page

    def _wait(self, request: Request, name: str, onward: str, seconds: int) -> Response:
        language = guest(request).language
        fault = wait_words(seconds, language)
        page = self._form(request, HTTPStatus.TOO_MANY_REQUESTS, name, onward, fault)
        page.headers["Retry-After"] = str(seconds)
        return page

    def _form(
        self, request: Request, status: HTTPStatus, name: str, onward: str, fault: str
    ) -> Response:
        return self._view.page(
            "login.html",
            guest(request),
            status,
            name=name[:LONGEST_NAME],
            next=local(onward),
            fault=fault,
        )


def wait_words(seconds: int, language: Language) -> str:
    """Say how long to wait before the next attempt."""
    catalogue = texts(language, DOMAIN)
    if seconds < 60:  # noqa: PLR2004 - a minute
        span = catalogue.ngettext("{n} second", "{n} seconds", seconds).format(n=seconds)
    else:
        minutes = ceil(seconds / 60)
        span = catalogue.ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    _ = catalogue.gettext
    return _("Too many attempts. Please try again in {span}.").format(span=span)
