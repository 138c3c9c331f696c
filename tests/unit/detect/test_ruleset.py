"""What a folder of rules has become."""

from types import SimpleNamespace

from sentinel.detect.ruleset import RuleSet


def test_the_cards_are_of_rules_first_then_of_correlations():
    """Every card once, in the order of loading."""
    ruleset = RuleSet(
        rules=(SimpleNamespace(card="a"), SimpleNamespace(card="b")),
        correlations=(SimpleNamespace(card="c"),),
    )

    assert ruleset.cards == ("a", "b", "c")
