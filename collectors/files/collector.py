"""Files as the settings know them: which, and whether they are followed or read once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import PurePath
from typing import ClassVar, TypeVar

from pydantic import Field, field_validator

from collectors.files.follower import Follower
from collectors.files.group import Manner
from sentinel.collect.contract import CollectorOptions, Sink

T = TypeVar("T")


class Mode(StrEnum):
    """Whether the files go on growing."""

    FOLLOW = "follow"
    ONCE = "once"


class FilesOptions(CollectorOptions):
    """What the settings may say.

    `paths` are patterns ("/var/log/*.log", "/srv/logs/**/*.log"). A line above `max_line` bytes is
    cut and marked. A rotated file stays open for `grace_seconds` after its last new byte.
    """

    paths: tuple[str, ...] = Field(min_length=1)
    mode: Mode = Mode.FOLLOW
    poll_seconds: float = Field(default=1.0, gt=0, le=3600)
    max_line: int = Field(default=65536, ge=64, le=16 * 1024 * 1024)
    grace_seconds: float = Field(default=30.0, ge=0)

    @field_validator("paths")
    @classmethod
    def _absolute(cls, paths: tuple[str, ...]) -> tuple[str, ...]:
        """A relative path would mean another file wherever the service is started."""
        for path in paths:
            if not PurePath(path).is_absolute():
                raise ValueError(f"{path!r} is relative; allowed: a path that begins with /")
        return paths


class FilesCollector:
    """Takes each line of each file exactly once, across rotation, restarts and crashes.

    Line and place are kept in one transaction, so whatever the journal has is known to be read.
    What no reader can save: bytes that were never seen before they were deleted, and what is
    written to a log between copying and truncating it (logrotate's `copytruncate`). Rotated files
    are looked for in the log's own folder.
    """

    name: ClassVar[str] = "files"
    Options: ClassVar[type[CollectorOptions]] = FilesOptions

    def __init__(self, options: FilesOptions) -> None:
        self._options = options

    async def run(self, sink: Sink) -> None:
        """Follow until cancelled; or read once and return.

        Raises:
            OSError: in mode "once", some files could not be read; all others were.
        """
        once = self._options.mode is Mode.ONCE
        manner = Manner(
            longest=self._options.max_line, grace=self._options.grace_seconds, once=once
        )
        follower = Follower(self._options.paths, manner, sink.positions())
        try:
            while True:
                await self._round(follower, sink)
                if once and not follower.busy:
                    break
                if not follower.busy:
                    await asyncio.sleep(self._options.poll_seconds)
        finally:
            follower.close()
        if follower.troubles.by_path:
            told = [f"{path}: {why}" for path, why in follower.troubles.by_path.items()]
            raise OSError(f"files that could not be read: {'; '.join(told)}")

    async def _round(self, follower: Follower, sink: Sink) -> None:
        batches = follower.round(time.monotonic())
        while (batch := await _in_thread(lambda: next(batches, None))) is not None:
            await sink.put(batch)
        sink.listening(follower.describe())
        while follower.troubles.lost:
            sink.dropped(1, follower.troubles.lost.pop())


async def _in_thread(call: Callable[[], T]) -> T:
    """Run a call that may block for as long as a disk takes, and never leave it behind.

    Cancelled, it first waits for the thread: the files it reads are about to be closed.
    """
    work = asyncio.ensure_future(asyncio.to_thread(call))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        raise
