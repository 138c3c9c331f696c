"""The headers every answer carries: not cached, not framed, not sniffed, not told to others."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What is shown is about attacks on a named agency: it belongs in no cache and no search engine.
ALWAYS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class SecurityHeaders:
    """Adds `ALWAYS` and a Content-Security-Policy to each answer of the application.

    `changed` stands instead of the same header of `ALWAYS`. A header that `own` names is left as
    it is where an answer has set it.
    """

    def __init__(
        self,
        app: ASGIApp,
        policy: str = NOTHING,
        changed: Mapping[str, str] | None = None,
        own: frozenset[str] = frozenset(),
    ) -> None:
        self._app = app
        self._headers = {**ALWAYS, "Content-Security-Policy": policy, **(changed or {})}
        self._own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                kept = {name for name in self._own if name in headers}
                headers.update({n: v for n, v in self._headers.items() if n not in kept})
            await send(message)

        await self._app(scope, receive, send_with_headers)
