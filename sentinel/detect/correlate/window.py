"""What one group of a correlation remembers, and when it meets the condition.

Windows slide over event time: the window that ends at time E holds the events of (E - timespan, E].
Times are whole microseconds since 1970, in UTC.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import orjson

from sentinel.detect.correlate.occurrence import is_numeric
from sentinel.detect.correlate.room import every_event_matters, kept, room
from sentinel.detect.correlate.tally import tally_for
from sentinel.detect.correlate.timeline import Counted, Mark, Timeline
from sentinel.detect.ruleset import Correlation, Kind, Number
from sentinel.model.ids import EventId

FIRED = 1_000  # moments of firing that are remembered

_SECOND = 1_000_000
_NEVER = 2**63
_SAFE = 2**53  # what every reader of JSON keeps exactly


@dataclass(frozen=True, slots=True)
class Plan:
    """What all windows of a correlation have in common, worked out once. Times in microseconds."""

    correlation: Correlation
    span: int
    memory: int  # how long after its arrival an event is remembered
    room: int
    every_event_matters: bool
    is_numeric: bool

    @classmethod
    def of(cls, correlation: Correlation) -> Plan:
        """The plan of a correlation."""
        return cls(
            correlation=correlation,
            span=correlation.timespan * _SECOND,
            memory=2 * correlation.timespan * _SECOND,
            room=room(correlation),
            every_event_matters=every_event_matters(correlation),
            is_numeric=is_numeric(correlation),
        )


@dataclass(frozen=True, slots=True)
class Met:
    """A window that met the condition: its events, oldest first, and what was measured."""

    events: Sequence[Counted]
    measured: Number


class Window:
    """The events of one group.

    An event is remembered until two timespans after it arrived. So one that is at most a timespan
    late is judged as if nothing had been forgotten. `touched` is the time of the correlation when
    an event was added, `turn` the turn of that event, by which windows are put back in order.
    """

    __slots__ = (
        "_fired",
        "_first_fired",
        "_line",
        "_lost",
        "_plan",
        "_trimmed",
        "misses_some",
        "touched",
        "turn",
    )

    def __init__(self, plan: Plan, events: Sequence[Counted] = (), lost: int | None = None) -> None:
        self._plan = plan
        self._line = Timeline(tally_for(plan.correlation), events)
        self._fired: list[tuple[int, int]] = []  # when a window ended, and when that was seen
        self._first_fired = _NEVER  # the first time at which one of these was seen
        self._lost = lost  # the newest event that time has taken: when it happened
        self._trimmed: int | None = None  # the newest that had to make room
        self.touched = 0
        self.turn = 0
        self.misses_some = False  # whether the last one was judged without all its neighbours

    def add(self, counted: Counted, clock: int) -> Met | None:
        """Take an event; returns the window it completes, if it does.

        A group fires at most once in a timespan: after it fired for a window ending at E it is
        quiet for windows ending less than a timespan from E.
        """
        self.touched, self.turn = clock, counted.turn
        self._forget(clock - self._plan.memory)
        self._line.add(counted)
        self.misses_some = self._may_miss_some(counted)
        met = self._first_met(counted)
        if len(self._line) > self._plan.room + self._plan.room // 4:
            self._make_room()
        return met

    def __len__(self) -> int:
        return len(self._line)

    def end(self) -> int | None:
        """When the newest event of it happened that this window has ever lost or still has."""
        return _later(self._lost, self._line.newest().at if len(self) else None)

    def dump(self) -> bytes:
        """The window as JSON."""
        state = {
            "events": [
                [each.at, each.turn, each.arrived, each.event, *map(_written, each.values)]
                for each in self._line.events()
            ],
            "fired": self._fired,
            "lost": self._lost,
            "trimmed": self._trimmed,
            "touched": self.touched,
            "turn": self.turn,
        }
        return orjson.dumps(state)

    @classmethod
    def restore(cls, plan: Plan, state: bytes) -> Window:
        """Read what `dump` wrote.

        Raises:
            ValueError: it is something else.
        """
        try:
            found = orjson.loads(state)
            window = cls(plan, [_counted(each, plan.correlation) for each in found["events"]])
            window._fired = sorted((int(ends), int(seen)) for ends, seen in found["fired"])
            window._first_fired = min((seen for _, seen in window._fired), default=_NEVER)
            window._lost = _moment_or_none(found["lost"])
            window._trimmed = _moment_or_none(found["trimmed"])
            window.touched = int(found["touched"])
            window.turn = int(found["turn"])
        except (KeyError, TypeError, AttributeError) as cause:
            raise ValueError(f"no correlation window: {cause!r}") from cause
        return window

    def _first_met(self, counted: Counted) -> Met | None:
        for ends in self._line.windows_with(counted.at, self._plan.span):
            measured = self._line.met(counted)
            if measured is not None and self._is_quiet_around(ends):
                insort(self._fired, (ends, self.touched))
                self._first_fired = min(self._first_fired, self.touched)
                return Met(self._line.shown(), measured)
        return None

    def _is_quiet_around(self, ends: int) -> bool:
        place = bisect_left(self._fired, (ends,))
        around = self._fired[max(place - 1, 0) : place + 1]
        return all(abs(ends - fired) >= self._plan.span for fired, _ in around)

    def _forget(self, oldest: int) -> None:
        gone = self._line.forget_before(oldest)
        self._lost = _later(self._lost, gone)
        if self._first_fired < oldest and self._fired:
            self._fired = [each for each in self._fired if each[1] >= oldest]
            self._first_fired = min((seen for _, seen in self._fired), default=_NEVER)
        if len(self._fired) > FIRED:
            self._lost = _later(self._lost, self._fired[0][0])
            del self._fired[0]

    def _make_room(self) -> None:
        events = self._line.events()
        stay = kept(self._plan.correlation, events, self._plan.room)
        staying = set(stay)
        went = next(each for each in reversed(events) if each not in staying)
        self._trimmed = _later(self._trimmed, went.at)
        self._line.keep(stay)

    def _may_miss_some(self, counted: Counted) -> bool:
        """Say whether events may have gone that one of its windows would hold."""
        begins = counted.at - self._plan.span
        if self._lost is not None and begins < self._lost:
            return True
        if self._trimmed is None or begins >= self._trimmed:
            return False
        return self._plan.every_event_matters or self._line.newest() is not counted


def _later(one: int | None, other: int | None) -> int | None:
    return other if one is None or (other is not None and other > one) else one


def _written(value: Mark) -> str | int:
    return value if isinstance(value, int) and abs(value) < _SAFE else str(value)


def _counted(state: Any, correlation: Correlation) -> Counted:  # noqa: ANN401 - what JSON holds
    at, turn, arrived, event, *values = state
    if not all(isinstance(each, int) for each in (at, turn, arrived)):
        raise TypeError("times must be whole numbers")
    read = [_value(each, correlation) for each in values]
    return Counted(at, turn, arrived, EventId(str(event)), tuple(read))


def _value(value: Any, correlation: Correlation) -> Mark:  # noqa: ANN401 - what JSON holds
    if is_numeric(correlation):
        number = Fraction(value)
        return number.numerator if number.denominator == 1 else number
    if correlation.kind in (Kind.TEMPORAL, Kind.TEMPORAL_ORDERED):
        return int(value)
    return str(value)


def _moment_or_none(value: Any) -> int | None:  # noqa: ANN401 - what JSON holds
    return None if value is None else int(value)
