"""Standard input as a source of records: `journalctl -f | sentinel ...`, a line a record."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from typing import ClassVar

from pydantic import Field

from sentinel.collect.contract import CollectorOptions, Sink
from sentinel.model.record import Received

CHUNK = 65536
ORIGIN = "standard input"


class StdinOptions(CollectorOptions):
    """What the settings may say. `max_line` is in bytes; a longer line is cut and marked."""

    max_line: int = Field(default=65536, ge=64, le=16 * 1024 * 1024)


class StdinCollector:
    """Reads lines until the input ends. A pipe cannot be read again: there are no positions.

    Empty lines are no records; a last line without a line end is one.
    """

    name: ClassVar[str] = "stdin"
    Options: ClassVar[type[CollectorOptions]] = StdinOptions

    def __init__(self, options: StdinOptions, descriptor: int = 0) -> None:
        self._options = options
        self._descriptor = descriptor

    async def run(self, sink: Sink) -> None:
        """Collect until the input ends. What was read is put, also when cancelled."""
        sink.listening(ORIGIN)
        lines = Lines(self._options.max_line)
        try:
            while chunk := await self._read():
                await sink.put(lines.feed(chunk))
        finally:
            await sink.put(lines.end())

    async def _read(self) -> bytes:
        """The next bytes, b"" at the end.

        The descriptor may be shared with a shell, so it is not made non-blocking: a single read
        after the kernel said "readable" does not block.
        """
        loop = asyncio.get_running_loop()
        readable = asyncio.Event()
        try:
            loop.add_reader(self._descriptor, readable.set)
        except PermissionError:  # epoll takes no regular files, and those never block for long
            return await asyncio.to_thread(os.read, self._descriptor, CHUNK)
        try:
            await readable.wait()
        finally:
            loop.remove_reader(self._descriptor)
        return os.read(self._descriptor, CHUNK)


class Lines:
    """Cuts a stream of bytes into lines, holding at most one line of the allowed length."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._held = b""

    def feed(self, chunk: bytes) -> list[Received]:
        """Take more bytes and return the lines that are complete now."""
        now = datetime.now(UTC)
        *complete, rest = chunk.split(b"\n")
        received = [self._line(line, now) for line in complete]
        self._hold(rest)
        return [line for line in received if line.raw]

    def end(self) -> list[Received]:
        """The input has ended: the last line, if it had no line end."""
        last = self._line(b"", datetime.now(UTC))
        return [last] if last.raw else []

    def _line(self, line: bytes, now: datetime) -> Received:
        whole = (self._held + line).removesuffix(b"\r")
        self._held = b""
        return Received(
            raw=whole[: self._longest],
            at=now,
            origin=ORIGIN,
            truncated=len(whole) > self._longest,
        )

    def _hold(self, rest: bytes) -> None:
        # Two bytes above the limit are enough to know that a line is too long, CR or not.
        room = self._longest + 2 - len(self._held)
        self._held += rest[:room]
