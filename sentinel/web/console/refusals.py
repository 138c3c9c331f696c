"""Every answer that is not the page one asked for: a sentence, and the way back.

What we know of whoever asks is used (language, theme, top bar), but nothing of an error of ours
is told: the service's log has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from sentinel.errors import InputError, NotAllowed, NotFound
from sentinel.i18n import texts
from sentinel.web.console.paths import log_in_first, path_of
from sentinel.web.console.told import told
from sentinel.web.console.view import DOMAIN, View
from sentinel.web.console.visit import (
    AdminsOnly,
    Forged,
    Guest,
    LogInFirst,
    Redirected,
    Visit,
    came_from,
    guest,
    recognise,
)
from sentinel.web.headers import ALWAYS, NOTHING

LONGEST_FOUND = 100  # characters of what was sent that are said back


def add_refusals(app: FastAPI, refusals: Refusals) -> None:
    """Let the application answer errors with these pages."""
    app.add_exception_handler(Redirected, _redirected)
    app.add_exception_handler(Forged, refusals.forged)
    app.add_exception_handler(AdminsOnly, refusals.admins_only)
    app.add_exception_handler(NotFound, refusals.not_found)
    app.add_exception_handler(NotAllowed, refusals.not_allowed)
    app.add_exception_handler(InputError, refusals.not_readable)
    app.add_exception_handler(RequestValidationError, refusals.not_our_form)
    app.add_exception_handler(HTTPException, refusals.refused)
    app.add_exception_handler(Exception, _failed)


class Refusals:
    """Makes the pages; each handler is a plain function that the framework runs in a thread."""

    def __init__(self, view: View) -> None:
        self._view = view

    def forged(self, request: Request, error: Exception | None = None) -> Response:
        """Answer a form from elsewhere, or one that is older than its session."""
        del error
        _ = _gettext(request)
        sentence = _(
            "The form did not come from a page of this session. Open the page again and send it"
            " from there; what you typed stays in this tab."
        )
        return self._page(request, HTTPStatus.FORBIDDEN, _("Nothing was changed"), sentence)

    def admins_only(self, request: Request, error: Exception) -> Response:
        """Answer an analyst who asks for what is an admin's."""
        del error
        _ = _gettext(request)
        sentence = _("This is for admins. Ask one of them, or log in as one.")
        return self._page(request, HTTPStatus.FORBIDDEN, _("Not yours to open"), sentence)

    def not_found(self, request: Request, error: Exception) -> Response:
        """Answer a name of something that is not there."""
        _ = _gettext(request)
        return self._page(
            request,
            HTTPStatus.NOT_FOUND,
            _("There is no such thing"),
            told(error, _visitor(request).language),
        )

    def not_allowed(self, request: Request, error: Exception) -> Response:
        """Answer what the state of a thing forbids."""
        _ = _gettext(request)
        return self._page(
            request,
            HTTPStatus.CONFLICT,
            _("Nothing was changed"),
            told(error, _visitor(request).language),
        )

    def not_readable(self, request: Request, error: Exception) -> Response:
        """Answer something a person wrote that cannot be read, with all its faults."""
        _ = _gettext(request)
        return self._page(
            request,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            _("Nothing was changed"),
            *str(error).splitlines(),
        )

    def not_our_form(self, request: Request, error: Exception) -> Response:
        """Answer fields that no form or link of ours sends."""
        _ = _gettext(request)
        errors = error.errors() if isinstance(error, RequestValidationError) else ()
        sentences = [_field_fault(each) for each in errors]
        return self._page(
            request,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            _("This cannot be read"),
            _("No link or form of the console asks like this."),
            *sentences,
        )

    def refused(self, request: Request, error: Exception) -> Response:
        """Answer what the framework refuses, and who looks on after the session has ended."""
        if not isinstance(error, HTTPException):
            raise error
        _ = _gettext(request)
        status = HTTPStatus(error.status_code)
        if status is HTTPStatus.UNAUTHORIZED:
            return Response(status_code=status)
        title, sentence = {
            HTTPStatus.NOT_FOUND: (
                _("There is no such page"),
                _("The link may be old, or part of it is missing."),
            ),
            HTTPStatus.METHOD_NOT_ALLOWED: (
                _("There is no such page"),
                _("This address takes forms only, or pages only."),
            ),
        }.get(
            status, (_("Nothing was changed"), _("No link or form of the console asks like this."))
        )
        return self._page(request, status, title, sentence, headers=error.headers)

    def _page(
        self,
        request: Request,
        status: HTTPStatus,
        title: str,
        *sentences: str,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        return self._view.page(
            "refusal.html",
            _visitor(request),
            status,
            headers,
            title=title,
            sentences=sentences,
            back=came_from(request),
        )


def _visitor(request: Request) -> Visit | Guest:
    """Whoever asks; found out once a request."""
    known: Visit | Guest | None = getattr(request.state, "visitor", None)
    if known is None:
        known = recognise(request, acting=False) or guest(request)
        request.state.visitor = known
    return known


def _gettext(request: Request) -> Callable[[str], str]:
    return texts(_visitor(request).language, DOMAIN).gettext


def _field_fault(error: Mapping[str, object]) -> str:
    """One of pydantic's errors as "field: found, what is right"."""
    location = error.get("loc")
    parts = [str(part) for part in location] if isinstance(location, tuple) else []
    found = error.get("input")
    text = found if isinstance(found, str) else ""
    return f"{'.'.join(parts[1:])}: {text[:LONGEST_FOUND]}: {error.get('msg', '')}"


def _redirected(request: Request, error: Exception) -> Response:
    if not isinstance(error, Redirected):
        raise error
    if "HX-Request" not in request.headers:
        return RedirectResponse(error.location, HTTPStatus.SEE_OTHER)
    # htmx would follow a 303 and put the whole page into a piece of this one.
    location = error.location
    if isinstance(error, LogInFirst):
        page = path_of(request.headers.get("HX-Current-URL", ""), request.headers.get("Host", ""))
        location = log_in_first(page)
    return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": location})


def _failed(request: Request, error: Exception) -> Response:
    """Answer our own faults in both languages, without templates that may be the fault."""
    del request, error
    return HTMLResponse(
        "<!doctype html><html lang=vi><meta charset=utf-8><title>Sentinel</title>"
        '<meta name=viewport content="width=device-width, initial-scale=1">'
        "<h1>Hệ thống gặp lỗi</h1><p>Nhật ký của dịch vụ ghi rõ nguyên nhân. Hãy thử lại sau ít"
        ' phút. <a href="/">Về hàng đợi</a></p><p lang=en>The service failed at this; its log'
        ' says why. Try again in a few minutes. <a href="/">To the queue</a></p>',
        HTTPStatus.INTERNAL_SERVER_ERROR,
        # This answer is made outside of the middleware that adds them.
        {**ALWAYS, "Content-Security-Policy": NOTHING},
    )
