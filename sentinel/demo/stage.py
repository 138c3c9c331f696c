"""What runs beside the service: the agencies' mail server, its page, and the player.

In a thread with an event loop of its own, so that the service is the one that `sentinel run`
runs: it knows nothing of a demo.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from threading import Event as Flag
from threading import Thread
from typing import Self

from sentinel.demo.mailbox import Mailbox, mail_server
from sentinel.demo.player import Player
from sentinel.errors import SentinelError
from sentinel.web.server import Listener


class Stage:
    """Runs from `with` to the end of its block; `begin` starts the player."""

    def __init__(
        self, mail: socket.socket, mailbox: Mailbox, listener: Listener, player: Player
    ) -> None:
        """Take what is to run. `mail` is bound and closed at the end; `listener` is bound here.

        Raises:
            PortTaken: the page's port is in use.
        """
        self._mail = mail
        self._mailbox = mailbox
        self._listener = listener
        self._player = player
        self._up = Flag()
        self._playing, self._ended = asyncio.Event(), asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._failure: BaseException | None = None
        self._failed: Callable[[], None] = nothing
        self._thread = Thread(target=self._run, name="demo")
        listener.bind()

    def __enter__(self) -> Self:
        self._thread.start()
        self._up.wait()
        return self

    def __exit__(self, kind: object, *failure: object) -> None:
        self._tell(self._ended)
        self._thread.join()
        if self._failure is not None and kind is None:
            raise SentinelError(f"the demo broke down: {self._failure!r}") from self._failure

    def begin(self, failed: Callable[[], None]) -> None:
        """Start the player. `failed` is called, in the stage's thread, if the stage breaks down."""
        self._failed = failed
        self._tell(self._playing)

    def _tell(self, event: asyncio.Event) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(event.set)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:  # noqa: BLE001 - told where the stage was begun
            self._failure = failure
            self._failed()
        finally:
            self._up.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with mail_server(self._mail, self._mailbox), asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(self._listener.serve())
            playing = tasks.create_task(self._play())
            self._up.set()
            await self._ended.wait()
            playing.cancel()
            self._listener.stop()
            await serving

    async def _play(self) -> None:
        await self._playing.wait()
        await self._player.play()


def nothing() -> None:
    """Nobody has to be told."""
