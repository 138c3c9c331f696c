"""The plain meaning of each type, by examples that can be checked in the head."""

from fractions import Fraction

import pytest

from sentinel.detect.correlate.reference import Plain, holds, measure
from sentinel.detect.ruleset import Kind, Term
from tests.unit.detect.correlate.streams import SECOND, a_correlation, in_order


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        (Kind.EVENT_COUNT, [(), (), ()], 3),
        (Kind.VALUE_COUNT, [("a",), ("b", "a"), ("b",)], 2),
        (Kind.VALUE_SUM, [(1,), (2, 3), (Fraction(1, 2),)], Fraction(13, 2)),
        (Kind.VALUE_AVG, [(1,), (2, 6)], 3),
        (Kind.VALUE_MEDIAN, [(9,), (1,), (2,), (3,)], Fraction(5, 2)),
        (Kind.VALUE_PERCENTILE, [("a",), ("a",), ("a",), ("b",)], 25),
        (Kind.TEMPORAL, [(0,), (2,), (0,)], 2),
        (Kind.TEMPORAL_ORDERED, [(2,), (1,), (0,), (1,)], 2),
        (Kind.TEMPORAL_ORDERED, [(0, 1, 2)], 1),
        (Kind.TEMPORAL_ORDERED, [(1,), (0, 1), (1, 2), (2,)], 3),
    ],
)
def test_what_is_measured(kind, values, expected):
    """One line a type."""
    inside = in_order(range(len(values)), values)

    assert measure(a_correlation(kind), inside, inside[-1]) == expected


def test_a_percentile_of_numbers():
    """The 10th of 0 to 10 is 1."""
    correlation = a_correlation(Kind.VALUE_PERCENTILE, percentile=10)
    inside = in_order(range(11), [(number,) for number in range(11)])

    assert measure(correlation, inside, inside[-1]) == 1


def test_conditions_over_rules():
    """All that must be there is there, in order where order counts, and nothing that must not."""
    term = Term((0, 2), (1,))
    there, other, spoiled = (
        in_order(range(len(steps)), steps)
        for steps in ([(0,), (2,)], [(2,), (0,)], [(0,), (1,), (2,)])
    )
    found = [
        [
            holds(a_correlation(kind, terms=(term,)), inside, inside[-1])
            for inside in (there, other, spoiled)
        ]
        for kind in (Kind.TEMPORAL, Kind.TEMPORAL_ORDERED)
    ]

    assert found == [[True, True, False], [True, False, False]]


def test_a_group_is_quiet_for_a_timespan_after_it_fired():
    """Two seconds later it is not, and what was counted before is not counted again."""
    plain = Plain(a_correlation(Kind.EVENT_COUNT, ("gte", 2), timespan=2))
    found = [[each.turn for each in plain.take(one)] for one in in_order([0, 1, 2, 3])]

    assert found == [[], [1, 2], [], [3, 4]]


def test_it_forgets_only_when_told_to():
    """By arrival."""
    events = in_order([0, 1])
    late = events[1]._replace(at=0, arrived=50 * SECOND)
    correlation = a_correlation(Kind.EVENT_COUNT, ("gte", 2), timespan=2)
    found = []
    for memory in (None, 4 * SECOND):
        plain = Plain(correlation, memory)
        plain.take(events[0])
        found.append(len(plain.take(late)))

    assert found == [2, 0]
