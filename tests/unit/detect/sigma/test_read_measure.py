"""What the mapping under `condition:` asks for."""

from fractions import Fraction

import pytest

from sentinel.detect.ruleset import Bound, Kind
from sentinel.detect.sigma.read_condition import NotHonoured
from sentinel.detect.sigma.read_measure import MAX_COUNT, MAX_NUMBER, Measure, read_measure
from sentinel.detect.values import Order


@pytest.mark.parametrize(
    ("kind", "condition", "expected"),
    [
        (Kind.EVENT_COUNT, {"gte": 5}, Measure((Bound(Order.GTE, 5),))),
        (
            Kind.EVENT_COUNT,
            {"lte": 200, "gt": 100},
            Measure((Bound(Order.LTE, 200), Bound(Order.GT, 100))),
        ),
        (Kind.TEMPORAL, {"eq": 2}, Measure((Bound(Order.EQ, 2),))),
        (
            Kind.VALUE_COUNT,
            {"field": ["a", "b", "a"], "neq": 1},
            Measure((Bound(Order.NEQ, 1),), ("a", "b")),
        ),
        (
            Kind.VALUE_SUM,
            {"field": "a", "lt": -0.1},
            Measure((Bound(Order.LT, Fraction(-1, 10)),), ("a",)),
        ),
        (
            Kind.VALUE_PERCENTILE,
            {"field": "a", "gt": 1, "percentile": 99.9},
            Measure((Bound(Order.GT, 1),), ("a",), Fraction(999, 10)),
        ),
    ],
)
def test_a_condition_is_read_whole(kind, condition, expected):
    """Its bounds, its fields, its percentile."""
    assert read_measure(kind, condition, 3) == expected


@pytest.mark.parametrize(
    ("kind", "condition", "said"),
    [
        (Kind.EVENT_COUNT, {}, "needs a number"),
        (Kind.EVENT_COUNT, {"gte": MAX_COUNT + 1}, f"to {MAX_COUNT}"),
        (Kind.EVENT_COUNT, {"gte": -1}, "whole number"),
        (Kind.EVENT_COUNT, {"gte": "5"}, "whole number"),
        (Kind.EVENT_COUNT, {"gte": 1, "field": "a"}, "has no `field`"),
        (Kind.EVENT_COUNT, {"eq": 0}, "a count is from 1"),
        (Kind.EVENT_COUNT, {"gt": 3, "lt": 3}, "nothing can meet"),
        (Kind.EVENT_COUNT, {"gt": 3, "lt": 5, "neq": 4}, "nothing can meet"),
        (Kind.TEMPORAL, {"gt": 3}, "a count is from 1 to 3"),
        (Kind.VALUE_COUNT, {"gte": 1, "field": []}, "needs the `field`"),
        (Kind.VALUE_COUNT, {"gte": 1, "field": [1]}, "needs the `field`"),
        (Kind.VALUE_AVG, {"gte": 1, "field": ["a", "b"]}, "measures one `field`"),
        (Kind.VALUE_SUM, {"gte": MAX_NUMBER * 10, "field": "a"}, "must be a number from"),
        (Kind.VALUE_SUM, {"gte": True, "field": "a"}, "must be a number from"),
        (Kind.VALUE_SUM, {"gt": 1, "lt": 1, "field": "a"}, "nothing can meet"),
        (Kind.VALUE_SUM, {"gte": 1, "field": "a", "percentile": 5}, "only a value_percentile"),
        (Kind.VALUE_PERCENTILE, {"gte": 1, "field": "a", "percentile": -1}, "from 0 to 100"),
        (Kind.VALUE_PERCENTILE, {"gte": 1, "field": "a", "percentile": None}, "from 0 to 100"),
        (Kind.VALUE_SUM, {"gte": 1, "field": "a", "gtee": 5}, "there is no 'gtee'"),
    ],
)
def test_what_a_condition_may_not_say(kind, condition, said):
    """Each with the reason."""
    with pytest.raises(NotHonoured, match=said):
        read_measure(kind, condition, 3)


def test_between_two_numbers_there_is_another():
    """A sum is not whole."""
    measure = read_measure(Kind.VALUE_SUM, {"field": "a", "gt": 1, "lt": 2}, 1)

    assert len(measure.bounds) == 2
