"""Rules over files: each record is held against the rules, and what is found is told in order."""

from __future__ import annotations

import gc
import heapq
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import TypeVar

from sentinel.batch.reading import Reader, Seen
from sentinel.batch.request import DetectRequest, Summary, check
from sentinel.batch.rules import rules_of
from sentinel.detect.engine import Engine
from sentinel.detect.match.finder import FastFinder
from sentinel.detect.match.ready import from_sections, to_sections
from sentinel.detect.plan.start import Keep, Plan
from sentinel.detect.route import source_of
from sentinel.detect.told import told
from sentinel.errors import Fault
from sentinel.meter import Stopwatch
from sentinel.model.profile import MATCH, StepCost

FEW = 200_000  # new containers after which Python looks for circles among them

T = TypeVar("T")


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
    return _with_little_garbage(_detect(request, plan, summary, keep, seconds))


def _with_little_garbage(found: Iterator[T]) -> Iterator[T]:
    """Seldom look for circular garbage: events make none, and the rules are much to look at."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(FEW, *before[1:])
    try:
        yield from found
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _detect(
    request: DetectRequest,
    plan: Plan,
    summary: Summary,
    keep: Keep | None,
    seconds: Callable[[], float],
) -> Iterator[dict[str, object]]:
    summary.rules_loaded = len(plan.rules.cards)
    summary.refused += plan.rules.refused
    finder = FastFinder(plan.rules.rules, from_sections(plan.sections))
    engine = Engine(plan.rules, finder=finder)
    names = [str(each) for each in request.files]
    readers = [Reader(file, number, request, summary) for number, file in enumerate(request.files)]
    watch = Stopwatch(seconds)
    started = seconds()
    records = _by_time(readers) if plan.rules.correlations else _one_by_one(readers)
    for reader, (fields, text) in watch.each("read", records):
        summary.events += 1
        source = source_of(fields)
        met = engine.met(fields, source, reader.event, text)
        if met:
            for detection in engine.detections(reader.event(), met, source):
                summary.detections += 1
                summary.seconds = seconds() - started
                yield told(detection, names)
    summary.seconds = seconds() - started
    whole = (*watch.costs(), StepCost(name=MATCH, seconds=0.0, events=0))
    summary.profile = engine.profile().on_the_way(whole)
    summary.refused += [Fault(str(rule), why) for rule, why in engine.rested.items()]
    ready = finder.ready() if keep is not None and plan.key else None
    if keep is not None and ready is not None:
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
    return ((reader.moment(), reader, seen) for seen in reader.records())
