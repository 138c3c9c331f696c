"""Rules over files: each record is held against the rules, and what is found is told in order."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from sentinel.batch.garbage import little_garbage
from sentinel.batch.reading import EARLIEST, Reader, Seen
from sentinel.batch.request import DetectRequest, Summary, check
from sentinel.batch.rules import rules_of
from sentinel.detect.engine import Engine
from sentinel.detect.match.finder import FastFinder
from sentinel.detect.match.ready import Ready, from_sections, to_sections
from sentinel.detect.plan.start import Keep, Plan
from sentinel.detect.route import source_of
from sentinel.detect.ruleset import RuleSet
from sentinel.detect.told import told
from sentinel.errors import Fault
from sentinel.meter import Stopwatch
from sentinel.model.profile import MATCH, DetectionProfile, StepCost

if TYPE_CHECKING:
    from sentinel.batch.blocks import MetEvent


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
    check(request)
    plan = rules_of(request, summary, keep)
    ready = from_sections(plan.sections)
    work: Work
    if request.workers == 1:
        work = Alone(plan.rules, ready, Stopwatch(seconds))
    else:
        # What processes need takes a while to import: one does without it.
        from sentinel.batch.sharing import Shared  # noqa: PLC0415 - see above

        work = Shared(request, plan.rules, ready)
    return _detect(request, plan, work, summary, keep=keep, seconds=seconds)


class Work(Protocol):
    """Who holds the files against the rules: one process, or several."""

    engine: Engine

    def met(self, readers: Sequence[Reader], summary: Summary) -> Iterator[MetEvent]:
        """The events that met rules, in order; counts all events in the summary."""
        ...

    def end(self) -> tuple[DetectionProfile, Ready | None]:
        """What it has cost, and what was worked out of the rules, if that is new."""
        ...

    def close(self) -> None:
        """Leave nothing behind, whether or not it is done."""
        ...


class Alone:
    """The work of one process."""

    def __init__(self, rules: RuleSet, ready: Ready, watch: Stopwatch) -> None:
        self._finder = FastFinder(rules.rules, ready)
        self._in_time = bool(rules.correlations)
        self._watch = watch
        self.engine = Engine(rules, finder=self._finder)

    def met(self, readers: Sequence[Reader], summary: Summary) -> Iterator[MetEvent]:
        """The events that met rules, in order."""
        engine = self.engine
        records = _by_time(readers) if self._in_time else _one_by_one(readers)
        for reader, (fields, text) in self._watch.each("read", records):
            summary.events += 1
            source = source_of(fields)
            met = engine.met(fields, source, reader.event, text)
            if met:
                yield reader.event(), met, source

    def end(self) -> tuple[DetectionProfile, Ready | None]:
        """What it has cost, and what was worked out of the rules, if that is new."""
        whole = (*self._watch.costs(), StepCost(name=MATCH, seconds=0.0, events=0))
        return self.engine.profile().on_the_way(whole), self._finder.ready()

    def close(self) -> None:
        """There is nothing that would stay."""


def _detect(
    request: DetectRequest,
    plan: Plan,
    work: Work,
    summary: Summary,
    *,
    keep: Keep | None,
    seconds: Callable[[], float],
) -> Iterator[dict[str, object]]:
    summary.rules_loaded = len(plan.rules.cards)
    summary.refused += plan.rules.refused
    names = [str(each) for each in request.files]
    of_files = [Summary() for _ in names]  # what is refused is told in the order of the files
    readers = [
        Reader(file, number, request, of_files[number]) for number, file in enumerate(request.files)
    ]
    started = seconds()
    with closing(work), little_garbage():
        for event, met, source in work.met(readers, summary):
            for detection in work.engine.detections(event, met, source):
                summary.detections += 1
                summary.seconds = seconds() - started
                yield told(detection, names)
        summary.seconds = seconds() - started
        summary.profile, ready = work.end()
    summary.refused += [fault for each in of_files for fault in each.refused]
    summary.refused += [Fault(str(rule), why) for rule, why in work.engine.rested.items()]
    if keep is not None and plan.key and ready is not None:
        keep.put(plan.key, {**plan.sections, **to_sections(ready)})


def _one_by_one(readers: Sequence[Reader]) -> Iterator[tuple[Reader, Seen]]:
    return chain.from_iterable(((reader, seen) for seen in reader.records()) for reader in readers)


def _by_time(readers: Sequence[Reader]) -> Iterator[tuple[Reader, Seen]]:
    """The records of all files in the order in which they happened.

    What happened together in two files is correlated whichever of them is named first. Within a
    file the order is its own.
    """
    if len(readers) == 1:
        return _one_by_one(readers)
    streams = [_dated(reader) for reader in readers]
    return ((reader, seen) for _, reader, seen in heapq.merge(*streams, key=lambda each: each[0]))


def _dated(reader: Reader) -> Iterator[tuple[datetime, Reader, Seen]]:
    return ((reader.moment() or EARLIEST, reader, seen) for seen in reader.records())
