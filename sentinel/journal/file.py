"""One journal file: a SQLite database that holds a run of offsets without gaps.

A row is a batch of records under a checksum; the newest mark of every stream stands beside them
and is written in the same transaction. A file is made whole under another name first, so a file
that bears its name has everything it needs.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from zlib import crc32

import apsw

from sentinel.errors import JournalDamaged, JournalFull
from sentinel.journal.batch import decode, encode
from sentinel.model.ids import InputName, JournalId, Offset
from sentinel.model.record import Record
from sentinel.ports import Entry

FORMAT = 1
BATCH_RECORDS = 1000
BATCH_BYTES = 1 << 20
BUSY_MILLISECONDS = 5000

Positions = Mapping[tuple[InputName, str], str]  # (input, stream) -> mark
_Row = tuple[int, int, int, object]  # last, first, crc, body

_SCHEMA = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL, crc INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE batch(last INTEGER PRIMARY KEY, first INTEGER NOT NULL, crc INTEGER NOT NULL,
                   body BLOB NOT NULL);
CREATE TABLE position(stream TEXT PRIMARY KEY, mark TEXT NOT NULL, crc INTEGER NOT NULL)
    WITHOUT ROWID;
"""
_PUT_META = "INSERT OR REPLACE INTO meta(name, value, crc) VALUES (?, ?, ?)"
_PUT_POSITION = "INSERT OR REPLACE INTO position(stream, mark, crc) VALUES (?, ?, ?)"
_DAMAGE = (
    apsw.CorruptError,
    apsw.NotADBError,
    apsw.FormatError,
    apsw.MismatchError,
    apsw.SQLError,  # our statements are constant: a table is missing
    UnicodeDecodeError,
)
_UNREADABLE = {  # a bad sector; other failures of a read (no room for the -shm file) may pass
    apsw.SQLITE_IOERR_READ,
    apsw.SQLITE_IOERR_SHORT_READ,
    apsw.SQLITE_IOERR_DATA,
    apsw.SQLITE_IOERR_CORRUPTFS,
}
_TROUBLE = (
    apsw.IOError,
    apsw.CantOpenError,
    apsw.BusyError,
    apsw.ReadOnlyError,
    apsw.PermissionsError,
)


class Access(StrEnum):
    """What a file is opened for."""

    WRITE = "write"
    READ = "read"  # changes nothing, and makes no file beside it


class JournalFile:
    """An open file. `first` is its first offset, `last` its newest (`first` - 1 when empty)."""

    def __init__(self, path: Path, access: Access = Access.WRITE) -> None:
        """Open a file that `create` made.

        Raises:
            JournalDamaged: it cannot be what was written.
            OSError: the disk or the permissions do not let us read it.
        """
        self.path = path
        self.access = access
        self.first = first_offset(path)
        with _in_our_words(path):
            self._connection = _connect(path) if access is Access.WRITE else _look(path)
        try:
            with _in_our_words(path):
                self.id, streams = self._check_meta()
                self.positions = self._read_positions(streams)
                self.last = self._newest()
                self.size = int(self._connection.pragma("page_count")) * int(
                    self._connection.pragma("page_size")
                )
        except (JournalDamaged, OSError):
            self._connection.close(True)
            raise

    def append(self, records: Sequence[Record]) -> Offset:
        """Commit records and their positions: one transaction, one fsync.

        Raises:
            JournalFull: SQLite found no room. Nothing was taken.
            JournalDamaged: the file is broken. Nothing was taken.
            OSError: the disk refused. Nothing was taken.
        """
        rows = []
        last: int = self.last
        for chunk in _chunks(records):
            body = encode(chunk)
            first, last = last + 1, last + len(chunk)
            rows.append((last, first, _batch_crc(first, last, body), body))
        marks = {
            (record.input, record.position.stream): record.position.mark
            for record in records
            if record.position is not None
        }
        positions = self.positions | marks
        with _in_our_words(self.path), _transaction(self._connection):
            if len(positions) > len(self.positions):
                self._connection.execute(_PUT_META, _meta_row("streams", str(len(positions))))
            self._connection.executemany(
                "INSERT INTO batch(last, first, crc, body) VALUES (?, ?, ?, ?)", rows
            )
            self._connection.executemany(_PUT_POSITION, _position_rows(marks))
        self.last = Offset(last)
        self.size += sum(len(body) for _, _, _, body in rows)
        self.positions = positions
        return self.last

    def read(self, after: Offset, limit: int) -> Iterator[Entry]:
        """The entries that follow `after`, in order, at most `limit`.

        Raises:
            JournalDamaged: from here on the file cannot be read; what came before was good.
        """
        expected = max(after + 1, self.first)
        for row in self._rows(expected - 1):
            first, last, records = self._checked(row)
            if not first <= expected <= last:
                raise JournalDamaged(f"offset {expected} is missing")
            for offset in range(expected, last + 1):
                if limit <= 0:
                    return
                yield Entry(Offset(offset), records[offset - first])
                limit -= 1
            expected = last + 1
            if limit <= 0:
                return
        if expected <= self.last:
            raise JournalDamaged(f"offset {expected} is missing")

    def close(self) -> None:
        """Write what is in the write-ahead log to the file and let go of it."""
        with _in_our_words(self.path):
            self._connection.close()

    def abandon(self) -> None:
        """Let go of a broken file; nothing is written if it can be helped."""
        self._connection.close(True)

    def _rows(self, after: int) -> Iterator[_Row]:
        """Rows that end after `after`, one by one, so that a damaged one costs only what follows.

        The statement ends with each row: none is left open while the file is written to.
        """
        while True:
            with _in_our_words(self.path):
                row = self._connection.execute(
                    "SELECT last, first, crc, body FROM batch WHERE last > ? ORDER BY last LIMIT 1",
                    (after,),
                ).get
            if row is None:
                return
            yield row
            after = row[0]

    def _checked(self, row: _Row) -> tuple[int, int, list[Record]]:
        last, first, crc, body = row
        if not isinstance(body, bytes) or _batch_crc(first, last, body) != crc:
            raise JournalDamaged(f"the checksum of the batch that ends at offset {last} is wrong")
        return first, last, decode(body)

    def _check_meta(self) -> tuple[JournalId, str]:
        """The journal's name and the number of streams, once the rest is as it must be."""
        meta = {}
        for name, value, crc in self._connection.execute("SELECT name, value, crc FROM meta"):
            if _text_crc(name, value) != crc:
                raise JournalDamaged("the checksum of what it says of itself is wrong")
            meta[name] = value
        if meta.get("format") != str(FORMAT):
            raise JournalDamaged(f"format {meta.get('format')} is not {FORMAT}, the one we read")
        if meta.get("first") != str(self.first) or not {"id", "streams"} <= meta.keys():
            raise JournalDamaged("what it says of itself does not fit its name")
        wanted = self.access is Access.WRITE and os.access(self.path, os.W_OK)
        if wanted and self._connection.readonly("main"):
            raise JournalDamaged("its header says that it may not be written to")
        return JournalId(meta["id"]), meta["streams"]

    def _read_positions(self, streams: str) -> dict[tuple[InputName, str], str]:
        positions = {}
        for stream, mark, crc in self._connection.execute("SELECT stream, mark, crc FROM position"):
            if _text_crc(stream, mark) != crc:
                raise JournalDamaged("the checksum of a position is wrong")
            input_name, name = json.loads(stream)
            positions[InputName(input_name), str(name)] = str(json.loads(mark))
        if str(len(positions)) != streams:
            raise JournalDamaged(f"of {streams} positions {len(positions)} are there")
        return positions

    def _newest(self) -> Offset:
        row = self._connection.execute(
            "SELECT last, first, crc, body FROM batch ORDER BY last DESC LIMIT 1"
        ).get
        if row is None:
            return Offset(self.first - 1)
        _, last, _ = self._checked(row)
        return Offset(last)


def create(path: Path, journal: JournalId, positions: Positions) -> JournalFile:
    """Make an empty file that carries these positions; on return its name is on disk too.

    Raises:
        JournalFull: there is no room for it.
        OSError: the folder cannot be written to.
    """
    made = path.with_name(f"{path.name}.new")
    for leftover in path.parent.glob(f"{made.name}*"):
        leftover.unlink()
    with _in_our_words(made):
        connection = _connect(made)
        with _transaction(connection):
            connection.execute(_SCHEMA)
            connection.executemany(
                _PUT_META,
                [
                    _meta_row("format", str(FORMAT)),
                    _meta_row("id", journal),
                    _meta_row("first", str(first_offset(path))),
                    _meta_row("streams", str(len(positions))),
                ],
            )
            connection.executemany(_PUT_POSITION, _position_rows(positions))
        connection.close()
    made.rename(path)
    fsync_folder(path.parent)
    return JournalFile(path)


def first_offset(path: Path) -> Offset:
    """The offset that a file's name begins with: "000000000001.journal" gives 1."""
    return Offset(int(path.name.partition(".")[0]))


def fsync_folder(folder: Path) -> None:
    """Put the names in a folder on disk: a file that is fsynced can still lose its name."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _connect(path: Path) -> apsw.Connection:
    """Open in WAL mode with an fsync for each commit, and make sure that both took."""
    connection = apsw.Connection(str(path))
    try:
        connection.set_busy_timeout(BUSY_MILLISECONDS)
        mode = connection.pragma("journal_mode", "wal")
        connection.pragma("synchronous", "full")
        synchronous = connection.pragma("synchronous")
    except apsw.Error:
        connection.close(True)
        raise
    if (mode, synchronous) != ("wal", 2):
        connection.close(True)
        raise OSError(
            f"{path}: SQLite gave journal_mode {mode} and synchronous {synchronous}; "
            "the journal needs wal and 2 (full): put it on a local disk"
        )
    return connection


def _look(path: Path) -> apsw.Connection:
    """Open for reading alone. Without a write-ahead log beside it nobody has the file open."""
    in_use = Path(f"{path}-wal").exists()
    uri = f"{path.resolve().as_uri()}?{'mode=ro' if in_use else 'mode=ro&immutable=1'}"
    connection = apsw.Connection(uri, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
    connection.set_busy_timeout(BUSY_MILLISECONDS)
    return connection


@contextmanager
def _transaction(connection: apsw.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def _in_our_words(path: Path) -> Iterator[None]:
    """Say SQLite's errors as ours. What the disk cannot give back is damage too."""
    try:
        yield
    except apsw.FullError as error:
        raise JournalFull(
            f"{path}: no room on the disk ({error}); nothing was taken: make room, it goes on then"
        ) from error
    except _DAMAGE as error:
        raise JournalDamaged(str(error)) from error
    except _TROUBLE as error:
        if getattr(error, "extendedresult", 0) in _UNREADABLE:  # apsw's types leave it out
            raise JournalDamaged(str(error)) from error
        raise OSError(f"{path}: {error}") from error


def _chunks(records: Sequence[Record]) -> Iterator[list[Record]]:
    """Cut into batches that are quick to read back one by one."""
    chunk: list[Record] = []
    size = 0
    for record in records:
        if chunk and (len(chunk) >= BATCH_RECORDS or size + len(record.raw) > BATCH_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(record)
        size += len(record.raw)
    if chunk:
        yield chunk


def _position_rows(positions: Positions) -> Iterable[tuple[str, str, int]]:
    for (input_name, name), mark in positions.items():
        stream, text = json.dumps([input_name, name]), json.dumps(mark)
        yield stream, text, _text_crc(stream, text)


def _meta_row(name: str, value: str) -> tuple[str, str, int]:
    return name, value, _text_crc(name, value)


def _text_crc(name: str, value: str) -> int:
    return crc32(f"{name} {value}".encode())


def _batch_crc(first: int, last: int, body: bytes) -> int:
    return crc32(body, crc32(f"{first}-{last}".encode()))
