"""What a folder of rules has become."""

from fractions import Fraction
from types import SimpleNamespace

from sentinel.detect.ruleset import Bound, RuleSet
from sentinel.detect.values import Order


def test_the_cards_are_of_rules_first_then_of_correlations():
    """Every card once, in the order of loading."""
    ruleset = RuleSet(
        rules=(SimpleNamespace(card="a"), SimpleNamespace(card="b")),
        correlations=(SimpleNamespace(card="c"),),
    )

    assert ruleset.cards == ("a", "b", "c")


def test_a_bound_compares_exactly():
    """A tenth is a tenth, and a number that no float holds is itself."""
    tenth = Bound(Order.EQ, Fraction(1, 10))
    large = Bound(Order.GT, 2**53)

    assert tenth.holds(Fraction(3, 10) - Fraction(2, 10))
    assert large.holds(2**53 + 1)
    assert not large.holds(2**53)


def test_every_order_has_its_comparison():
    """Of 1, 2 and 3 with 2."""
    found = {order.value: [n for n in (1, 2, 3) if Bound(order, 2).holds(n)] for order in Order}

    assert found == {
        "lt": [1],
        "lte": [1, 2],
        "gt": [3],
        "gte": [2, 3],
        "eq": [2],
        "neq": [1, 3],
    }
