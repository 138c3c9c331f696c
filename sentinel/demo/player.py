"""Sends the recording's lines in their time, each from its agency's own address.

The sender is bound to its loopback address, so that the service finds out by itself whose lines
they are, as it does with real ones.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Self

import structlog

from sentinel.demo.incident import Incident, Over, Sender
from sentinel.ports import Clock

AGAIN = 1.0  # seconds until a broken connection is tried again

_log = structlog.get_logger("sentinel.demo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the service takes syslog, over UDP and TCP alike."""

    host: str
    port: int


class Player:
    """Plays a recording to a service, once; its background goes on until it is cancelled."""

    def __init__(self, incident: Incident, target: Target, clock: Clock, speed: float = 1) -> None:
        self._incident = incident
        self._target = target
        self._clock = clock
        self._speed = speed

    async def play(self) -> None:
        """Send every line in its time, until cancelled."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        async with AsyncExitStack() as open_lines:
            wires = {
                name: await open_lines.enter_async_context(_Wire(sender, self._target))
                for name, sender in self._incident.senders.items()
            }
            for due, cue in self._incident.play(self._speed):
                await asyncio.sleep(max(start + due - loop.time(), 0))
                await wires[cue.script.sender].send(cue.message(self._clock.now()))


@dataclass(slots=True)
class _Wire:
    """One sender's way to the service: it connects when there is something to say.

    A line that cannot be sent is gone, as with any sender of syslog; the service says by itself
    when an input of its fails.
    """

    sender: Sender
    target: Target
    _udp: asyncio.DatagramTransport | None = None
    _tcp: asyncio.StreamWriter | None = None
    _resting_until: float = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self._close()

    async def send(self, message: bytes) -> None:
        """Send one message."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._resting_until:
            return
        try:
            await self._put(message)
        except OSError as error:
            await self._close()
            self._resting_until = loop.time() + AGAIN
            _log.info("demo_line_lost", sender=self.sender.address, error=str(error))

    async def _put(self, message: bytes) -> None:
        to, mine = (self.target.host, self.target.port), (self.sender.address, 0)
        if self.sender.over is Over.UDP:
            if self._udp is None:
                loop = asyncio.get_running_loop()
                self._udp, _ = await loop.create_datagram_endpoint(
                    asyncio.DatagramProtocol, local_addr=mine, remote_addr=to
                )
            self._udp.sendto(message)
            return
        if self._tcp is None:
            _, self._tcp = await asyncio.open_connection(*to, local_addr=mine)
        self._tcp.write(b"%d %s" % (len(message), message))  # RFC 6587, 3.4.1
        await self._tcp.drain()

    async def _close(self) -> None:
        if self._udp is not None:
            self._udp.close()
        if self._tcp is not None:
            self._tcp.transport.abort()
        self._udp, self._tcp = None, None
