"""What happened since the service started, counted, and how long it took."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from threading import Lock
from typing import TypeVar

from sentinel.model.profile import StepCost
from sentinel.ports import Count

SAMPLE = 16  # where each event is timed by itself: one of so many

T = TypeVar("T")
R = TypeVar("R")
_Key = tuple[str, tuple[tuple[str, str], ...]]


class Counters:
    """A meter that several threads may use."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[_Key] = Counter()

    def count(self, name: str, amount: int = 1, **labels: str) -> None:
        """Add to the counter of this name and these labels."""
        with self._lock:
            self._counts[name, tuple(sorted(labels.items()))] += amount

    def read(self) -> Mapping[str, int]:
        """Every counter, as `name` or `name{label="value",...}`, in order."""
        return {_shown(count): count.amount for count in self.counts()}

    def counts(self) -> Sequence[Count]:
        """Every counter, by name and labels."""
        with self._lock:
            found = sorted(self._counts.items())
        return [
            Count(name=name, labels=dict(labels), amount=amount) for (name, labels), amount in found
        ]


class Stopwatch:
    """How long each step of a work takes; one thread works, any may ask.

    lap = watch.lap()
    ...
    lap.ends("read", len(events))
    """

    def __init__(self, seconds: Callable[[], float] = time.perf_counter) -> None:
        self.seconds = seconds
        self._lock = Lock()
        self._spent: defaultdict[str, tuple[float, int]] = defaultdict(lambda: (0.0, 0))

    def lap(self) -> Lap:
        """Begin now; a step that breaks off before it `ends` is not counted."""
        return Lap(self)

    def each(self, step: str, items: Iterable[T]) -> Iterator[T]:
        """Pass items on as they are asked for; how long it takes to make one is sampled."""
        source = iter(items)
        while True:
            lap = self.lap()
            passed = 0
            for item in islice(source, 1):
                lap.ends(step, 1)
                passed = 1
                yield item
            for item in islice(source, SAMPLE - 1):
                passed += 1
                yield item
            if passed < SAMPLE:
                return

    def now_and_then(self, step: str, number: int, work: Callable[[T], R], subject: T) -> R:
        """Do the work; how long it takes is sampled, by the number of what it is done on."""
        if number % SAMPLE:
            return work(subject)
        lap = self.lap()
        done = work(subject)
        lap.ends(step, 1)
        return done

    def add(self, step: str, seconds: float, events: int) -> None:
        """Add the time that a step took for so many events."""
        with self._lock:
            known, over = self._spent[step]
            self._spent[step] = known + seconds, over + events

    def costs(self) -> tuple[StepCost, ...]:
        """Every step, in the order in which they ended for the first time."""
        with self._lock:
            spent = list(self._spent.items())
        return tuple(
            StepCost(name=step, seconds=seconds, events=events) for step, (seconds, events) in spent
        )


class Lap:
    """Steps that follow each other without a gap."""

    def __init__(self, watch: Stopwatch) -> None:
        self._watch = watch
        self._began = watch.seconds()

    def ends(self, step: str, events: int) -> None:
        """What was done since the beginning, or the last end, was this step for these events."""
        now = self._watch.seconds()
        self._watch.add(step, now - self._began, events)
        self._began = now


def _shown(count: Count) -> str:
    if not count.labels:
        return count.name
    inner = ",".join(f'{label}="{value}"' for label, value in count.labels.items())
    return f"{count.name}{{{inner}}}"
