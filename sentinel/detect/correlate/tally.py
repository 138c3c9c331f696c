"""What each type of correlation measures in a window, kept up to date as events come and go.

`reference.py` says the same of a list of events, as plainly as can be; tests hold the two together.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from sentinel.detect.correlate.timeline import Counted, Mark, Tally
from sentinel.detect.ruleset import Bound, Correlation, Kind, Number, Term

Position = tuple[int, int]  # `at` and `turn` of an event


def tally_for(correlation: Correlation) -> Tally:
    """A fresh tally of what this correlation measures."""
    if correlation.kind is Kind.VALUE_PERCENTILE and correlation.percentile is None:
        return _Share(correlation)
    return _TALLIES[correlation.kind](correlation)


def within(bounds: Iterable[Bound], measured: Number) -> Number | None:
    """What was measured, where all bounds hold of it."""
    return measured if all(bound.holds(measured) for bound in bounds) else None


class _Events:
    """How many events."""

    __slots__ = ("_bounds", "_count")

    def __init__(self, correlation: Correlation) -> None:
        self._bounds = correlation.bounds
        self._count = 0

    def add(self, counted: Counted) -> None:  # noqa: ARG002 - one is as good as another
        self._count += 1

    def remove(self, counted: Counted) -> None:  # noqa: ARG002 - one is as good as another
        self._count -= 1

    def met(self, asked: Counted) -> Number | None:  # noqa: ARG002 - nothing of it is needed
        return within(self._bounds, self._count)


class _Values:
    """How many different values."""

    __slots__ = ("_bounds", "_values")

    def __init__(self, correlation: Correlation) -> None:
        self._bounds = correlation.bounds
        self._values: Counter[Mark] = Counter()

    def add(self, counted: Counted) -> None:
        for value in counted.values:
            self._values[value] += 1

    def remove(self, counted: Counted) -> None:
        for value in counted.values:
            self._values[value] -= 1
            if not self._values[value]:
                del self._values[value]

    def met(self, asked: Counted) -> Number | None:  # noqa: ARG002 - nothing of it is needed
        return within(self._bounds, len(self._values))


class _Share(_Values):
    """How many percent of the values are the rarest of those that the asked event has."""

    __slots__ = ()

    def met(self, asked: Counted) -> Number | None:
        rarest = min(self._values[value] for value in asked.values)
        return within(self._bounds, Fraction(100 * rarest, self._values.total()))


class _Rules(_Values):
    """How many of the rules have occurred, or whether the right ones have."""

    __slots__ = ("_terms",)

    def __init__(self, correlation: Correlation) -> None:
        super().__init__(correlation)
        self._terms = correlation.terms

    def met(self, asked: Counted) -> Number | None:
        seen = self._values.keys()
        if not self._terms:
            return super().met(asked)
        for term in self._terms:
            if seen >= set(term.present) and seen.isdisjoint(term.absent):
                return len(seen)
        return None


class _Sum:
    """The sum of the numbers, exactly: no order of adding them makes another one."""

    __slots__ = ("_bounds", "_count", "_total")

    def __init__(self, correlation: Correlation) -> None:
        self._bounds = correlation.bounds
        self._total: Number = 0
        self._count = 0

    def add(self, counted: Counted) -> None:
        self._total += _sum(counted)
        self._count += len(counted.values)

    def remove(self, counted: Counted) -> None:
        self._total -= _sum(counted)
        self._count -= len(counted.values)

    def met(self, asked: Counted) -> Number | None:  # noqa: ARG002 - nothing of it is needed
        return within(self._bounds, self._total)


class _Average(_Sum):
    """The arithmetic mean of the numbers."""

    __slots__ = ()

    def met(self, asked: Counted) -> Number | None:  # noqa: ARG002 - nothing of it is needed
        return within(self._bounds, Fraction(self._total) / self._count)


class _Ranks:
    """The number that stands at a percentile; between two of them, the part of the way."""

    __slots__ = ("_bounds", "_percentile", "_sorted")

    def __init__(self, correlation: Correlation) -> None:
        self._bounds = correlation.bounds
        # The median is the percentile 50 by another name, and has none of its own.
        self._percentile = 50 if correlation.percentile is None else correlation.percentile
        self._sorted: list[Number] = []

    def add(self, counted: Counted) -> None:
        for number in _numbers(counted):
            insort(self._sorted, number)

    def remove(self, counted: Counted) -> None:
        for number in _numbers(counted):
            del self._sorted[bisect_left(self._sorted, number)]

    def met(self, asked: Counted) -> Number | None:  # noqa: ARG002 - nothing of it is needed
        return within(self._bounds, percentile(self._sorted, self._percentile))


class _Order:
    """How many of the rules have occurred one after the other, or whether the right ones have."""

    __slots__ = ("_bounds", "_steps", "_terms")

    def __init__(self, correlation: Correlation) -> None:
        self._bounds = correlation.bounds
        self._terms = correlation.terms
        self._steps: list[list[Position]] = [[] for _ in correlation.rules]

    def add(self, counted: Counted) -> None:
        for step in _steps(counted):
            insort(self._steps[step], (counted.at, counted.turn))

    def remove(self, counted: Counted) -> None:
        for step in _steps(counted):
            places = self._steps[step]
            del places[bisect_left(places, (counted.at, counted.turn))]

    def met(self, asked: Counted) -> Number | None:  # noqa: ARG002 - nothing of it is needed
        if not self._terms:
            return within(self._bounds, self._longest())
        if any(self._holds(term) for term in self._terms):
            return sum(1 for places in self._steps if places)
        return None

    def _holds(self, term: Term) -> bool:
        """The rules of a term stand in order if the last of each before the next one does."""
        if any(self._steps[step] for step in term.absent):
            return False
        following: Position | None = None
        for step in reversed(term.present):
            following = _last_before(self._steps[step], following)
            if following is None:
                return False
        return True

    def _longest(self) -> int:
        """How many rules the longest row of events has, each of a later rule than the one before.

        `rows[n]` is the latest event that begins a row of n + 1, of the rules looked at so far.
        """
        rows: list[Position] = []
        for places in reversed(self._steps):
            for length in range(len(rows), -1, -1):
                found = _last_before(places, rows[length - 1] if length else None)
                if found is None:
                    continue
                if length == len(rows):
                    rows.append(found)
                elif found > rows[length]:
                    rows[length] = found
        return len(rows)


_TALLIES: Mapping[Kind, Callable[[Correlation], Tally]] = {
    Kind.EVENT_COUNT: _Events,
    Kind.VALUE_COUNT: _Values,
    Kind.TEMPORAL: _Rules,
    Kind.TEMPORAL_ORDERED: _Order,
    Kind.VALUE_SUM: _Sum,
    Kind.VALUE_AVG: _Average,
    Kind.VALUE_PERCENTILE: _Ranks,
    Kind.VALUE_MEDIAN: _Ranks,
}


def percentile(numbers: list[Number], rank: Number) -> Number:
    """The percentile of sorted numbers, with linear interpolation between the closest two."""
    place = Fraction(rank) * (len(numbers) - 1) / 100
    below = int(place)
    part = place - below
    if not part:
        return numbers[below]
    return numbers[below] + (numbers[below + 1] - numbers[below]) * part


def _last_before(places: list[Position], limit: Position | None) -> Position | None:
    """The last of sorted positions, before a limit if there is one."""
    index = len(places) if limit is None else bisect_left(places, limit)
    return places[index - 1] if index else None


def _numbers(counted: Counted) -> list[Number]:
    return [value for value in counted.values if not isinstance(value, str)]


def _sum(counted: Counted) -> Number:
    return sum(_numbers(counted))


def _steps(counted: Counted) -> list[int]:
    return [value for value in counted.values if isinstance(value, int)]
