"""The mailbox as a web application: read only and without log-in, for this machine alone."""

from __future__ import annotations

from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sentinel.demo.mailbox import Mail, Mailbox
from sentinel.demo.pages import LETTER_POLICY, Pages, Reader
from sentinel.errors import NotFound
from sentinel.model.ids import AgencyId
from sentinel.model.text import Language
from sentinel.web.headers import ALWAYS, NOTHING
from sentinel.web.language import choose


def build_mailbox(mailbox: Mailbox, pages: Pages) -> ASGIApp:
    """Make the application."""
    site = _Site(mailbox, pages)
    return Starlette(
        routes=[
            Route("/", site.mails),
            Route("/total", site.total),
            Route("/tour", site.tour),
            Route("/mails/{number:int}", site.mail),
            Route("/mails/{number:int}/letter", site.letter),
            Route("/mails/{number:int}/source", site.source),
        ],
        exception_handlers={HTTPException: site.elsewhere, NotFound: site.elsewhere},
    )


class _Site:
    """The handlers. What they need is in memory, so they answer in the loop."""

    def __init__(self, mailbox: Mailbox, pages: Pages) -> None:
        self._mailbox = mailbox
        self._pages = pages

    async def mails(self, request: Request) -> Response:
        """List mails, of one agency with `?agency=`."""
        asked = request.query_params.get("agency")
        agency = None if asked is None else AgencyId(asked)
        return self._page(self._pages.mails(self._mailbox.mails(), agency, _reader(request)))

    async def total(self, request: Request) -> Response:
        """How many mails there are: what a list that is being read looks at."""
        del request
        return JSONResponse({"total": len(self._mailbox.mails())}, headers=_headers(NOTHING))

    async def tour(self, request: Request) -> Response:
        """Show the tour."""
        return self._page(self._pages.tour(_reader(request)))

    async def mail(self, request: Request) -> Response:
        """Show one mail."""
        return self._page(self._pages.mail(self._asked(request), _reader(request)))

    async def letter(self, request: Request) -> Response:
        """The HTML part alone, for the frame."""
        letter = self._pages.letter(self._asked(request))
        headers = {**_headers(LETTER_POLICY), "X-Frame-Options": "SAMEORIGIN"}
        return HTMLResponse(letter, headers=headers)

    async def source(self, request: Request) -> Response:
        """The mail as it arrived, as text."""
        raw = self._asked(request).raw
        return PlainTextResponse(raw, headers=_headers(NOTHING))

    async def elsewhere(self, request: Request, error: Exception) -> Response:
        """Answer what is no page, no mail, or no GET."""
        status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
        return self._page(self._pages.unknown(_reader(request)), status)

    def _asked(self, request: Request) -> Mail:
        return self._mailbox.mail(request.path_params["number"])

    def _page(self, page: str, status: int = HTTPStatus.OK) -> Response:
        return HTMLResponse(page, status, _headers(self._pages.policy))


def _headers(policy: str) -> dict[str, str]:
    return {**ALWAYS, "Content-Security-Policy": policy}


def _reader(request: Request) -> Reader:
    asked = request.query_params.get("lang")
    language = choose(asked, request.headers.get("Accept-Language"), Language.VI)
    return Reader(language=language, asked=asked is not None)
