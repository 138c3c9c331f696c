"""What is measured of a window as events come and go is what the reference measures of it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.detect.correlate import reference
from sentinel.detect.correlate.tally import percentile, tally_for, within
from sentinel.detect.correlate.timeline import Counted
from sentinel.detect.ruleset import Bound, Kind, Term
from sentinel.detect.values import Order
from tests.unit.detect.correlate.streams import a_correlation, correlations, in_order, values_for


@given(st.data())
def test_coming_and_going_in_any_order_leaves_what_the_reference_measures(data):
    """Nothing is left over of an event that went, whatever the type."""
    correlation = data.draw(correlations())
    values = data.draw(st.lists(values_for(correlation), min_size=1, max_size=12))
    events = in_order(range(len(values)), values)
    went = set(data.draw(st.sets(st.integers(1, len(values)), max_size=len(values) - 1)))
    tally = tally_for(correlation)
    for each in data.draw(st.permutations(events)):
        tally.add(each)
    for each in data.draw(st.permutations(events)):
        if each.turn in went:
            tally.remove(each)
    inside = [each for each in events if each.turn not in went]

    met = tally.met(inside[-1])
    assert reference.holds(correlation, inside, inside[-1]) == (met is not None)
    if met is not None and not correlation.terms:
        assert reference.measure(correlation, inside, inside[-1]) == met


def test_every_type_has_a_tally():
    """None is forgotten."""
    for kind in Kind:
        assert tally_for(a_correlation(kind, ("gte", 1))) is not None


def test_a_sum_is_exact_in_any_order():
    """Floats would leave a little of what is gone."""
    tally = tally_for(a_correlation(Kind.VALUE_SUM, ("eq", 0)))
    small, huge, third = (
        Counted(0, turn, 0, "e", (number,))
        for turn, number in enumerate((Fraction(1, 10), 10**60, Fraction(1, 3)))
    )
    for each in (small, huge, third):
        tally.add(each)
    for each in (huge, small, third):
        tally.remove(each)

    assert tally.met(small) == 0


def test_all_bounds_must_hold():
    """A range is an AND."""
    bounds = (Bound(Order.GT, 1), Bound(Order.LTE, 3))

    assert [within(bounds, number) for number in (1, 2, 3, 4)] == [None, 2, 3, None]


@pytest.mark.parametrize(
    ("rank", "expected"),
    [(0, 1), (50, 3), (100, 9), (75, 4), (90, 7), (Fraction(999, 10), Fraction(1796, 200))],
)
def test_percentiles_are_linear_between_two_ranks(rank, expected):
    """Of 1, 2, 3, 4 and 9."""
    assert percentile([1, 2, 3, 4, 9], rank) == expected


def test_rules_in_order_are_other_events_each():
    """One event may not be two steps, and a longer way round may be the one that fits."""
    correlation = a_correlation(Kind.TEMPORAL_ORDERED, terms=(Term((0, 1, 2)),))
    tally = tally_for(correlation)
    events = in_order(range(4), [(0, 1), (1, 2), (0,), (2,)])
    seen = []
    for each in events:
        tally.add(each)
        seen.append(tally.met(each))

    assert seen == [None, None, None, 3]
