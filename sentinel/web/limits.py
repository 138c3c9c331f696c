"""What one client may ask of us: the size of a body, the time it takes, how often it guesses."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Lock

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """Reads a request's body before the application sees it: 413 if too big, 408 if too slow.

    `most` in bytes, `seconds` for the whole body. The bodies here are small forms and small JSON,
    so holding one in memory costs nothing, and no handler waits for a client.
    """

    def __init__(self, app: ASGIApp, most: int, seconds: float = 10) -> None:
        self._app = app
        self._most = most
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._seconds):
                body = await self._body(receive)
        except _TooBig:
            answer = PlainTextResponse(
                f"The request body is larger than the {self._most} bytes allowed.\n", 413
            )
        except _Gone:
            return
        except TimeoutError:
            answer = PlainTextResponse("The request body did not arrive in time.\n", 408)
        else:
            await self._app(scope, _replay(body, receive), send)
            return
        answer.headers["Connection"] = "close"
        await answer(scope, receive, send)

    async def _body(self, receive: Receive) -> bytes:
        body = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            part: bytes = message.get("body", b"")
            body += part
            if len(body) > self._most:
                raise _TooBig
            if not message.get("more_body", False):
                return body


class _TooBig(Exception):  # noqa: N818 - never leaves this file
    pass


class _Gone(Exception):  # noqa: N818 - never leaves this file
    pass


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


@dataclass(slots=True)
class _Window:
    began: float
    count: int


class GuessLimit:
    """Counts wrong guesses an address, in bounded memory; threads may share it.

    More than `most` within `seconds` is too many. An IPv6 client owns a /64, so that is what is
    counted. When `addresses` are known the one that guessed longest ago is forgotten.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        most: int = 20,
        seconds: float = 600,
        addresses: int = 10_000,
    ) -> None:
        self._clock = clock
        self._most = most
        self._seconds = seconds
        self._addresses = addresses
        self._lock = Lock()
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def wrong(self, address: str) -> bool:
        """Count a wrong guess; return whether there were too many."""
        key, now = _network(address), self._clock()
        with self._lock:
            window = self._windows.pop(key, None)
            if window is None or now - window.began >= self._seconds:
                window = _Window(now, 0)
            window.count += 1
            self._windows[key] = window
            if len(self._windows) > self._addresses:
                self._windows.popitem(last=False)
            return window.count > self._most


def _network(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(IPv6Network((int(known) >> 64 << 64, 64)))
