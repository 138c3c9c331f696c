"""A test in words, in both languages."""

from ipaddress import ip_network

import pytest

from sentinel.cli.rules.asking import predicate, sentence, short, shown
from sentinel.cli.screen import Screen
from sentinel.detect.condition import (
    ExistsAtom,
    FieldAtom,
    KeywordAtom,
    NullAtom,
    Place,
    ReferenceAtom,
)
from sentinel.detect.values import (
    BoolTest,
    Case,
    KeywordTest,
    NetworkTest,
    NumberTest,
    Order,
    OrderTest,
    RegexTest,
    Segment,
    Single,
    TextTest,
    TimePart,
    TimePartTest,
)
from sentinel.model.text import Language

ENGLISH = Screen(Language.EN)
EMPTY = Segment(())


def text(*segments, case=Case.IGNORED):
    parts = tuple(Segment((each,)) if each else EMPTY for each in segments)
    return TextTest(parts, case)


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (text("a"), "is 'a'"),
        (text("a", ""), "begins with 'a'"),
        (text("", "a"), "ends with 'a'"),
        (text("", "a", ""), "contains 'a'"),
        (text("", ""), "is anything at all"),
        (text("a", "b"), "fits the pattern 'a*b'"),
        (TextTest((Segment(("a", Single.CHARACTER)),)), "is 'a?'"),
        (text("A", case=Case.KEPT), "is 'A' (case counts)"),
        (NumberTest(5), "is the number 5"),
        (BoolTest(boolean=True), "is true"),
        (OrderTest(Order.GTE, 5), "is a number ≥ 5"),
        (RegexTest("a+"), "fits the expression a+"),
        (NetworkTest(ip_network("192.0.2.0/24")), "is an address of 192.0.2.0/24"),
        (TimePartTest(TimePart.HOUR, Order.LT, 6), "is a time whose hour is < 6"),
    ],
)
def test_what_a_test_asks(test, expected):
    """Without the modifier's name: a sentence."""
    assert predicate(ENGLISH, FieldAtom("f", test)) == expected


@pytest.mark.parametrize(
    ("atom", "expected"),
    [
        (FieldAtom("f", NumberTest(1)), "f is the number 1"),
        (NullAtom("f"), "f is missing, null or empty"),
        (ExistsAtom("f", expected=True), "f is in the event"),
        (ExistsAtom("f", expected=False), "f is not in the event"),
        (ReferenceAtom("f", "g", Place.WHOLE), "f equals the field g"),
        (ReferenceAtom("f", "g", Place.START), "f begins with the field g"),
        (ReferenceAtom("f", "g", Place.END), "f ends with the field g"),
        (ReferenceAtom("f", "g", Place.ANYWHERE), "f contains the field g"),
        (KeywordAtom(KeywordTest(text("", "a", ""))), "some value contains 'a'"),
    ],
)
def test_what_an_atom_asks(atom, expected):
    """With its field; a keyword has none."""
    assert sentence(ENGLISH, atom) == expected


def test_in_vietnamese():
    """The reader's language."""
    assert sentence(Screen(Language.VI), FieldAtom("f", text("", "a"))) == "f kết thúc bằng 'a'"


def test_values_are_shown_short_and_whole_lists_are_not():
    """A log line may be a megabyte."""
    assert shown("a b") == "'a b'"
    assert shown(5) == "5"
    assert shown(["a", 1]) == "['a', 1]"
    assert shown(["a"] * 9) == "['a', 'a', 'a', 'a', 'a', …]"
    assert len(short("x" * 1000)) == 120
