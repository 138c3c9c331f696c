"""How far a file has been read, and how to know the file again under another name or inode.

Names change by rotation, inodes are used again, copies and compressed files have new ones. What
stays is the content: a file is the one we read when its beginning, and what stands just before
the place we stopped at, are what they were.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from collectors.files.source import Source, read_exactly

_json = json.JSONEncoder(separators=(",", ":")).encode

HEAD = 1024  # bytes of the beginning that are compared
TAIL = 256  # bytes just before the offset that are compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Everything before `offset` has been taken; what the journal keeps with the last record.

    `head` is the digest of the first HEAD bytes, `tail` of the TAIL bytes before `offset` (of
    what there is of them). `modified` is when the file was last written, as of then (ns).
    """

    path: str
    device: int
    inode: int
    offset: int
    head: str
    tail: str
    modified: int

    @property
    def identity(self) -> tuple[int, int]:
        """Device and inode."""
        return self.device, self.inode

    @property
    def strong(self) -> bool:
        """Whether so much was read that other files hardly begin alike."""
        return self.offset >= HEAD

    def mark(self) -> str:
        """Itself, as text for the journal."""
        # One a line of every file: dataclasses.asdict would take most of the reader's time.
        return _json({name: getattr(self, name) for name in _KINDS})

    @classmethod
    def of_mark(cls, mark: str) -> Checkpoint:
        """Read what `mark` wrote.

        Raises:
            ValueError: it is something else.
        """
        try:
            fields = json.loads(mark)
            checkpoint = cls(**fields)
        except TypeError as error:
            raise ValueError(f"not a checkpoint: {error}") from error
        for name, kind in _KINDS.items():
            if type(fields[name]) is not kind:
                raise ValueError(f"not a checkpoint: {name} is {fields[name]!r}")
        return checkpoint

    def begins_like(self, source: Source) -> bool:
        """Whether the file's beginning is the one we read."""
        return digest(read_exactly(source, 0, min(HEAD, self.offset))) == self.head

    def fits(self, source: Source) -> bool:
        """Whether the file holds what we read, from its beginning up to `offset`."""
        if not source.compressed and source.stored() < self.offset:
            return False
        before = min(TAIL, self.offset)
        return (
            self.begins_like(source)
            and digest(read_exactly(source, self.offset - before, before)) == self.tail
        )


_KINDS = {
    "path": str,
    "device": int,
    "inode": int,
    "offset": int,
    "head": str,
    "tail": str,
    "modified": int,
}


def digest(content: bytes) -> str:
    """A short name for these bytes."""
    return sha256(content).hexdigest()[:32]
