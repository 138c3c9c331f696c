"""The acknowledge pages: what a link in a letter opens, for whoever holds the link.

Only a form sent with its button acknowledges. Mail scanners open links, prefetchers open links,
chat programs open links: GET and HEAD show, and never change, anything. The token in the URL is
the authority, so there is no cookie to forge a request with; a form that says it comes from
another site is refused all the same. A token that is known is always served: an officer who is
behind the same address as somebody's broken scanner must not wait.
"""

from __future__ import annotations

import re
import time
import unicodedata
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import FastAPI, Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from sentinel.errors import NotAllowed, NotFound
from sentinel.i18n import texts
from sentinel.model.policy import Issuer
from sentinel.model.text import Language
from sentinel.ports import Desk, WarningNotice
from sentinel.web.headers import ALWAYS, NOTHING, SecurityHeaders
from sentinel.web.language import choose
from sentinel.web.limits import BodyLimit, GuessLimit
from sentinel.web.public.pages import DOMAIN, Pages, Typed

LARGEST_BODY = 4 * 1024
NAME_LENGTHS = (2, 100)
GUESS_WINDOW = 600  # seconds
_TOKEN = re.compile(r"[A-Za-z0-9._~-]{1,128}")


def build_public(desk: Desk, issuer: Issuer | None = None) -> FastAPI:
    """Make the application. `issuer` puts sender, hotline and time zone on the pages."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    pages = Pages(issuer)
    site = _Site(desk, pages, GuessLimit(time.monotonic, seconds=GUESS_WINDOW))
    app.add_api_route("/w/{token}", site.show, methods=["GET", "HEAD"])
    app.add_api_route("/w/{token}", site.acknowledge, methods=["POST"])
    app.add_exception_handler(NotFound, site.unknown)
    app.add_exception_handler(HTTPException, site.elsewhere)
    app.add_exception_handler(RequestValidationError, site.not_our_form)
    app.add_exception_handler(Exception, _failed)
    # The last one added meets a request first.
    app.add_middleware(BodyLimit, most=LARGEST_BODY)
    app.add_middleware(SecurityHeaders, policy=pages.policy)
    return app


class _Site:
    """The handlers; each is a plain function that the framework runs in a thread."""

    def __init__(self, desk: Desk, pages: Pages, guesses: GuessLimit) -> None:
        self._desk = desk
        self._pages = pages
        self._guesses = guesses

    def show(self, request: Request, token: str) -> Response:
        """Show the warning and where it stands."""
        notice = self._notice(token)
        return HTMLResponse(self._pages.notice(notice, _language(request, notice)))

    def acknowledge(
        self,
        request: Request,
        token: str,
        acknowledge: Annotated[str, Form()] = "",
        name: Annotated[str, Form()] = "",
    ) -> Response:
        """Acknowledge, and lead to the receipt; a second time lead to the first receipt."""
        if not _from_here(request) or acknowledge != "yes":
            return self._refused(request)
        notice = self._notice(token)
        language = _language(request, notice)
        name = _as_typed(name)
        if notice.delivery.acknowledged_at is None:
            person = notice.delivery.name if notice.delivery.personal else _tidy(name)
            fault = "" if notice.delivery.personal else _fault(person, language)
            if fault:
                page = self._pages.notice(notice, language, Typed(name=name, fault=fault))
                return HTMLResponse(page, HTTPStatus.UNPROCESSABLE_ENTITY)
            try:
                self._desk.acknowledge_warning(token, person)
            except NotAllowed:
                # It was cancelled meanwhile: the page says how it stands now.
                page = self._pages.notice(self._notice(token), language)
                return HTMLResponse(page, HTTPStatus.CONFLICT)
        # 303: reloading the receipt does not send the form again.
        return RedirectResponse(f"/w/{token}?lang={language.value}", HTTPStatus.SEE_OTHER)

    def unknown(self, request: Request, error: Exception) -> Response:
        """Answer a token that belongs to no letter."""
        del error
        address = "" if request.client is None else request.client.host
        language = _language(request)
        if self._guesses.wrong(address):
            return HTMLResponse(
                self._pages.too_often(language),
                HTTPStatus.TOO_MANY_REQUESTS,
                {"Retry-After": str(GUESS_WINDOW)},
            )
        return HTMLResponse(self._pages.unknown(language), HTTPStatus.NOT_FOUND)

    def elsewhere(self, request: Request, error: Exception) -> Response:
        """Answer what is no page of ours, or a method it does not have."""
        if not isinstance(error, HTTPException):
            raise error
        if error.status_code == HTTPStatus.NOT_FOUND:
            page = self._pages.unknown(_language(request))
        else:
            page = self._pages.refused(_language(request))
        return HTMLResponse(page, error.status_code, error.headers)

    def not_our_form(self, request: Request, error: Exception) -> Response:
        """Answer a form with other fields than ours (a file where a name should be)."""
        del error
        return self._refused(request)

    def _refused(self, request: Request) -> Response:
        return HTMLResponse(self._pages.refused(_language(request)), HTTPStatus.BAD_REQUEST)

    def _notice(self, token: str) -> WarningNotice:
        if not _TOKEN.fullmatch(token):
            raise NotFound("no letter belongs to this link")
        return self._desk.notice(token)


def _language(request: Request, notice: WarningNotice | None = None) -> Language:
    """Choose what the reader asked for, else the recipient's language, else the browser's."""
    asked = request.query_params.get("lang")
    if notice is not None:
        return choose(asked, None, notice.delivery.language)
    return choose(asked, request.headers.get("Accept-Language"), Language.VI)


def _as_typed(text: str) -> str:
    """Letters beyond ASCII that a client did not percent-encode: UTF-8, read as Latin-1 so far."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _from_here(request: Request) -> bool:
    """Whether a form was sent by a page of ours, as far as the browser says.

    Our pages ask for no referrer, and then browsers send the origin "null" (Fetch standard, 3.1,
    "serializing a request origin"); Sec-Fetch-Site still tells another site from this one.
    """
    origin = request.headers.get("Origin", "null")
    if origin != "null" and urlsplit(origin).netloc != request.headers.get("Host", ""):
        return False
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def _tidy(name: str) -> str:
    """One line, composed letters, single spaces, nothing invisible."""
    printable = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", name)
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    return " ".join(printable.split())


def _fault(name: str, language: Language) -> str:
    least, most = NAME_LENGTHS
    if least <= len(name) <= most:
        return ""
    say = texts(language, DOMAIN).gettext
    return say("Please give your full name: {least} to {most} characters.").format(
        least=least, most=most
    )


def _failed(request: Request, error: Exception) -> Response:
    """Answer our own faults in both languages, without templates that may be the fault."""
    del request, error
    return HTMLResponse(
        "<!doctype html><html lang=vi><meta charset=utf-8><title>Sentinel</title>"
        "<p>Hệ thống gặp lỗi, chưa ghi nhận xác nhận. Vui lòng thử lại sau ít phút hoặc gọi số"
        " điện thoại trong thư.</p><p lang=en>The service failed, nothing was acknowledged."
        " Please try again in a few minutes, or ring the phone number in the letter.</p>",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        {**ALWAYS, "Content-Security-Policy": NOTHING},
    )
