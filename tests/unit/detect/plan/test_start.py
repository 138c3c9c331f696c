"""Rules are read once; after that they are fetched from where they are kept."""

import pytest

from sentinel.detect.plan.start import RULES, plan
from sentinel.detect.ruleset import RuleSet
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText

TEXT = SourceText(
    "a.yml",
    "title: A\nlogsource: {category: test}\ndetection: {s: {a|re: b+}, condition: s}\n",
)


class Shelf(dict):
    """Keeps in memory what a folder keeps on disk."""

    def __init__(self, *kept):
        super().__init__(*kept)
        self.told = []

    def put(self, key, sections):
        self[key] = dict(sections)

    def tell(self, sentence):
        self.told.append(sentence)


def never():
    raise AssertionError("read again")


@pytest.fixture
def rules():
    return load([TEXT])


def test_a_second_start_reads_nothing(rules):
    """What it gets is equal to what was read, under the same key."""
    shelf = Shelf()
    first = plan("k", shelf, lambda: rules)

    second = plan("k", shelf, never)

    assert first == second
    assert shelf.told == []
    assert (rules, "k", shelf["k"]) == (second.rules, second.key, second.sections)


def test_another_key_is_another_set(rules):
    """Whatever changed, it is read afresh, and both are kept."""
    shelf = Shelf()
    plan("k", shelf, lambda: rules)

    found = plan("l", shelf, RuleSet)

    assert RuleSet() == found.rules
    assert {"k", "l"} == set(shelf)


def test_without_a_place_to_keep_them_rules_are_read(rules):
    """And no time goes into writing what nobody keeps."""
    found = plan("k", None, lambda: rules)

    assert (found.rules, found.key, found.sections) == (rules, "", {})


def test_further_sections_come_along(rules):
    """What others keep beside the rules is handed to them."""
    shelf = Shelf()
    first = plan("k", shelf, lambda: rules)
    shelf.put(first.key, {**first.sections, "matcher": b"bytes"})

    assert plan("k", shelf, never).sections["matcher"] == b"bytes"


@pytest.mark.parametrize("sections", [{}, {RULES: b"foreign"}, {RULES: b'{"format": 0}'}])
def test_what_is_not_usable_is_told_and_made_again(rules, sections):
    """Bytes of another version are no error: the rules are read and kept afresh."""
    shelf = Shelf({"k": sections})

    assert plan("k", shelf, lambda: rules).rules == rules
    assert plan("k", shelf, never).rules == rules
    assert ["the rules that were kept are not usable" in each for each in shelf.told] == [True]


def test_what_cannot_be_kept_is_told_and_runs(rules):
    """A start from files each time is slow, not wrong."""
    shelf = Shelf()
    odd = RuleSet(rules=(*rules.rules, object()))

    found = plan("k", shelf, lambda: odd)

    assert (odd, "", {}) == (found.rules, found.key, found.sections)
    assert (["the rules cannot be kept" in each for each in shelf.told], shelf) == ([True], {})
