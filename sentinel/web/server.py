"""A listener: one application on one address, inside the service's own event loop.

uvicorn does the HTTP. What is ours: the socket is bound before anything starts, so that a taken
port is one clear sentence; signals stay with the service; limits are tight, because the public
listener answers to the whole internet; a client that opens a connection and says nothing is sent
away.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from starlette.types import ASGIApp
from uvicorn import Config, Server

from sentinel.errors import PortTaken
from sentinel.web.patience import impatient
from sentinel.web.tls import ReloadingContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one listener allows. Times in seconds, sizes in bytes.

    `connections` at once, more are answered 503; `request_head` for the request line and the
    headers; `patience` until a whole head must have come; `keep_alive` between requests; `grace`
    for running requests when it stops; `reload` between two looks at the certificate's files.
    Bodies are limited in the applications (`sentinel.web.limits`).
    """

    connections: int = 256
    request_head: int = 16 * 1024
    patience: float = 10
    keep_alive: int = 5
    grace: int = 5
    reload: int = 60


DEFAULT_LIMITS = Limits()


class Listener:
    """Serves an application until it is stopped or cancelled. `context` None is plain HTTP."""

    def __init__(  # noqa: PLR0917 - name, what, where, how: each of its own type
        self,
        name: str,
        app: ASGIApp,
        address: str,
        port: int,
        context: ReloadingContext | None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.name = name
        self._app = app
        self._address = address
        self._port = port
        self._context = context
        self._limits = limits
        self._socket: socket.socket | None = None
        self._server = _QuietServer(self._config())

    @property
    def port(self) -> int:
        """The port it is bound to; before `bind` the one it was told, which may be 0 for any."""
        return self._port

    @property
    def url(self) -> str:
        """Where it is, for people: "https://127.0.0.1:8443"."""
        host = f"[{self._address}]" if ":" in self._address else self._address
        return f"{'http' if self._context is None else 'https'}://{host}:{self.port}"

    @property
    def problem(self) -> str:
        """What is wrong with its certificate files, as a sentence; "" where nothing is."""
        return "" if self._context is None else self._context.problem

    def bind(self) -> None:
        """Take the address; a second time does nothing.

        Raises:
            PortTaken: another program has it.
            OSError: this machine has no such address, or the port needs more rights.
        """
        if self._socket is not None:
            return
        family = socket.AF_INET6 if ":" in self._address else socket.AF_INET
        # With the protocol named asyncio sets TCP_NODELAY; without it an answer waits 40 ms.
        bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((self._address, self._port))
            # On Linux two sockets may be bound with SO_REUSEADDR; only one may listen.
            bound.listen()
        except OSError as error:
            bound.close()
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(
                    f"web.{self.name}: {self.url} is in use by another program; "
                    f"stop that one or set another port"
                ) from error
            raise
        bound.setblocking(False)
        self._socket = bound
        self._port = bound.getsockname()[1]

    async def serve(self) -> None:
        """Serve until `stop`, then let running requests finish. Cancelling it does the same.

        Raises:
            PortTaken: the address is in use.
        """
        self.bind()
        sockets = [] if self._socket is None else [self._socket]
        try:
            await self._server.serve(sockets=sockets)
        except asyncio.CancelledError:
            if self._server.started:
                await self._server.shutdown(sockets=sockets)
            raise
        finally:
            self.release()

    def release(self) -> None:
        """Let go of an address that was bound and is not served (any more)."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def stop(self) -> None:
        """Take no more connections and let `serve` come to its end."""
        self._server.should_exit = True

    def _config(self) -> Config:
        limits = self._limits
        config = Config(
            self._app,
            http=impatient(limits.patience),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            # The address of the connection is the only one nobody can make up.
            proxy_headers=False,
            limit_concurrency=limits.connections,
            h11_max_incomplete_event_size=limits.request_head,
            timeout_keep_alive=limits.keep_alive,
            timeout_graceful_shutdown=limits.grace,
            timeout_notify=limits.reload,
            callback_notify=self._refresh,
        )
        config.load()
        # After load(): uvicorn would otherwise read files itself, once and for ever.
        config.ssl = None if self._context is None else self._context.context
        return config

    async def _refresh(self) -> None:
        if self._context is not None:
            self._context.refresh()


class _QuietServer(Server):
    """uvicorn's server without its signal handlers: signals are the service's."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # uvicorn declares the generator
        return nullcontext()
