"""A form from another site is refused before anybody looks at it.

Browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`), and no page can make them
say something else. Both may be missing in a client that is no browser: the token that a form
carries decides then (`visit.py`), or, at the log-in, where there is no token yet, nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

READING = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({"same-origin", "none"})  # "none": the person's own doing, as a reload


class SameOrigin:
    """Lets a request that may change something through if it comes from our own pages.

    `tokenless` are paths whose forms carry no token: for them the browser must have said so.
    """

    def __init__(
        self,
        app: ASGIApp,
        refuse: Callable[[Request], Response],
        tokenless: frozenset[str] = frozenset(),
    ) -> None:
        self._app = app
        self._refuse = refuse
        self._tokenless = tokenless

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] not in READING:
            said = from_here(Headers(scope=scope), scope["scheme"])
            if said is False or (said is None and scope["path"] in self._tokenless):
                # The page asks the database who this is: not on the loop that collects.
                answer = await run_in_threadpool(self._refuse, Request(scope))
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


def from_here(headers: Headers, scheme: str) -> bool | None:
    """Whether a request comes from our own pages; None where the client does not say.

    Sec-Fetch-Site (W3C Fetch Metadata, 2.1) knows best; a page that hides its referrer sends the
    origin "null" (Fetch standard, 3.1), and then that alone can tell.
    """
    site = headers.get("Sec-Fetch-Site")
    origin = headers.get("Origin")
    if site is not None and site not in _OURS:
        return False
    if origin is None or (origin == "null" and site is not None):
        return None if site is None else True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False  # no browser writes "http://["
    return parts.netloc.lower() == headers.get("Host", "").lower() and parts.scheme in {
        "https",
        scheme,
    }
