"""What one group of a correlation remembers, and when its count meets the condition.

Windows slide over event time: the window that ends at time E holds the events of (E - timespan, E].
Times are whole microseconds since 1970, in UTC.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sentinel.detect.ruleset import Correlation, Kind
from sentinel.model.ids import EventId

REMEMBERED = 2_000  # events of a group at least; more where the threshold asks for more
FIRED = 32  # moments of firing that are remembered

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECOND = 1_000_000


def micros(at: datetime) -> int:
    """An aware time as microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    """Microseconds since 1970 as an aware time in UTC."""
    return _EPOCH + at * _MICROSECOND


@dataclass(frozen=True, slots=True, order=True)
class Counted:
    """An event that counts: when it happened, when it arrived, its values where values count."""

    at: int
    arrived: int
    event: EventId
    values: tuple[str, ...] = ()


@dataclass(slots=True)
class Window:
    """The events of one group, oldest first.

    An event is remembered until two timespans after it arrived, so that one that comes late finds
    its neighbours. `touched` is the time of the correlation when one was added, `turn` its count of
    added events, by which windows are put back in order.
    """

    events: list[Counted] = field(default_factory=list)
    fired: list[int] = field(default_factory=list)
    touched: int = 0
    turn: int = 0

    def add(self, counted: Counted, correlation: Correlation, clock: int) -> Sequence[Counted]:
        """Take an event; returns the events of the window it completes, [] where it does not.

        A group fires at most once in a timespan: after it fired for a window ending at E it is
        quiet for windows ending less than a timespan from E.
        """
        self.touched = clock
        oldest = clock - memory(correlation)
        self.events = [each for each in self.events if each.arrived >= oldest]
        insort(self.events, counted, key=_at)
        met = self._first_met(counted, correlation)
        if met:
            self.fired = [*self.fired, met[-1].at][-FIRED:]
        self._forget(max(REMEMBERED, 2 * correlation.count))
        return met

    def dump(self) -> bytes:
        """The window as JSON."""
        events = [[each.at, each.arrived, each.event, *each.values] for each in self.events]
        state = {
            "events": events,
            "fired": self.fired,
            "touched": self.touched,
            "turn": self.turn,
        }
        return json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def restore(cls, state: bytes) -> Window:
        """Read what `dump` wrote.

        Raises:
            ValueError: it is something else.
        """
        try:
            read = json.loads(state)
            events = [
                Counted(int(at), int(arrived), EventId(str(event)), tuple(map(str, values)))
                for at, arrived, event, *values in read["events"]
            ]
            return cls(
                events=sorted(events, key=_at),
                fired=[int(at) for at in read["fired"]],
                touched=int(read["touched"]),
                turn=int(read["turn"]),
            )
        except (KeyError, TypeError, AttributeError) as cause:
            raise ValueError(f"no correlation window: {cause!r}") from cause

    def _first_met(self, counted: Counted, correlation: Correlation) -> Sequence[Counted]:
        span = correlation.timespan * _SECOND
        for start, end, amount in self._windows_with(counted.at, span, correlation.kind):
            ends = self.events[end - 1].at
            if not correlation.order.holds(amount, correlation.count):
                continue
            if all(abs(ends - fired) >= span for fired in self.fired):
                return self.events[start:end]
        return []

    def _windows_with(self, at: int, span: int, kind: Kind) -> Iterator[tuple[int, int, int]]:
        """Each window that holds this time and ends with an event: its place and what it counts.

        An event in order is the end of its only window; a late one may complete later ones. They
        are counted in one pass: who writes time stamps must not choose how long it takes.
        """
        events = self.events
        start = bisect_right(events, at - span, key=_at)
        end = bisect_right(events, at, key=_at)
        stop = bisect_left(events, at + span, key=_at)
        values = Counter(value for each in events[start:end] for value in each.values)
        while True:
            yield start, end, end - start if kind is Kind.EVENT_COUNT else len(values)
            if end == stop:
                return
            ends = events[end].at
            while end < stop and events[end].at == ends:
                for value in events[end].values:
                    values[value] += 1
                end += 1
            while events[start].at <= ends - span:
                for value in events[start].values:
                    values[value] -= 1
                    if not values[value]:
                        del values[value]
                start += 1

    def _forget(self, most: int) -> None:
        """Keep a bounded number, in a way that cannot change what events in order lead to.

        An event goes whose values newer events have too; where values do not count, the oldest.
        """
        if len(self.events) <= most:
            return
        newer: Counter[str] = Counter(value for each in self.events for value in each.values)
        for index, each in enumerate(self.events):
            if all(newer[value] > 1 for value in each.values):
                del self.events[index]
                return
        del self.events[0]


def memory(correlation: Correlation) -> int:
    """How long after its arrival an event is remembered, in microseconds."""
    return 2 * correlation.timespan * _SECOND


def _at(counted: Counted) -> int:
    return counted.at
