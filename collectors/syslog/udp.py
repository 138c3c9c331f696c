"""The UDP listener: one datagram, one message (RFC 5426), and an honest count of what was lost.

UDP cannot promise delivery: nobody answers the sender, and when the kernel's buffer is full the
datagram is gone. What can be done is done here: a large buffer, reading ahead while the journal
commits, and asking the kernel how many it dropped.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from datetime import UTC, datetime

from sentinel.collect.contract import Sink
from sentinel.model.record import Received

BATCH = 1000  # messages a put
AHEAD = 20_000  # messages read while a put is under way; then reading stops
AHEAD_BYTES = 64 * 1024 * 1024  # the same for what they weigh: a datagram may hold 64 KiB
READS = 256  # datagrams a wake-up, so that one busy socket does not hold up the event loop
DROPS_EVERY = 1.0  # seconds between two questions about drops while nothing arrives
TRAILER = b"\r\n\0"

# Linux, include/uapi/asm-generic/socket.h and linux/sock_diag.h; Python has no names for them.
_SO_RCVBUFFORCE = 33
_SO_MEMINFO = 55
_MEMINFO = struct.Struct("9I")
_MEMINFO_DROPS = 8


def bind(family: socket.AddressFamily, address: tuple[str, int], buffer: int) -> socket.socket:
    """Open the socket with as large a kernel buffer as we may have.

    Raises:
        OSError: the address cannot be bound.
    """
    listener = socket.socket(family, socket.SOCK_DGRAM)
    try:
        listener.setblocking(False)
        _ask_for_buffer(listener, buffer)
        if family is socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(address)
    except OSError:
        listener.close()
        raise
    return listener


class UdpListener:
    """Reads one socket into a sink; closes it when it ends."""

    def __init__(self, listener: socket.socket, origin: str, longest: int) -> None:
        self._socket = listener
        self._origin = origin
        self._longest = longest
        self._ahead: deque[Received] = deque()
        self._ahead_bytes = 0
        self._arrived = asyncio.Event()
        self._drops = 0

    async def run(self, sink: Sink) -> None:
        """Collect until cancelled; then put what the kernel already has."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                self._resume(loop)
                await self._something(DROPS_EVERY)
                await self._put(sink)
                self._tell_drops(sink)
        finally:
            loop.remove_reader(self._socket)
            await self._drain(sink)

    def close(self) -> None:
        """Let go of the socket, also when `run` never came to its first step."""
        self._socket.close()

    def _resume(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._enough():
            loop.add_reader(self._socket, self._read, loop)

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        self._receive(READS)
        if self._ahead:
            self._arrived.set()
        if self._enough():
            loop.remove_reader(self._socket)  # back-pressure: from here on the kernel drops

    def _enough(self, times: int = 1) -> bool:
        """Whether no more is read ahead."""
        return len(self._ahead) >= times * AHEAD or self._ahead_bytes >= times * AHEAD_BYTES

    def _receive(self, most: int) -> int:
        """Read up to `most` datagrams that are there and return how many there were."""
        now = datetime.now(UTC)
        receive, size, longest, origin = (
            self._socket.recvfrom,
            self._longest + 1,
            self._longest,
            self._origin,
        )
        for count in range(most):
            try:
                data, address = receive(size)
            except BlockingIOError:
                return count
            message = data.rstrip(TRAILER)
            if message:  # an empty datagram says nothing
                self._ahead_bytes += min(len(message), longest)
                self._ahead.append(
                    Received(
                        raw=message[:longest],
                        at=now,
                        peer=address[0].removeprefix("::ffff:"),
                        origin=origin,
                        truncated=len(message) > longest,
                    )
                )
        return most

    async def _something(self, seconds: float) -> None:
        if not self._ahead:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), seconds)
            except TimeoutError:
                return

    async def _put(self, sink: Sink) -> None:
        ahead = self._ahead
        batch = [ahead.popleft() for _ in range(min(len(ahead), BATCH))]
        self._ahead_bytes -= sum(len(one.raw) for one in batch)
        if batch:
            await sink.put(batch)

    async def _drain(self, sink: Sink) -> None:
        """Put what has been read and what waits in the kernel now, then close.

        Later datagrams do not count, or a busy sender would keep us here for ever.
        """
        try:
            waiting = True
            while waiting and not self._enough(2):
                waiting = self._receive(READS) == READS
            while self._ahead:
                await self._put(sink)
        finally:
            if self._ahead:
                sink.dropped(len(self._ahead), "could not be kept")
            self._tell_drops(sink)
            self._socket.close()

    def _tell_drops(self, sink: Sink) -> None:
        drops = _kernel_drops(self._socket)
        new = (drops - self._drops) & 0xFFFFFFFF  # a 32-bit counter
        if new:
            self._drops = drops
            sink.dropped(new, f"{self._origin}: the receive buffer was full")


def _ask_for_buffer(listener: socket.socket, size: int) -> None:
    try:
        listener.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, size)
    except OSError:  # without CAP_NET_ADMIN: at most net.core.rmem_max
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)


def _kernel_drops(listener: socket.socket) -> int:
    """How many datagrams this socket has dropped; 0 where the kernel does not tell."""
    try:
        answer = listener.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size)
    except OSError:
        return 0
    if len(answer) < _MEMINFO.size:
        return 0
    return int(_MEMINFO.unpack(answer)[_MEMINFO_DROPS])
