"""Events on disk: sealed Parquet segments, and the tail in memory that is still to be sealed.

DuckDB narrows (agency, time, fields often asked for), then `fits` decides on each row: the answer
is the reference's by construction. DuckDB owns no data; it reads the files we name to it.

A segment that cannot be read is renamed to `.damaged` and told; the others serve.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from threading import Lock

import duckdb

from sentinel.errors import SentinelError, StoreDamaged
from sentinel.model.event import Event
from sentinel.model.ids import AgencyId, EventId, Offset
from sentinel.ports import EventQuery
from sentinel.store.events_memory import fits, newest, no_such_event
from sentinel.store.narrow import narrow
from sentinel.store.segment import (
    NAME,
    ROW,
    Segment,
    micros,
    open_segment,
    read_row,
    verify_segment,
    write_segment,
)

SEAL_BYTES = 64 << 20  # of raw text: what the tail may weigh in memory
FILES_AT_ONCE = 16
PAGE = 1000
LARGEST_PAGE = 16_000

# DuckDB fetches nothing from the network, spills nothing to disk, and leaves memory to the others.
_DUCKDB: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "temp_directory": "",
    "memory_limit": "1GB",
}
_FROM = f"SELECT {ROW} FROM read_parquet(?) WHERE "  # noqa: S608 - a constant
_NEWEST_FIRST = ' ORDER BY "at" DESC, "offset" DESC LIMIT ?'


class ParquetEvents:
    """Implements `ports.EventStore` over a folder of `events-<first>-<last>.parquet`.

    The tail is sealed by itself at `seal_events` events, or earlier where their raw text weighs
    more than `SEAL_BYTES`.
    """

    def __init__(self, folder: Path, *, seal_events: int = 50_000) -> None:
        """Open the segments of this folder; half-written ones are removed.

        Raises:
            OSError: the folder cannot be used.
        """
        self._folder = folder
        self._seal_events = seal_events
        self._writing = Lock()  # append and seal, one at a time
        self._lock = Lock()  # what follows, for moments only
        self._tail: dict[EventId, Event] = {}
        self._tail_bytes = 0
        self._damaged: list[str] = []
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._segments = self._load()
        self._sealed = self._segments[-1].last if self._segments else Offset(0)
        self._taken = self._sealed
        self._duckdb = duckdb.connect(":memory:", config=_DUCKDB)

    def append(self, events: Sequence[Event]) -> None:
        """Take events in journal order; those that were taken before are passed over.

        Raises:
            OSError: the tail was due to be sealed and the disk refused; it stays in memory.
        """
        with self._writing:
            for event in events:
                if event.offset <= self._taken:
                    continue
                with self._lock:
                    self._tail[event.id] = event
                self._taken = event.offset
                self._tail_bytes += len(event.raw)
                if len(self._tail) >= self._seal_events or self._tail_bytes >= SEAL_BYTES:
                    self._seal_tail()

    def sealed_through(self) -> Offset:
        """The last offset of the highest segment that was found or written since the opening."""
        with self._lock:
            return self._sealed

    def seal(self) -> None:
        """Put the tail on disk now. Raises OSError."""
        with self._writing:
            self._seal_tail()

    def get(self, agency: AgencyId | None, event: EventId) -> Event:
        """One event of this agency. Raises NotFound."""
        while True:
            with self._lock:
                segments, found = self._segments, self._tail.get(event)
            try:
                found = found or self._get_sealed(segments, event)
            except _LookAgainError:
                continue
            if found is None or found.agency != agency:
                raise no_such_event(agency, event)
            return found

    def search(self, query: EventQuery) -> Sequence[Event]:
        """Events that fit, newest first: segments and tail as they are at one moment."""
        while True:
            segments, tail = self._snapshot()
            found = newest((event for event in tail.values() if fits(event, query)), query.limit)
            try:
                return self._search_sealed(_in_time(segments, query), query, found)
            except _LookAgainError:
                continue

    def damaged(self) -> Sequence[str]:
        """What was set aside since the store was opened."""
        with self._lock:
            return list(self._damaged)

    def close(self) -> None:
        """Seal and let go."""
        self.seal()
        self._duckdb.close()

    def _snapshot(self) -> tuple[tuple[Segment, ...], dict[EventId, Event]]:
        with self._lock:
            return self._segments, dict(self._tail)

    def _seal_tail(self) -> None:
        if not self._tail:
            return
        segment = write_segment(self._folder, list(self._tail.values()))
        with self._lock:
            self._segments = (*self._segments, segment)
            self._tail = {}
            self._sealed = segment.last
        self._tail_bytes = 0

    # -- reading segments ------------------------------------------------------------------------

    def _get_sealed(self, segments: Sequence[Segment], event: EventId) -> Event | None:
        files = [
            segment for segment in segments if segment.lowest_id <= event <= segment.highest_id
        ]
        events = self._read(files, ["id = ?"], [event], 1) if files else []
        return events[0] if events else None

    def _search_sealed(
        self, segments: Sequence[Segment], query: EventQuery, found: list[Event]
    ) -> list[Event]:
        """Add what sealed segments have to what was found, newest files first."""
        left = sorted(segments, key=lambda segment: segment.newest, reverse=True)
        while left and query.limit > 0:
            if len(found) >= query.limit and micros(found[-1].at) > left[0].newest:
                break
            group, left = left[:FILES_AT_ONCE], left[FILES_AT_ONCE:]
            found = newest([*found, *self._search_group(group, query)], query.limit)
        return found

    def _search_group(self, group: Sequence[Segment], query: EventQuery) -> Iterator[Event]:
        """At most `limit` events of these files that fit, newest first, read page by page."""
        narrowing = narrow(group, query)
        size = query.limit if narrowing.exact else max(PAGE, query.limit)
        wanted = query.limit
        conditions, values = narrowing.conditions, narrowing.values
        while True:
            events = self._read(group, conditions, values, size)
            for event in events:
                if wanted > 0 and fits(event, query):
                    yield event
                    wanted -= 1
            if wanted == 0 or len(events) < size:
                return
            last = events[-1]
            conditions = [*narrowing.conditions, '("at" < ? OR ("at" = ? AND "offset" < ?))']
            values = [*narrowing.values, last.at, last.at, last.offset]
            size = min(size * 2, max(LARGEST_PAGE, size))

    def _read(
        self,
        segments: Sequence[Segment],
        conditions: Sequence[str],
        values: Sequence[object],
        limit: int,
    ) -> list[Event]:
        """Run one statement over these files.

        Raises:
            _LookAgainError: one of them was damaged and is set aside.
        """
        files = [_literal(segment.path) for segment in segments]
        sql = _FROM + " AND ".join(conditions) + _NEWEST_FIRST
        try:
            with closing(self._duckdb.cursor()) as cursor:
                rows = cursor.execute(sql, [files, *values, limit]).fetchall()
            return [read_row(row) for row in rows]
        except (duckdb.Error, StoreDamaged) as error:
            if not self._set_aside_damaged(segments):
                raise SentinelError(
                    f"{self._folder}: the events cannot be searched now: {error}"
                ) from error
            raise _LookAgainError from error

    # -- damage ----------------------------------------------------------------------------------

    def _load(self) -> tuple[Segment, ...]:
        for part in self._folder.glob("events-*.parquet.part"):
            part.unlink()
        segments = []
        for path in self._folder.iterdir():
            if name := NAME.fullmatch(path.name):
                try:
                    segments.append(open_segment(path))
                except StoreDamaged as error:
                    what = f"its events (offsets {name[1]} to {name[2]})"
                    self._set_aside(path, str(error), what)
        return tuple(sorted(segments, key=lambda segment: segment.first))

    def _set_aside_damaged(self, segments: Sequence[Segment]) -> bool:
        """Find which of these made a search fail; False where all are whole."""
        found = False
        for segment in segments:
            try:
                verify_segment(segment.path)
            except StoreDamaged as damage:
                found = True
                with self._lock:
                    if segment in self._segments:  # else another thread was here first
                        self._segments = tuple(
                            other for other in self._segments if other is not segment
                        )
                        self._set_aside(segment.path, str(damage), segment.sentence)
        return found

    def _set_aside(self, path: Path, why: str, what: str) -> None:
        number, aside = 1, path.with_name(f"{path.name}.damaged")
        while aside.exists():
            number += 1
            aside = path.with_name(f"{path.name}.damaged-{number}")
        if path.exists():
            path.rename(aside)
        self._damaged.append(f"{path}: {why}; set aside as {aside.name}: {what} cannot be found")


class _LookAgainError(Exception):
    """The files of a snapshot have changed under a search; with a new one it will work."""


def _in_time(segments: Sequence[Segment], query: EventQuery) -> list[Segment]:
    return [
        segment
        for segment in segments
        if (query.since is None or segment.newest >= micros(query.since))
        and (query.until is None or segment.oldest < micros(query.until))
    ]


def _literal(path: Path) -> str:
    """A path as DuckDB takes it: in file names of its own it sees patterns."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))
