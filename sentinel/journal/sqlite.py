"""The journal on disk: a row of SQLite files in one folder, the newest one written to.

    lock                            held as long as the journal is open
    high-water                      its name and the highest offset given out
    000000000001.journal            a file is named by its first offset
    000000125001.journal.damaged    set aside: kept for people, never read again
    000000250001.journal

Files are dropped whole, so nothing is ever deleted inside one, and damage costs one file.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from sentinel.errors import AlreadyRunning, JournalDamaged, JournalFull
from sentinel.journal.file import JournalFile, Positions, create, first_offset
from sentinel.journal.high_water import HighWater, Mark
from sentinel.model.ids import InputName, JournalId, Offset
from sentinel.model.record import Record
from sentinel.ports import Entry

GIB = 1 << 30
MIB = 1 << 20
READ_BYTES = 16 * MIB  # what one reading may weigh, whatever the number of records

# After a power cut the high-water mark may lie behind by what arrived since the kernel last wrote
# it. Where it is all we have, numbering goes on this much higher.
MARK_MARGIN = 1_000_000


def free_bytes(folder: Path) -> int:
    """How much of the disk that holds this folder may still be filled, in bytes."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


@dataclass(frozen=True, slots=True)
class _Kept:
    """A readable file that is closed."""

    path: Path
    id: JournalId
    last: Offset


class _Taken:
    """Entries that are being read, until there are enough of them."""

    def __init__(self, limit: int) -> None:
        self.entries: list[Entry] = []
        self._limit = limit
        self._bytes = 0

    @property
    def full(self) -> bool:
        """Whether no more may be taken."""
        return len(self.entries) >= self._limit or self._bytes >= READ_BYTES

    def take(self, found: Iterable[Entry]) -> None:
        """Take from these until there are enough."""
        for entry in found:
            if self.full:
                return
            self.entries.append(entry)
            self._bytes += len(entry.record.raw)


class SqliteJournal:
    """Implements `ports.Journal`. Threads may share it; a lock lets in one at a time.

    `reserve_bytes` of the disk stay free: below that `append` raises JournalFull. A file that has
    grown to `file_bytes` is followed by a new one. `free` says how many bytes a folder has left.
    """

    def __init__(
        self,
        folder: Path,
        *,
        reserve_bytes: int = GIB,
        file_bytes: int = 256 * MIB,
        free: Callable[[Path], int] = free_bytes,
    ) -> None:
        """Open the journal in this folder, or make one.

        Raises:
            AlreadyRunning: another journal is open on this folder.
            OSError: the folder cannot be written to.
        """
        self._folder = folder
        self._reserve_bytes = reserve_bytes
        self._file_bytes = file_bytes
        self._free = free
        self._lock = Lock()
        self._damaged: list[str] = []
        self._kept: list[_Kept] = []
        self._reading: JournalFile | None = None  # the one file of _kept that is open
        self._newest: JournalFile | None = None  # None: the next append makes it
        self._carried: Positions = {}  # for a newest file that is still to be made
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with ExitStack() as opened:
            opened.callback(os.close, _hold(folder))
            self._high_water = HighWater(folder / "high-water")
            opened.callback(self._high_water.close)
            self._load()
            self._opened = opened.pop_all()

    @property
    def id(self) -> JournalId:
        """Its name, the same in every file."""
        return self._id

    def append(self, records: Sequence[Record]) -> Offset:
        """Keep these records and return the offset of the last.

        Raises:
            JournalFull: the disk reserve is reached, or SQLite found no room. Nothing was taken.
            OSError: the disk refused for another reason. Nothing was taken.
        """
        with self._lock:
            if records:
                self._check_reserve()
                try:
                    self._last = self._writable().append(records)
                except JournalDamaged as error:
                    self._drop_newest(str(error))
                    self._last = self._writable().append(records)
                self._high_water.write(Mark(self._id, self._last))
            return self._last

    def read(self, after: Offset, limit: int) -> Sequence[Entry]:
        """The entries that follow `after`, at most `limit`; damaged files are passed over.

        Fewer where they are large: when `READ_BYTES` are reached no more is read.
        """
        entries = _Taken(limit)
        with self._lock:
            for kept in [kept for kept in self._kept if kept.last > after]:
                if entries.full:
                    return entries.entries
                try:
                    entries.take(self._opened_for_reading(kept).read(after, limit))
                except JournalDamaged as error:
                    self._drop_kept(kept, str(error))
            if self._newest is not None:
                try:
                    entries.take(self._newest.read(after, limit))
                except JournalDamaged as error:
                    self._drop_newest(str(error))
        return entries.entries

    def last(self) -> Offset:
        """The highest offset given out, 0 before the first."""
        with self._lock:
            return self._last

    def positions(self, input_name: InputName) -> Mapping[str, str]:
        """The newest mark of each stream of this input."""
        with self._lock:
            positions = self._carried if self._newest is None else self._newest.positions
            return {name: mark for (owner, name), mark in positions.items() if owner == input_name}

    def drop_through(self, offset: Offset) -> None:
        """Unlink the files that hold nothing newer than `offset`, never the newest file."""
        with self._lock:
            for kept in [kept for kept in self._kept if kept.last <= offset]:
                self._stop_reading(kept.path)
                self._kept.remove(kept)
                for name in _names(kept.path):
                    name.unlink(missing_ok=True)

    def damaged(self) -> Sequence[str]:
        """What was set aside since the journal was opened."""
        with self._lock:
            return list(self._damaged)

    def close(self) -> None:
        """Write what is pending and let go of the files and the folder."""
        with self._lock, self._opened:
            if self._reading is not None:
                self._stop_reading(self._reading.path)
            if self._newest is not None:
                self._newest.close()

    # -- writing and reading -------------------------------------------------------------------

    def _check_reserve(self) -> None:
        free = self._free(self._folder)
        if free < self._reserve_bytes:
            raise JournalFull(
                f"{self._folder}: {free // MIB} MiB of the disk are free, less than the reserve "
                f"of {self._reserve_bytes // MIB} MiB; nothing was taken: make room on this disk, "
                "it goes on then"
            )

    def _writable(self) -> JournalFile:
        """The newest file; a new one where there is none or it has grown large."""
        old = self._newest
        if old is not None and (old.size < self._file_bytes or old.last < old.first):
            return old
        positions = self._carried if old is None else old.positions
        path = self._folder / f"{self._last + 1:012d}.journal"
        self._newest = create(path, self._id, positions)
        if old is not None:
            self._kept.append(_Kept(old.path, old.id, old.last))
            old.close()
        return self._newest

    def _opened_for_reading(self, kept: _Kept) -> JournalFile:
        if self._reading is None or self._reading.path != kept.path:
            if self._reading is not None:
                self._stop_reading(self._reading.path)
            self._reading = JournalFile(kept.path)
        return self._reading

    def _stop_reading(self, path: Path) -> None:
        if self._reading is not None and self._reading.path == path:
            self._reading.close()
            self._reading = None

    # -- damage ----------------------------------------------------------------------------------

    def _drop_kept(self, kept: _Kept, why: str) -> None:
        if self._reading is not None and self._reading.path == kept.path:
            self._reading.abandon()
            self._reading = None
        self._kept.remove(kept)
        self._set_aside(kept.path, why, kept.last)

    def _drop_newest(self, why: str) -> None:
        if self._newest is not None:
            broken, self._newest = self._newest, None
            self._carried = broken.positions
            broken.abandon()
            self._set_aside(broken.path, why, self._last)

    def _set_aside(self, path: Path, why: str, last: int, at_least: str = "") -> None:
        """Rename a file, with its write-ahead log, and say how many offsets it covers."""
        number, aside = 1, path.with_name(f"{path.name}.damaged")
        while aside.exists():
            number += 1
            aside = path.with_name(f"{path.name}.damaged-{number}")
        for old, new in zip(_names(path), _names(aside), strict=True):
            if old.exists():
                old.rename(new)
        first = first_offset(path)
        self._damaged.append(
            f"{path}: {why}; set aside as {aside.name}: offsets {first} to {last} are passed over "
            f"({max(0, last - first + 1)} records{at_least})"
        )

    # -- opening ---------------------------------------------------------------------------------

    def _load(self) -> None:
        """Open what is there, set aside what cannot be read, have a newest file to write to."""
        whys: dict[Path, str] = {}
        for path in self._paths():
            try:
                file = JournalFile(path)
            except JournalDamaged as error:
                whys[path] = str(error)
            else:
                self._kept.append(_Kept(path, file.id, file.last))
                self._carried = file.positions
                file.close()
        mark = self._high_water.read()
        self._id = self._kept[-1].id if self._kept else mark.journal if mark else _new_id()
        for kept in [kept for kept in self._kept if kept.id != self._id]:
            whys[kept.path] = f"it belongs to journal {kept.id}, this one is {self._id}"
            self._kept.remove(kept)
        marked = mark.offset if mark and mark.journal == self._id else None
        self._last = self._go_on_after(whys, marked)
        if self._kept and self._kept[-1].last == self._last:
            self._newest = JournalFile(self._kept.pop().path)
        self._high_water.write(Mark(self._id, self._last))
        if self._newest is None:
            with suppress(JournalFull):  # what is there can be read; the next append tries again
                self._writable()

    def _paths(self) -> list[Path]:
        """The journal files by first offset. Other names are not ours and are left alone."""
        found = (path for path in self._folder.glob("*.journal") if path.stem.isdecimal())
        return sorted(found, key=first_offset)

    def _go_on_after(self, whys: Mapping[Path, str], marked: Offset | None) -> Offset:
        """Set broken files aside, say what is lost, and find the offset that numbering follows."""
        reached = self._kept[-1].last if self._kept else 0
        paths = self._paths()
        following = [first_offset(path) - 1 for path in paths[1:]]
        for path, last in zip(paths, following, strict=False):
            if path in whys:
                self._set_aside(path, whys[path], last)
        last = max(reached, marked or 0)
        if paths and paths[-1] in whys:
            first = first_offset(paths[-1])
            last = max(last, first - 1)
            size = sum(name.stat().st_size for name in _names(paths[-1]) if name.exists())
            self._set_aside(paths[-1], whys[paths[-1]], last, " at least")
            # Without a mark: every record takes a byte, so the size bounds their number.
            last += max(size, self._file_bytes) if marked is None else MARK_MARGIN
        elif last > reached:
            self._damaged.append(
                f"{self._folder}: offsets {reached + 1} to {last} were given out but are not in "
                f"the files any more ({last - reached} records): a write-ahead log was damaged or "
                "a file was taken away"
            )
        return Offset(last)


def _hold(folder: Path) -> int:
    """Take the folder's lock; it goes with the file descriptor, also when the process dies."""
    opened = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(opened)
        raise AlreadyRunning(
            f"{folder}: another Sentinel writes to this journal; stop it first, or give this one "
            "another data folder"
        ) from error
    return opened


def _new_id() -> JournalId:
    return JournalId(secrets.token_hex(4))


def _names(path: Path) -> list[Path]:
    """A SQLite file and the two that stand beside it while it is open."""
    return [path, Path(f"{path}-wal"), Path(f"{path}-shm")]
