"""One open file, read line by line from where it was left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from collectors.files.checkpoint import HEAD, TAIL, Checkpoint, digest
from collectors.files.lines import Line, LineCutter
from collectors.files.source import Source, read_exactly
from sentinel.model.record import Position, Received

CHUNK = 131072


class Rewritten(Exception):  # noqa: N818 - reads as the sentence it is
    """The file no longer holds what we read of it: it was truncated, or written anew."""


class Tail:
    """Reads one file onwards. Each record carries the checkpoint that follows it.

    `name` makes the stream's name from the first line, when there is one; a stream that goes on
    has its name already. `shown`, `seen_at` and `quiet_since` are the group's: the path for people,
    where the folder shows the file now ("" when it is gone), since when nothing has happened.
    """

    def __init__(self, source: Source, path: str, longest: int, offset: int = 0) -> None:
        self.source = source
        self.identity = source.identity()
        self.path = path
        self.shown = path
        self.seen_at = path
        self.stream = ""
        self.quiet_since = 0.0
        self.read_to = offset
        self.checkpoint: Checkpoint | None = None  # of the last record taken here
        self._modified = source.modified()
        self._cutter = LineCutter(offset, longest)
        self._head = read_exactly(source, 0, min(HEAD, offset))
        self._whole_head = ""
        before = min(TAIL, offset)
        self._recent = read_exactly(source, offset - before, before)

    @property
    def unfinished(self) -> int:
        """How many bytes of a line that has not ended have been read."""
        return self.read_to - self._cutter.start

    @property
    def as_read(self) -> tuple[int, int]:
        """Size and time of change as of the last reading; of a gzip file, on disk."""
        size = self.source.stored() if self.source.compressed else self.read_to
        return size, self._modified

    def read(self, now: datetime, name: Callable[[bytes], str]) -> list[Received] | None:
        """Read on: the lines that are complete now, or None at the end of the file.

        Raises:
            Rewritten: the file is not what it was. Nothing was taken.
            OSError, UnfinishedGzip, DamagedGzip: see Source.read.
        """
        self._modified = self.source.modified()
        chunk = self.source.read(self.read_to, CHUNK)
        # Only now: a file rewritten before we read shows here, afterwards it does not concern us.
        if not self.still_ours():
            raise Rewritten
        if not chunk:
            return None
        data = self._recent + chunk
        begin = self.read_to - len(self._recent)
        self._head += chunk[: HEAD - len(self._head)]
        self.read_to += len(chunk)
        self._recent = data[-TAIL:]
        return self._received(self._cutter.feed(chunk), data, begin, now, name)

    def rest(self, now: datetime, name: Callable[[bytes], str]) -> list[Received]:
        """Take the last line although it has no line end: the file will not grow any more."""
        begin = self.read_to - len(self._recent)
        return self._received(self._cutter.rest(), self._recent, begin, now, name)

    def still_ours(self) -> bool:
        """Whether the file still holds what we have read of it."""
        if self.source.compressed:
            return True
        before = self.read_to - len(self._recent)
        return (
            read_exactly(self.source, 0, len(self._head)) == self._head
            and read_exactly(self.source, before, len(self._recent)) == self._recent
        )

    def _received(
        self,
        lines: list[Line],
        data: bytes,
        begin: int,
        now: datetime,
        name: Callable[[bytes], str],
    ) -> list[Received]:
        """Lines as records. `data` are the bytes of the file from `begin` to the last line's end.

        An empty line is no record.
        """
        received = []
        for line in lines:
            if not line.raw:
                continue
            if not self.stream:
                self.stream = name(self._head[: line.end])
            until = line.end - begin
            position = self._position(line.end, data[max(0, until - TAIL) : until])
            received.append(
                Received(
                    raw=line.raw,
                    at=now,
                    origin=self.shown,
                    position=position,
                    truncated=line.truncated,
                )
            )
        return received

    def _position(self, offset: int, before: bytes) -> Position:
        device, inode = self.identity
        self.checkpoint = Checkpoint(
            path=self.path,
            device=device,
            inode=inode,
            offset=offset,
            head=self._head_digest(offset),
            tail=digest(before),
            modified=self._modified,
        )
        return Position(stream=self.stream, mark=self.checkpoint.mark())

    def _head_digest(self, offset: int) -> str:
        if offset < HEAD:
            return digest(self._head[:offset])
        if not self._whole_head:
            self._whole_head = digest(self._head)
        return self._whole_head
