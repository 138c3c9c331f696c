"""`sentinel detect`: rules over files, without a store; what is found comes out as it is found.

A file is read once, from the start; memory holds one record at a time, except for JSON that is not
one object a line. A record's number counts the records of its file from 1 (blank lines are none).
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from sentinel.detect.engine import Engine
from sentinel.detect.plan.start import Keep, plan
from sentinel.detect.ruleset import RuleSet
from sentinel.detect.told import NO_TIME, told
from sentinel.documents.kept import key_of
from sentinel.documents.source import SourceText, read_source, yaml_texts
from sentinel.errors import Fault, InputError
from sentinel.formats import evtx, jsontext
from sentinel.formats.jsontext import Broken, Found, NotJson
from sentinel.formats.opened import Kind, Opened, opened
from sentinel.meter import Stopwatch
from sentinel.model.event import Event, Fields
from sentinel.model.ids import EventId, InputName, Offset
from sentinel.model.profile import MATCH, DetectionProfile
from sentinel.model.record import Record
from sentinel.normalise.json_record import Wanted, also_called, fields_of
from sentinel.normalise.objects import TooDeep, time_of
from sentinel.normalise.read import TIME_FROM_ARRIVAL, read
from sentinel.resources import LIBRARIES, program_mark, pysigma_plugins, shipped

if TYPE_CHECKING:
    from sigma.processing.pipeline import ProcessingPipeline

    from sentinel.detect.sigma.called import Called

OWN_PIPELINES = ("auto", "native", "ecs")  # they change no rule
FORMATS = ("auto", "evtx", "json", "syslog", "access")
LATER_FORMATS = ("eve", "zeek", "cef", "auditd", "pcap")
FAULTS_TOLD = 20  # unreadable records of one file that are named one by one

# When an example's line arrives: the year of a stamp without one is the newest that fits.
EXAMPLE_ARRIVAL = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)

_AROUND = b"\x1e \t\r\n"
_WANTED = {"auto": Wanted.NATIVE, "native": Wanted.NATIVE, "ecs": Wanted.ECS}


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectRequest:
    """What to hold against what. `workers` never changes the result; one does all the work now.

    `placeholders` is a file of their values, by itself the shipped one.
    """

    rules: tuple[Path, ...]
    files: tuple[Path, ...]
    pipeline: str = "auto"
    format: str = "auto"
    workers: int = 1
    placeholders: Path | None = None


@dataclass(slots=True, kw_only=True)
class Summary:
    """How it went; complete when the last detection was taken. `refused` says what, and why."""

    events: int = 0
    detections: int = 0
    seconds: float = 0.0
    rules_loaded: int = 0
    refused: list[Fault] = field(default_factory=list)
    profile: DetectionProfile = field(default_factory=DetectionProfile)


def detect(
    request: DetectRequest,
    summary: Summary,
    *,
    keep: Keep | None = None,
    seconds: Callable[[], float] = time.perf_counter,
) -> Iterator[dict[str, object]]:
    """Hold the rules against the files; yields one object a detection and fills the summary.

    `keep` is where rules that were read are kept for the next time.

    Raises:
        InputError: the request itself is wrong (exit 2): no such pipeline or format, placeholders
            that cannot be used.
    """
    _check(request)
    return _detect(request, _rules(request, summary, keep), summary, seconds)


def events_of(file: Path, request: DetectRequest, summary: Summary) -> Iterator[Event]:
    """The events of one file, read as `detect` reads them; the summary names what cannot be.

    Raises:
        InputError: the request itself is wrong: no such pipeline or format.
    """
    _check(request)
    pipeline_of(request.pipeline)
    return _events(file, 0, request, summary)


def pipeline_of(name: str) -> ProcessingPipeline | None:
    """The pySigma pipeline of this name; None for auto, native and ecs, which change no rule.

    Raises:
        InputError: there is none of this name.
    """
    if name in OWN_PIPELINES:
        return None
    # pySigma takes a good part of a second to import: a start from kept rules does without it.
    from sentinel.detect.sigma import public  # noqa: PLC0415 - see above

    if name not in public.pipeline_names():
        allowed = ", ".join((*OWN_PIPELINES, *public.pipeline_names()))
        message = "no such pipeline is installed"
        raise InputError([Fault("--pipeline", message, found=name, allowed=allowed)])
    return public.public_pipeline(name)


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


def _check(request: DetectRequest) -> None:
    faults = []
    if request.format in LATER_FORMATS:
        message = f"the format {request.format} is not supported yet"
        faults.append(Fault("--format", message, allowed=", ".join(FORMATS)))
    elif request.format not in FORMATS:
        allowed = ", ".join(FORMATS)
        faults.append(Fault("--format", "no such format", found=request.format, allowed=allowed))
    if request.workers < 1:
        faults.append(Fault("--workers", "there must be one at least", found=str(request.workers)))
    if faults:
        raise InputError(faults)


def _rules(request: DetectRequest, summary: Summary, keep: Keep | None) -> RuleSet:
    """The rules of the request, as they were kept or read afresh."""
    texts = list(_rule_texts(request.rules, summary))
    values = placeholders_text(request.placeholders)

    def read_afresh() -> RuleSet:
        from sentinel.detect.sigma.load import load  # noqa: PLC0415 - as in pipeline_of
        from sentinel.detect.sigma.placeholders import read_placeholders  # noqa: PLC0415 - too

        placeholders = read_placeholders(values)
        return load(texts, pipeline_of(request.pipeline), placeholders=placeholders)

    return plan("" if keep is None else _key([values, *texts], request), keep, read_afresh).rules


def placeholders_text(file: Path | None) -> SourceText:
    """The file of placeholders' values, the shipped one where none is named.

    Raises:
        InputError: it cannot be read.
    """
    if file is not None:
        return read_source(file)
    name = "placeholders.yml"
    return read_source(shipped("config").joinpath(name), f"config/{name}")


def _key(texts: Sequence[SourceText], request: DetectRequest) -> str:
    """All that has a part in what these texts become."""
    if request.pipeline in OWN_PIPELINES:
        return key_of(texts, program_mark())
    return key_of(texts, program_mark((*LIBRARIES, *pysigma_plugins())), request.pipeline)


def _detect(
    request: DetectRequest,
    ruleset: RuleSet,
    summary: Summary,
    seconds: Callable[[], float],
) -> Iterator[dict[str, object]]:
    summary.rules_loaded = len(ruleset.cards)
    summary.refused += ruleset.refused
    engine = Engine(ruleset)
    watch = Stopwatch(seconds)
    started = seconds()
    for number, file in enumerate(request.files):
        for event in watch.each("read", _events(file, number, request, summary)):
            found = watch.now_and_then(MATCH, summary.events, engine.match, event)
            summary.events += 1
            for detection in found:
                summary.detections += 1
                summary.seconds = seconds() - started
                yield told(detection, [str(each) for each in request.files])
    summary.seconds = seconds() - started
    summary.profile = engine.profile().on_the_way(watch.costs())
    summary.refused += [Fault(str(rule), why) for rule, why in engine.rested.items()]


def _rule_texts(roots: Sequence[Path], summary: Summary) -> Iterator[SourceText]:
    for root in roots:
        if not root.is_dir():
            try:
                yield read_source(root)
            except InputError as error:
                summary.refused += error.faults
            continue
        try:
            yield from yaml_texts([root])
        except (OSError, UnicodeDecodeError) as error:
            summary.refused.append(Fault(str(root), f"the rules cannot be read: {error}"))


def _events(file: Path, number: int, request: DetectRequest, summary: Summary) -> Iterator[Event]:
    """The events of a file; what cannot be read is noted, and the rest is done."""
    made = _Maker(file, number, request, summary)
    try:
        with opened(file) as found:
            yield from made.events(found)
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or error
        summary.refused.append(Fault(str(file), f"the file cannot be read: {why}"))
    made.tell_rest()


def _called(name: str) -> Called | None:
    """What a public pipeline calls the fields of rules; None for our own ones."""
    pipeline = pipeline_of(name)
    if pipeline is None:
        return None
    from sentinel.detect.sigma.called import called_by  # noqa: PLC0415 - as in pipeline_of

    return called_by(pipeline)


class _Maker:
    """Makes events of one file's records."""

    def __init__(self, file: Path, number: int, request: DetectRequest, summary: Summary) -> None:
        self._file = file
        self._number = number
        self._request = request
        self._summary = summary
        self._wanted = _WANTED.get(request.pipeline, Wanted.BOTH)
        self._called = _called(request.pipeline)
        self._written = datetime.fromtimestamp(0, UTC)
        self._record = 0
        self._broken = 0
        self._last: datetime | None = None

    def events(self, file: Opened) -> Iterator[Event]:
        """The events in order."""
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

    def tell_rest(self) -> None:
        """Say how many unreadable records were not named one by one."""
        if self._broken > FAULTS_TOLD:
            more = self._broken - FAULTS_TOLD
            self._summary.refused.append(
                Fault(str(self._file), f"{more} more records could not be read")
            )

    def _json(self, lines: Iterator[bytes]) -> Iterator[Event]:
        try:
            found = jsontext.records(lines)
        except NotJson as error:
            if self._request.format == "json":
                self._summary.refused.append(Fault(str(self._file), str(error)))
            else:
                yield from self._text(iter(error.lines))
            return
        yield from self._objects(found)

    def _objects(self, found: Iterator[Found | Broken]) -> Iterator[Event]:
        for each in found:
            self._record += 1
            if isinstance(each, Broken):
                self._blame(each)
                continue
            try:
                fields = fields_of(each.record, self._wanted, flat=each.flat)
            except TooDeep as error:
                self._blame(Broken(0, str(error)))
                continue
            if self._called is not None:
                fields = also_called(fields, self._called.names, self._called.prefixes)
            self._last = time_of(fields) or self._last
            yield _event(fields, self._id(), Offset(self._record), self._last or NO_TIME)

    def _text(self, lines: Iterator[bytes]) -> Iterator[Event]:
        for line in _filled(lines):
            self._record += 1
            text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
            if self._request.pipeline == "native":
                at = self._last or NO_TIME
                yield _event({"message": text}, self._id(), Offset(self._record), at)
            else:
                yield self._normalised(text)

    def _normalised(self, text: str) -> Event:
        record = _line_record(text, self._request.format, self._written, str(self._file))
        event = read(record, self._id(), Offset(self._record))
        tags = event.fields.get("tags")
        if isinstance(tags, list) and TIME_FROM_ARRIVAL in tags:
            return replace(event, at=self._last or event.at, received=self._last or event.at)
        self._last = event.at
        return replace(event, received=event.at)

    def _blame(self, broken: Broken) -> None:
        """Name what cannot be read: by its line where it has one, and by its number."""
        self._broken += 1
        if self._broken <= FAULTS_TOLD:
            place = f"{self._file}:{broken.line}" if broken.line else str(self._file)
            self._summary.refused.append(Fault(place, f"record {self._record}: {broken.why}"))

    def _id(self) -> EventId:
        return EventId(f"{self._number}:{self._record}")


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
