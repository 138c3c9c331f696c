"""What each type of correlation means, said of a list of events as plainly as it can be.

It stays for good: the windows that the service keeps must agree with it on every stream. It
remembers everything unless it is told how long to remember, and looks at all of it each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sentinel.detect.correlate.timeline import Counted, Mark
from sentinel.detect.ruleset import Correlation, Kind, Number, Term

_SECOND = 1_000_000


class Plain:
    """One group of a correlation. `memory` is how long an event is remembered, in microseconds."""

    def __init__(self, correlation: Correlation, memory: int | None = None) -> None:
        self._correlation = correlation
        self._memory = memory
        self._events: list[Counted] = []
        self._fired: list[tuple[int, int]] = []  # when a window ended, and when that was seen

    def take(self, asked: Counted) -> list[Counted]:
        """The events of the first window that holds this one and meets the condition, else []."""
        self._events.append(asked)
        if self._memory is not None:
            oldest = asked.arrived - self._memory
            self._events = [each for each in self._events if each.arrived >= oldest]
            self._fired = [each for each in self._fired if each[1] >= oldest]
        span = self._correlation.timespan * _SECOND
        for end in sorted({each.at for each in self._events if 0 <= each.at - asked.at < span}):
            inside = sorted(each for each in self._events if end - span < each.at <= end)
            quiet = all(abs(end - fired) >= span for fired, _ in self._fired)
            if quiet and holds(self._correlation, inside, asked):
                self._fired.append((end, asked.arrived))
                return inside
        return []


def holds(correlation: Correlation, inside: Sequence[Counted], asked: Counted) -> bool:
    """Say whether a window with these events, oldest first, meets the condition."""
    if correlation.terms:
        return any(_met(correlation, term, inside) for term in correlation.terms)
    measured = measure(correlation, inside, asked)
    return all(bound.holds(measured) for bound in correlation.bounds)


def measure(correlation: Correlation, inside: Sequence[Counted], asked: Counted) -> Number:
    """What the correlation measures in a window with these events, oldest first."""
    values = [value for each in inside for value in each.values]
    match correlation.kind:
        case Kind.EVENT_COUNT:
            return len(inside)
        case Kind.VALUE_COUNT | Kind.TEMPORAL:
            return len(set(values))
        case Kind.TEMPORAL_ORDERED:
            return _longest_row([each.values for each in inside])
    if correlation.kind is Kind.VALUE_PERCENTILE and correlation.percentile is None:
        return min(Fraction(100 * values.count(each), len(values)) for each in asked.values)
    return _statistic(correlation, sorted(each for each in values if not isinstance(each, str)))


def _statistic(correlation: Correlation, numbers: Sequence[Number]) -> Number:
    match correlation.kind:
        case Kind.VALUE_SUM:
            return sum(numbers)
        case Kind.VALUE_AVG:
            return Fraction(sum(numbers)) / len(numbers)
    rank = 50 if correlation.percentile is None else correlation.percentile
    return _at_percentile(numbers, rank)


def _met(correlation: Correlation, term: Term, inside: Sequence[Counted]) -> bool:
    seen = {value for each in inside for value in each.values}
    if not seen.isdisjoint(term.absent) or not seen.issuperset(term.present):
        return False
    if correlation.kind is Kind.TEMPORAL:
        return True
    wanted = list(term.present)
    for each in inside:
        if wanted and wanted[0] in each.values:
            del wanted[0]
    return not wanted


def _longest_row(steps: Sequence[Sequence[Mark]]) -> int:
    """The most events that can be picked in their order so that each is of a later rule."""
    longest: dict[Mark, int] = {}  # the longest row so far that ends with an event of this rule
    for together in steps:
        ends = {
            step: 1 + max((row for rule, row in longest.items() if _before(rule, step)), default=0)
            for step in together
        }
        for step, row in ends.items():
            longest[step] = max(longest.get(step, 0), row)
    return max(longest.values(), default=0)


def _before(rule: Mark, step: Mark) -> bool:
    return isinstance(rule, int) and isinstance(step, int) and rule < step


def _at_percentile(numbers: Sequence[Number], rank: Number) -> Number:
    """Linear between the two closest ranks: rank 0 is the least number, rank 100 the greatest."""
    place = Fraction(rank) * (len(numbers) - 1) / 100
    low = numbers[int(place)]
    high = numbers[min(int(place) + 1, len(numbers) - 1)]
    return low + (high - low) * (place - int(place))
