"""Files become fields: each record of a file in order, and its event where one is wanted."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from io import BytesIO
from itertools import chain
from pathlib import Path

from sentinel.batch.request import DetectRequest, Summary, check
from sentinel.batch.rules import called, pipeline_of
from sentinel.detect.told import NO_TIME
from sentinel.errors import Fault, InputError
from sentinel.formats import evtx, jsontext
from sentinel.formats.jsontext import Broken, Found, NotJson
from sentinel.formats.opened import Kind, Opened, opened
from sentinel.model.event import Event, Fields
from sentinel.model.ids import EventId, InputName, Offset
from sentinel.model.record import Record
from sentinel.normalise.json_record import Wanted, also_called, fields_of
from sentinel.normalise.objects import TIME_FIELDS, TooDeep, time_of
from sentinel.normalise.read import TIME_FROM_ARRIVAL, read
from sentinel.normalise.windows.audit import AUDITED

FAULTS_TOLD = 20  # unreadable records of one file that are named one by one
UNREADABLE = (OSError, EOFError, zlib.error)  # a file that cannot be read, or not to its end

# When an example's line arrives: the year of a stamp without one is the newest that fits.
EXAMPLE_ARRIVAL = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)

EARLIEST = datetime.min.replace(tzinfo=UTC)  # of what nothing says when it happened, in order

_AROUND = b"\x1e \t\r\n"
_UNRESOLVED = 16  # records whose stamps are remembered until somebody asks when they happened
_WANTED = {"auto": Wanted.NATIVE, "native": Wanted.NATIVE, "ecs": Wanted.ECS}

Seen = tuple[Fields, bytes | None]  # a record's fields, and the JSON object they were read from


class Shape(Enum):
    """What a file's lines are."""

    JSON = "json"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a file, by its number, and when the file was written."""

    file: int
    shape: Shape
    lines: bytes
    written: datetime


def events_of(file: Path, request: DetectRequest, summary: Summary) -> Iterator[Event]:
    """The events of one file, read as `detect` reads them; the summary names what cannot be.

    Raises:
        InputError: the request itself is wrong: no such pipeline or format.
    """
    check(request)
    pipeline_of(request.pipeline)
    reader = Reader(file, 0, request, summary)
    return (reader.event() for _ in reader.records())


def read_line(line: str, name: str) -> Event:
    """The event of one line of an example, in the format "syslog", "access" or "json".

    Raises:
        InputError: the line is no JSON object.
    """
    if name != "json":
        return read(_line_record(line, name, EXAMPLE_ARRIVAL), EventId("example"), Offset(1))
    found = jsontext.value_of(line.encode())
    if not isinstance(found, dict):
        raise InputError([Fault("example", "this line is no JSON object", found=line[:60])])
    fields = fields_of(found, Wanted.NATIVE)
    return _event(fields, EventId("example"), Offset(1), time_of(fields) or EXAMPLE_ARRIVAL)


class Reader:
    """Reads one file's records. What cannot be read is named in the summary, and the rest is done.

    Of most records only the fields are wanted: `event` makes the event of the one that was given
    last, and `record` is its number. `newest` is the latest time that `moment` has said.
    """

    def __init__(self, file: Path, number: int, request: DetectRequest, summary: Summary) -> None:
        self._file = file
        self._number = number
        self._request = request
        self._summary = summary
        self._wanted = _WANTED.get(request.pipeline, Wanted.BOTH)
        self._called = called(request.pipeline)
        self._written = datetime.fromtimestamp(0, UTC)
        self.record = 0
        self.broken: list[tuple[int, Broken]] = []  # what could not be read, the first of it
        self.broken_all = 0
        self.left: int | None = None
        self._fields: Fields = {}
        self._made: Event | None = None  # of a line of text, which is read whole
        self._normalises = False
        self._last: datetime | None = None  # what the newest record says that says when
        self._dated: list[Fields] = []  # newer records that may say when, and were not asked yet
        self.newest: datetime | None = None

    def records(self) -> Iterator[Seen]:
        """The fields of each record in order."""
        failed: Exception | None = None
        try:
            with opened(self._file) as found:
                yield from self._records(found)
        except UNREADABLE as error:
            failed = error
        self.tell(failed)

    def pieces(self, size: int) -> Iterator[Block | Iterator[Seen]]:
        """The same in blocks of about `size` bytes, as far as each of a file's lines is a record.

        What is no such lines comes as fields, which must be taken before the next piece is.

        Raises:
            OSError: the file cannot be read; or EOFError, or zlib.error.
        """
        with opened(self._file) as file:
            self._begin()
            if self._is_evtx(file):
                yield self._objects(evtx.records(file.stream))
                return
            first, blocks = _first_filled(block for block in file.blocks(size) if block)
            line = next(_filled(BytesIO(first)), b"")
            shape = self._shape(line)
            if shape is Shape.JSON and not isinstance(jsontext.value_in(line), dict):
                yield self._json(chain.from_iterable(map(BytesIO, blocks)))
                return
            self._normalises = shape is Shape.TEXT and self._request.pipeline != "native"
            for lines in blocks:
                yield Block(self._number, shape, lines, self._written)

    def within(self, block: Block) -> Iterator[Seen]:
        """The fields of each record of a block, up to where values may stand on several lines.

        Those may be in the next block: `left` is the line from which on nothing was read.
        """
        self._written = block.written
        lines = BytesIO(block.lines)
        if block.shape is Shape.TEXT:
            return self._text(lines)
        return self._objects(self._whole_lines(lines))

    def go_on(self, lines: Iterable[bytes], number: int) -> Iterator[Seen]:
        """The fields of the records in all lines from that number on, where blocks end."""
        return self._objects(jsontext.by_line(enumerate(lines, start=number)))

    def passed(self, records: int, last: datetime | None, newest: datetime | None) -> None:
        """So many records were read elsewhere."""
        self.record += records
        self._last = last or self._last
        if newest is not None:
            self.newest = newest if self.newest is None else max(newest, self.newest)

    def tell(self, failed: Exception | None) -> None:
        """Name what could not be read in the summary."""
        for record, broken in self.broken:
            place = f"{self._file}:{broken.line}" if broken.line else str(self._file)
            self._summary.refused.append(Fault(place, f"record {record}: {broken.why}"))
        if failed is not None:
            why = getattr(failed, "strerror", None) or failed
            self._summary.refused.append(Fault(str(self._file), f"the file cannot be read: {why}"))
        more = self.broken_all - len(self.broken)
        if more:
            self._summary.refused.append(
                Fault(str(self._file), f"{more} more records could not be read")
            )

    def blame(self, record: int, broken: Broken) -> None:
        """Remember what cannot be read: by its line where it has one, and by its number."""
        self.broken_all += 1
        if len(self.broken) < FAULTS_TOLD:
            self.broken.append((record, broken))

    def event(self) -> Event:
        """The event of the record that was given last."""
        if self._made is not None:
            return self._made
        return self._event_of(self.record, self._fields, self.moment() or NO_TIME)

    def event_of(self, record: int, fields: Fields, at: datetime | None) -> Event:
        """The event of a record that was read elsewhere, the `record`-th behind this one's last.

        `at` is None where neither it nor one of those between says when.
        """
        return self._event_of(self.record + record, fields, at or self._otherwise())

    def happened(self) -> datetime | None:
        """When the record happened that was given last; None where neither it nor one before says.

        A line of text without a time happened when the file was written, where nothing else is
        known.
        """
        if self.moment() is None or self._made is None:
            return self._last
        return self._made.at

    def moment(self) -> datetime | None:
        """When the newest record happened that says when."""
        for fields in reversed(self._dated):
            at = time_of(fields)
            if at is not None:
                self._last = at
                break
        self._dated.clear()
        if self._last is not None and (self.newest is None or self._last > self.newest):
            self.newest = self._last
        return self._last

    def _otherwise(self) -> datetime:
        """When a record happened that does not say it."""
        at = self.moment() or NO_TIME
        return self._written if at == NO_TIME and self._normalises else at

    def _begin(self) -> None:
        # A stamp without a year is the newest that is not after the file was written.
        self._written = datetime.fromtimestamp(self._file.stat().st_mtime, UTC)

    def _is_evtx(self, file: Opened) -> bool:
        name = self._request.format
        return name == "evtx" or (name == "auto" and file.kind is Kind.EVTX)

    def _shape(self, line: bytes) -> Shape:
        """What the lines of a file are, by the first that is not blank."""
        name = self._request.format
        like_json = name == "auto" and line.lstrip(_AROUND)[:1] in (b"{", b"[")
        return Shape.JSON if name == "json" or like_json else Shape.TEXT

    def _records(self, file: Opened) -> Iterator[Seen]:
        self._begin()
        if self._is_evtx(file):
            yield from self._objects(evtx.records(file.stream))
            return
        first, lines = _first_filled(file.lines())
        yield from self._json(lines) if self._shape(first) is Shape.JSON else self._text(lines)

    def _json(self, lines: Iterator[bytes]) -> Iterator[Seen]:
        try:
            found = jsontext.records(lines)
        except NotJson as error:
            if self._request.format == "json":
                self._summary.refused.append(Fault(str(self._file), str(error)))
            else:
                yield from self._text(iter(error.lines))
            return
        yield from self._objects(found)

    def _objects(self, found: Iterable[Found | Broken]) -> Iterator[Seen]:
        wanted, called = self._wanted, self._called
        for each in found:
            self.record += 1
            if isinstance(each, Broken):
                self.blame(self.record, each)
                continue
            try:
                fields = fields_of(each.record, wanted, flat=each.flat)
            except TooDeep as error:
                self.blame(self.record, Broken(0, str(error)))
                continue
            if called is not None:
                fields = also_called(fields, called.names, called.prefixes)
            self._fields = fields
            self._note_time(fields)
            yield fields, each.text if each.flat and _as_written(fields, wanted) else None

    def _note_time(self, fields: Fields) -> None:
        """Remember the record that says when; what it says is only read where it is wanted."""
        stamp = fields.get("@timestamp")
        if type(stamp) is str and stamp[:2] == "20" and stamp[-1:] == "Z":
            self._dated.append(fields)
            if len(self._dated) >= _UNRESOLVED:
                self.moment()
        elif not _TIME_FIELDS.isdisjoint(fields):
            # It may say nothing that can be read: then the one before it counts.
            at = time_of(fields)
            if at is not None:
                self._dated.clear()
                self._last = at
            self.moment()

    def _whole_lines(self, lines: Iterable[bytes]) -> Iterator[Found | Broken]:
        left = yield from jsontext.whole_lines(enumerate(lines, start=1))
        self.left = None if left is None else left[0]

    def _text(self, lines: Iterable[bytes]) -> Iterator[Seen]:
        self._normalises = self._request.pipeline != "native"
        for line in _filled(lines):
            self.record += 1
            text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
            if self._normalises:
                self._made = self._normalised(text)
                yield self._made.fields, None
            else:
                self._fields = {"message": text}
                yield self._fields, None

    def _normalised(self, text: str) -> Event:
        record = _line_record(text, self._request.format, self._written, str(self._file))
        event = read(record, self._id(self.record), Offset(self.record))
        tags = event.fields.get("tags")
        if isinstance(tags, list) and TIME_FROM_ARRIVAL in tags:
            at = self._otherwise()
        else:
            at = self._last = event.at
        return replace(event, at=at, received=at)

    def _event_of(self, record: int, fields: Fields, at: datetime) -> Event:
        return _event(fields, self._id(record), Offset(record), at)

    def _id(self, record: int) -> EventId:
        return EventId(f"{self._number}:{record}")


_TIME_FIELDS = frozenset(TIME_FIELDS)


def _as_written(fields: Fields, wanted: Wanted) -> bool:
    """Say whether every value stands in the record as it is: nothing was put together."""
    return wanted is Wanted.NATIVE and fields.get("EventID") not in AUDITED


def _filled(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line for line in lines if line.strip(_AROUND))


def _first_filled(parts: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first part that is not blank, and all parts, blank ones included."""
    begin = []
    for part in parts:
        begin.append(part)
        if part.strip(_AROUND):
            return part, chain(begin, parts)
    return b"", iter(begin)


def _event(fields: Fields, event: EventId, offset: Offset, at: datetime) -> Event:
    return Event(
        id=event,
        offset=offset,
        at=at,
        received=at,
        agency=None,
        source=None,
        fields=fields,
        raw="",  # nothing here shows it: the fields are all there is
        sha256="",
    )


def _line_record(text: str, name: str, arrived: datetime, origin: str = "") -> Record:
    return Record(
        raw=text.encode(),
        at=arrived,
        input=InputName("batch"),
        source=None,
        origin=origin,
        format=name,
    )
