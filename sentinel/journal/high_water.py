"""How far numbering had come, written beside the files, so that damage never makes it go back.

One line of fixed length, overwritten in place after each commit and not fsynced each time: it
outlives a killed process exactly, a power cut nearly. It is written after the records are on disk,
so it is never ahead of them: where it is, records have been lost.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from sentinel.model.ids import JournalId, Offset


@dataclass(frozen=True, slots=True)
class Mark:
    """A journal's name and the highest offset it has given out."""

    journal: JournalId
    offset: Offset


class HighWater:
    """The file that holds a mark."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make an empty one.

        Raises:
            OSError: it cannot be written to.
        """
        self._opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)

    def read(self) -> Mark | None:
        """The mark; None where there is none or it is not what was written: it is only a hint."""
        words = os.pread(self._opened, 100, 0).decode("ascii", "replace").split()
        if len(words) != 3 or words[2] != _crc(words[0], words[1]):  # noqa: PLR2004 - as written
            return None
        return Mark(JournalId(words[0]), Offset(int(words[1])))

    def write(self, mark: Mark) -> None:
        """Overwrite the mark. The records are safe already, so a failure must not refuse them."""
        offset = f"{mark.offset:018d}"
        line = f"{mark.journal} {offset} {_crc(mark.journal, offset)}\n"
        with suppress(OSError):
            os.pwrite(self._opened, line.encode("ascii"), 0)

    def close(self) -> None:
        """Put it on disk and let go."""
        with suppress(OSError):
            os.fsync(self._opened)
        os.close(self._opened)


def _crc(journal: str, offset: str) -> str:
    return f"{crc32(f'{journal} {offset}'.encode()):08x}"
