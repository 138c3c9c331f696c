"""The events of one group in the order in which they happened, and a window that slides over them.

A window moves by the events that enter and leave it, so an event in order costs the same whether
ten or ten thousand are remembered.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import NamedTuple, Protocol

from sentinel.detect.ruleset import Number
from sentinel.model.ids import EventId

Mark = str | Number

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NOBODY = EventId("")
_SPARE = 512  # places of events that are gone before the list is made shorter


class Counted(NamedTuple):
    """An event that counts; a tuple, because events are sorted by it: by `at`, then by `turn`.

    `at` is when it happened and `arrived` when it arrived, in microseconds since 1970; `turn` is
    its place among all that counted. `values` are what is measured of it: values, numbers, or the
    places of the rules that it met.
    """

    at: int
    turn: int
    arrived: int
    event: EventId
    values: tuple[Mark, ...] = ()


class Tally(Protocol):
    """What a correlation measures, kept up to date for the events of a window."""

    def add(self, counted: Counted) -> None:
        """An event enters the window, in any order."""
        ...

    def remove(self, counted: Counted) -> None:
        """An event leaves the window, in any order."""
        ...

    def met(self, asked: Counted) -> Number | None:
        """What it measures where that meets the condition, else None; `asked` has just arrived."""
        ...


class Timeline:
    """Remembered events, sorted, and a range of them of which the tally knows."""

    __slots__ = ("_arrivals", "_events", "_head", "_high", "_low", "_tally")

    def __init__(self, tally: Tally, events: Iterable[Counted] = ()) -> None:
        self._tally = tally
        self._events = sorted(events)
        self._arrivals = [(each.arrived, each.at, each.turn) for each in self._events]
        heapify(self._arrivals)
        self._head = 0  # what stands before it is gone
        self._low = self._high = 0  # what the tally knows: [low, high)

    def __len__(self) -> int:
        return len(self._events) - self._head

    def events(self) -> list[Counted]:
        """All that are remembered, oldest first."""
        return self._events[self._head :]

    def newest(self) -> Counted:
        """The one that happened last; of one moment, the one that came last."""
        return self._events[-1]

    def add(self, counted: Counted) -> None:
        """Remember an event."""
        heappush(self._arrivals, (counted.arrived, counted.at, counted.turn))
        if not len(self) or self._events[-1] < counted:
            self._events.append(counted)
            return
        place = bisect_left(self._events, counted, lo=self._head)
        self._events.insert(place, counted)
        if place <= self._low:
            self._low += 1
            self._high += 1
        elif place < self._high:
            self._tally.add(counted)
            self._high += 1

    def forget_before(self, arrived: int) -> int | None:
        """Let go of what arrived before this; says when the newest of it happened."""
        newest = None
        while self._arrivals and self._arrivals[0][0] < arrived:
            _, at, turn = heappop(self._arrivals)
            self._take_out(self._place(at, turn))
            newest = at if newest is None or at > newest else newest
        return newest

    def keep(self, events: Sequence[Counted]) -> None:
        """Remember these, some of those remembered, and no others."""
        self._show(self._head, self._head)
        self._events = list(events)
        self._arrivals = [(each.arrived, each.at, each.turn) for each in events]
        heapify(self._arrivals)
        self._head = self._low = self._high = 0

    def windows_with(self, at: int, span: int) -> Iterator[int]:
        """Each window (end - span, end] that holds this time and ends with an event: its end.

        An event in order is the end of its only window; a late one may complete later ones. The
        tally knows the events of a window while it is looked at.
        """
        if self._events[-1].at <= at:
            stop = high = len(self._events)
        else:
            stop, high = self._place(at + span), self._place(at + 1)
        low = self._place(at - span + 1)
        while True:
            self._show(low, high)
            ends = self._events[high - 1].at
            yield ends
            if high >= stop:
                return
            ends = self._events[high].at
            while high < stop and self._events[high].at == ends:
                high += 1
            while self._events[low].at <= ends - span:
                low += 1

    def met(self, asked: Counted) -> Number | None:
        """What is measured in the window that is looked at, where that meets the condition."""
        return self._tally.met(asked)

    def shown(self) -> list[Counted]:
        """The events of the window that is looked at."""
        return self._events[self._low : self._high]

    def _place(self, at: int, turn: int = -1) -> int:
        """Where the first event stands that happened at this moment or later."""
        return bisect_left(self._events, Counted(at, turn, -(2**63), _NOBODY), lo=self._head)

    def _show(self, low: int, high: int) -> None:
        events, tally = self._events, self._tally
        if low >= self._high or high <= self._low:
            for each in events[self._low : self._high]:
                tally.remove(each)
            self._low = self._high = low
        while self._low > low:
            self._low -= 1
            tally.add(events[self._low])
        while self._high < high:
            tally.add(events[self._high])
            self._high += 1
        while self._high > high:
            self._high -= 1
            tally.remove(events[self._high])
        while self._low < low:
            tally.remove(events[self._low])
            self._low += 1

    def _take_out(self, place: int) -> None:
        if self._low <= place < self._high:
            self._tally.remove(self._events[place])
            self._high -= 1
        elif place < self._low:
            self._low -= 1
            self._high -= 1
        if place != self._head:
            del self._events[place]
            return
        # The first one only moves the head, so places behind it stay as they are.
        self._head += 1
        self._low += 1
        self._high += 1
        if self._head > _SPARE and self._head * 2 > len(self._events):
            del self._events[: self._head]
            self._low -= self._head
            self._high -= self._head
            self._head = 0


def micros(at: datetime) -> int:
    """An aware time as microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    """Microseconds since 1970 as an aware time in UTC."""
    return _EPOCH + at * _MICROSECOND
