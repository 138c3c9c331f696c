"""A look at a journal folder that changes nothing: for the doctor and for commands.

It makes no difference whether the journal is in use.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sentinel.errors import JournalDamaged
from sentinel.journal.file import Access, JournalFile, first_offset
from sentinel.model.ids import EventId, JournalId, Offset, event_id
from sentinel.ports import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalSeen:
    """What is in the folder. `newest` is when the newest record arrived.

    `broken` are sentences: files that the next start will set aside. `aside` are the names of
    those that were set aside before.
    """

    id: JournalId | None
    last: Offset
    newest: datetime | None
    files: int
    size: int  # bytes
    broken: tuple[str, ...]
    aside: tuple[str, ...]


def look(folder: Path) -> JournalSeen:
    """Open every file for reading, as the service does when it starts.

    Raises:
        OSError: the folder or a file of it cannot be read.
    """
    journal: JournalId | None = None
    last = Offset(0)
    newest: datetime | None = None
    files, size = 0, 0
    broken: list[str] = []
    for path in _paths(folder):
        try:
            weight = path.stat().st_size
            file = JournalFile(path, Access.READ)
        except JournalDamaged as error:
            broken.append(f"{path.name}: {error}")
            continue
        except OSError:
            if path.exists():
                raise
            continue  # the service dropped it a moment ago
        try:
            journal, last = file.id, max(last, file.last)
            newest = _arrival(file) or newest
        except JournalDamaged as error:
            broken.append(f"{path.name}: {error}")
        finally:
            file.close()
        files, size = files + 1, size + weight
    return JournalSeen(
        id=journal,
        last=last,
        newest=newest,
        files=files,
        size=size,
        broken=tuple(broken),
        aside=tuple(_aside(folder)),
    )


def find(folder: Path, event: EventId) -> Entry | None:
    """The record whose event has this id; None where the journal does not hold it (any more).

    Raises:
        OSError: the folder or a file of it cannot be read.
        JournalDamaged: the record stands in a file that is broken.
    """
    number = event.rpartition("-")[2]
    if not number.isdecimal():
        return None
    offset = Offset(int(number))
    for path in reversed(_paths(folder)):
        if first_offset(path) > offset:
            continue
        with closing(JournalFile(path, Access.READ)) as file:
            if event_id(file.id, offset) == event:
                return next(iter(file.read(Offset(offset - 1), 1)), None)
        return None
    return None


def _arrival(file: JournalFile) -> datetime | None:
    """When the file's newest record came; None where it is empty."""
    for entry in file.read(Offset(file.last - 1), 1):
        return entry.record.at
    return None


def _paths(folder: Path) -> list[Path]:
    found = (path for path in folder.glob("*.journal") if path.stem.isdecimal())
    return sorted(found, key=first_offset)


def _aside(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.journal.damaged*")):
        if not path.name.endswith(("-wal", "-shm")):
            yield path.name
