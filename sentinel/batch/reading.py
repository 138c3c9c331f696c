"""Files become fields: each record of a file in order, and its event where one is wanted."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, islice
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

# When an example's line arrives: the year of a stamp without one is the newest that fits.
EXAMPLE_ARRIVAL = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)

_AROUND = b"\x1e \t\r\n"
_WANTED = {"auto": Wanted.NATIVE, "native": Wanted.NATIVE, "ecs": Wanted.ECS}

Seen = tuple[Fields, bytes | None]  # a record's fields, and the JSON object they were read from


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
    last.
    """

    def __init__(self, file: Path, number: int, request: DetectRequest, summary: Summary) -> None:
        self._file = file
        self._number = number
        self._request = request
        self._summary = summary
        self._wanted = _WANTED.get(request.pipeline, Wanted.BOTH)
        self._called = called(request.pipeline)
        self._written = datetime.fromtimestamp(0, UTC)
        self._record = 0
        self._broken = 0
        self._fields: Fields = {}
        self._made: Event | None = None  # of a line of text, which is read whole
        self._last = NO_TIME  # when the newest record happened that said so, as far as was asked
        self._dated: Fields = {}  # the newest record that says when, if it was not asked yet

    def records(self) -> Iterator[Seen]:
        """The fields of each record in order."""
        try:
            with opened(self._file) as found:
                yield from self._records(found)
        except (OSError, EOFError, zlib.error) as error:
            why = getattr(error, "strerror", None) or error
            self._summary.refused.append(Fault(str(self._file), f"the file cannot be read: {why}"))
        self._tell_rest()

    def event(self) -> Event:
        """The event of the record that was given last."""
        if self._made is not None:
            return self._made
        return _event(self._fields, self._id(), Offset(self._record), self.moment())

    def moment(self) -> datetime:
        """When that record happened; where it does not say, when the one before it did."""
        if self._dated:
            self._last = time_of(self._dated) or self._last
            self._dated = {}
        return self._last

    def _records(self, file: Opened) -> Iterator[Seen]:
        # A stamp without a year is the newest that is not after the file was written.
        self._written = datetime.fromtimestamp(self._file.stat().st_mtime, UTC)
        name = self._request.format
        if name == "evtx" or (name == "auto" and file.kind is Kind.EVTX):
            yield from self._objects(evtx.records(file.stream))
            return
        lines = file.lines()
        if name in ("auto", "json"):
            begin = list(islice(_filled(lines), 1))
            lines = chain(begin, lines)
            if name == "json" or (begin and begin[0].lstrip(_AROUND)[:1] in (b"{", b"[")):
                yield from self._json(lines)
                return
        yield from self._text(lines)

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

    def _objects(self, found: Iterator[Found | Broken]) -> Iterator[Seen]:
        wanted, called = self._wanted, self._called
        for each in found:
            self._record += 1
            if isinstance(each, Broken):
                self._blame(each)
                continue
            try:
                fields = fields_of(each.record, wanted, flat=each.flat)
            except TooDeep as error:
                self._blame(Broken(0, str(error)))
                continue
            if called is not None:
                fields = also_called(fields, called.names, called.prefixes)
            self._fields = fields
            self._note_time(fields)
            yield fields, each.text if each.flat and _as_written(fields, wanted) else None

    def _note_time(self, fields: Fields) -> None:
        """Remember the record that says when; what it says is only read where it is wanted."""
        if "@timestamp" in fields or not _TIME_FIELDS.isdisjoint(fields):
            if self._dated and not _is_dated(self._dated):
                self.moment()  # it may say nothing that can be read: then the one before it counts
            self._dated = fields

    def _text(self, lines: Iterator[bytes]) -> Iterator[Seen]:
        for line in _filled(lines):
            self._record += 1
            text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
            if self._request.pipeline == "native":
                self._fields = {"message": text}
                yield self._fields, None
            else:
                self._made = self._normalised(text)
                yield self._made.fields, None

    def _normalised(self, text: str) -> Event:
        record = _line_record(text, self._request.format, self._written, str(self._file))
        event = read(record, self._id(), Offset(self._record))
        tags = event.fields.get("tags")
        if isinstance(tags, list) and TIME_FROM_ARRIVAL in tags:
            at = event.at if self._last == NO_TIME else self._last
            return replace(event, at=at, received=at)
        self._last = event.at
        return replace(event, received=event.at)

    def _blame(self, broken: Broken) -> None:
        """Name what cannot be read: by its line where it has one, and by its number."""
        self._broken += 1
        if self._broken <= FAULTS_TOLD:
            place = f"{self._file}:{broken.line}" if broken.line else str(self._file)
            self._summary.refused.append(Fault(place, f"record {self._record}: {broken.why}"))

    def _tell_rest(self) -> None:
        """Say how many unreadable records were not named one by one."""
        if self._broken > FAULTS_TOLD:
            more = self._broken - FAULTS_TOLD
            self._summary.refused.append(
                Fault(str(self._file), f"{more} more records could not be read")
            )

    def _id(self) -> EventId:
        return EventId(f"{self._number}:{self._record}")


_TIME_FIELDS = frozenset(TIME_FIELDS)


def _as_written(fields: Fields, wanted: Wanted) -> bool:
    """Say whether every value stands in the record as it is: nothing was put together."""
    return wanted is Wanted.NATIVE and fields.get("EventID") not in AUDITED


def _is_dated(fields: Mapping[str, object]) -> bool:
    """Say whether it surely says when: by a stamp as nearly every log writes it."""
    stamp = fields.get("@timestamp")
    return type(stamp) is str and stamp[:2] == "20" and stamp[-1:] == "Z"


def _filled(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line for line in lines if line.strip(_AROUND))


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
