"""The TCP listener: RFC 6587 streams from many senders, none of which may starve the others.

Plain TCP cannot promise delivery either: the sender hears that its kernel handed bytes on, not
that we kept them; what was on the way when a connection broke is gone without a trace.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from collectors.syslog.framing import Frame, Framer
from sentinel.collect.contract import Sink
from sentinel.model.record import Received

CHUNK = 65536
DRAIN = 64  # chunks a connection that are still read when the listener stops
ACCEPT_AGAIN = 1.0  # seconds to wait when the process has no descriptors left

_log = structlog.get_logger("sentinel.collect.syslog")


@dataclass(frozen=True, slots=True, kw_only=True)
class TcpLimits:
    """`longest` message in bytes; `idle` seconds without a whole message; how many connections."""

    longest: int
    idle: float
    connections: int
    connections_a_peer: int


def bind(family: socket.AddressFamily, address: tuple[str, int]) -> socket.socket:
    """Open the listening socket.

    Raises:
        OSError: the address cannot be bound.
    """
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setblocking(False)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family is socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(address)
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


class TcpListener:
    """Accepts connections and reads each into a sink; closes everything when it ends."""

    def __init__(self, listener: socket.socket, origin: str, limits: TcpLimits) -> None:
        self._socket = listener
        self._origin = origin
        self._limits = limits
        self._open: dict[socket.socket, str] = {}
        self._refused = 0

    async def run(self, sink: Sink) -> None:
        """Collect until cancelled; then put what each connection has in hand."""
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    connection, peer = await self._accept()
                    if self._room_for(peer):
                        self._open[connection] = peer
                        group.create_task(self._serve(connection, peer, sink))
                    else:
                        connection.close()
        finally:
            self.close()

    def close(self) -> None:
        """Let go of all sockets, also of a connection cancelled before its first step."""
        self._socket.close()
        for connection in self._open:
            connection.close()

    async def _accept(self) -> tuple[socket.socket, str]:
        while True:
            await _readable(self._socket)
            try:
                connection, address = self._socket.accept()
            except (BlockingIOError, ConnectionAbortedError):  # gone before we looked
                continue
            except OSError as error:
                # Out of descriptors or memory: those who are connected go on.
                _log.error("cannot accept", listener=self._origin, error=str(error))
                await asyncio.sleep(ACCEPT_AGAIN)
                continue
            connection.setblocking(False)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            return connection, address[0].removeprefix("::ffff:")

    def _room_for(self, peer: str) -> bool:
        limits = self._limits
        if sum(one == peer for one in self._open.values()) >= limits.connections_a_peer:
            why = f"{peer} has {limits.connections_a_peer} connections"
        elif len(self._open) >= limits.connections:
            why = f"{limits.connections} connections are open"
        else:
            return True
        self._refused += 1
        if self._refused.bit_count() == 1:  # the 1st, 2nd, 4th, ...: a flood must not fill the log
            _log.warning("connection refused", peer=peer, why=why, refused=self._refused)
        return False

    async def _serve(self, connection: socket.socket, peer: str, sink: Sink) -> None:
        stream = _Stream(peer, self._origin, Framer(self._limits.longest))
        try:
            await self._read(connection, stream, sink)
        except asyncio.CancelledError:
            await self._drain(connection, stream, sink)
            raise
        finally:
            del self._open[connection]
            connection.close()
            await sink.put(stream.last())

    async def _read(self, connection: socket.socket, stream: _Stream, sink: Sink) -> None:
        """Read until the sender ends, breaks off, or sends no whole message for too long."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._limits.idle
        while True:
            try:
                async with asyncio.timeout_at(deadline):
                    await _readable(connection)
            except TimeoutError:
                _log.warning("idle connection closed", listener=self._origin, peer=stream.peer)
                return
            chunk = _receive(connection)
            if chunk is None:
                continue
            if not chunk:
                return
            received = stream.received(chunk)
            if received:
                # Not reading while this waits is the back-pressure: the sender's TCP stops.
                await sink.put(received)
                deadline = loop.time() + self._limits.idle

    async def _drain(self, connection: socket.socket, stream: _Stream, sink: Sink) -> None:
        """Put what the kernel already holds; bounded, as a busy sender would never end."""
        for _ in range(DRAIN):
            chunk = _receive(connection)
            if not chunk:
                return
            await sink.put(stream.received(chunk))


@dataclass(slots=True)
class _Stream:
    """One connection's messages, as the sink takes them."""

    peer: str
    origin: str
    framer: Framer

    def received(self, chunk: bytes) -> Sequence[Received]:
        """The messages that these bytes complete."""
        believed = self.framer.disbelieved
        frames = self.framer.feed(chunk)
        if self.framer.disbelieved > believed:
            _log.warning("absurd message length, read as a line", peer=self.peer)
        return self._stamped(frames)

    def last(self) -> Sequence[Received]:
        """What is left when the stream has ended."""
        return self._stamped(self.framer.end())

    def _stamped(self, frames: Sequence[Frame]) -> Sequence[Received]:
        now = datetime.now(UTC)
        return [
            Received(
                raw=frame.raw,
                at=now,
                peer=self.peer,
                origin=self.origin,
                truncated=frame.truncated,
            )
            for frame in frames
        ]


async def _readable(opened: socket.socket) -> None:
    """Wait until a read would not block.

    Reading follows without an `await` between, so that a cancellation cannot lose what was read.
    """
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(opened, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(opened)


def _receive(connection: socket.socket) -> bytes | None:
    """What is there now: None for nothing yet, b"" when the sender has ended or broken off."""
    try:
        return connection.recv(CHUNK)
    except BlockingIOError:
        return None
    except OSError as error:
        _log.warning("connection lost", error=str(error))
        return b""
