"""What two engines disagree on is shown rule by rule."""

from collections import Counter

from tests.bench.detect.compare import Differs, differences, up_to


def test_engines_that_find_the_same_do_not_differ():
    """The order of what they tell does not matter."""
    assert differences(Counter([("a", 1), ("b", 2)]), Counter([("b", 2), ("a", 1)])) == []


def test_each_rule_that_differs_is_named_with_both_counts_and_a_record():
    """A match of one engine does not make up for one of the other."""
    ours = Counter([("a", 1), ("a", 2), ("b", 3)])
    theirs = Counter([("a", 4), ("b", 3)])

    assert differences(ours, theirs) == [Differs(rule="a", only_first=2, only_second=1, record=1)]


def test_a_match_that_is_told_twice_is_a_difference():
    """Matches are counted, not only named."""
    ours, theirs = Counter([("a", 1), ("a", 1)]), Counter([("a", 1)])

    assert differences(ours, theirs) == [Differs(rule="a", only_first=1, only_second=0, record=1)]


def test_the_matches_of_the_first_records():
    """What the reference had time for is compared, the rest is not."""
    assert up_to(Counter([("a", 1), ("a", 2), ("b", 3)]), 2) == Counter([("a", 1), ("a", 2)])
