"""An HTTP connection that hangs up on a client which does not finish asking.

uvicorn limits the time between requests, not the time a request may take to arrive: a few
hundred silent connections ("slowloris") would close a listener to everybody.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol


class ImpatientProtocol(H11Protocol):
    """Closes the connection when no whole request head has come for `patience` seconds."""

    patience: ClassVar[float]
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it so
        """Begin to wait."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Go on waiting, or stop where a whole head has come."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is left to wait for."""
        self._unwatch()
        super().connection_lost(exc)

    def _asking(self) -> bool:
        # uvicorn sets `cycle` once a head is whole, and keeps the last one between requests.
        cycle: object = self.cycle
        return cycle is None or self.cycle.response_complete

    def _watch(self) -> None:
        if not self._asking():
            self._unwatch()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self.patience, self._give_up)

    def _unwatch(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self._asking():
            self.transport.close()


def impatient(seconds: float) -> type[ImpatientProtocol]:
    """Make the protocol with this patience."""
    return type("Impatient", (ImpatientProtocol,), {"patience": seconds})
