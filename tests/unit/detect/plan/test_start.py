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

    def put(self, key, sections):
        self[key] = dict(sections)


def silent(sentence):
    raise AssertionError(sentence)


def never():
    raise AssertionError("read again")


@pytest.fixture
def rules():
    return load([TEXT])


def test_a_second_start_reads_nothing(rules):
    """What it gets is equal to what was read, under the same key."""
    shelf = Shelf()
    first = plan("k", shelf, lambda: rules, silent)

    second = plan("k", shelf, never, silent)

    assert first == second
    assert (rules, "k", shelf["k"]) == (second.rules, second.key, second.sections)


def test_another_key_is_another_set(rules):
    """Whatever changed, it is read afresh, and both are kept."""
    shelf = Shelf()
    plan("k", shelf, lambda: rules, silent)

    found = plan("l", shelf, RuleSet, silent)

    assert RuleSet() == found.rules
    assert {"k", "l"} == set(shelf)


def test_further_sections_come_along(rules):
    """What others keep beside the rules is handed to them."""
    shelf = Shelf()
    first = plan("k", shelf, lambda: rules, silent)
    shelf.put(first.key, {**first.sections, "matcher": b"bytes"})

    assert plan("k", shelf, never, silent).sections["matcher"] == b"bytes"


@pytest.mark.parametrize("sections", [{}, {RULES: b"foreign"}, {RULES: b'{"format": 0}'}])
def test_what_is_not_usable_is_told_and_made_again(rules, sections):
    """Bytes of another version are no error: the rules are read and kept afresh."""
    shelf, told = Shelf({"k": sections}), []

    assert plan("k", shelf, lambda: rules, told.append).rules == rules
    assert plan("k", shelf, never, silent).rules == rules
    assert ["the rules that were kept are not usable" in each for each in told] == [True]


def test_what_cannot_be_kept_is_told_and_runs(rules):
    """A start from files each time is slow, not wrong."""
    shelf, told = Shelf(), []
    odd = RuleSet(rules=(*rules.rules, object()))

    found = plan("k", shelf, lambda: odd, told.append)

    assert (odd, "", {}) == (found.rules, found.key, found.sections)
    assert (["the rules cannot be kept" in each for each in told], shelf) == ([True], {})
