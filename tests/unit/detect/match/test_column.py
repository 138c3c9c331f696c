"""A column leads every value to the rules that may be met by it."""

import pytest

from sentinel.detect.match.clues import Empty, Literal, Number, Passes, Pattern
from sentinel.detect.match.column import Column, Sorted
from sentinel.detect.match.scan import Databases
from sentinel.detect.values import BoolTest, RegexTest


def _column(*clues):
    """A column in which the clue at place n leads to rule n."""
    kinds = Sorted()
    for number, clue in enumerate(clues):
        kinds.take(clue, number)
    return Column(kinds, Databases())


EACH = (
    Literal("a", "cmd"),
    Number("a", 5),
    Pattern("a", RegexTest("^x.y$")),
    Passes("a", BoolTest(boolean=True)),
    Empty("a"),
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("CMD.exe", {0}),
        (5, {1}),
        ("5.0", {1}),
        ("x-y", {2}),
        ("x-y\n", {2}),
        (True, {3}),
        ("TRUE", {3}),
        (1, set()),
        (None, {4}),
        ("", {4}),
        ([], {4}),
        ([None, ""], {4}),
        (["cmd", None, 5], {0, 1}),
        ([""], {4}),
        ("nothing", set()),
    ],
)
def test_a_value_leads_to_the_rules_of_its_clues(value, expected):
    """By its text, its number, an expression, a test, or by being empty."""
    assert expected == _column(*EACH).rules_for(value)


@pytest.mark.parametrize("value", ["\u0111x-y", "a\x1cb", "\ud800"])
def test_what_the_scan_may_read_otherwise_leads_to_every_expression(value):
    """Beyond ASCII, and for separators that are blanks to Python alone, only the look can tell."""
    assert {0} == _column(Pattern("a", RegexTest("^x.y$"))).rules_for(value)


PIECES = (
    r"\s", r"\S", r"\w", r"\W", r"\d", r"\D", ".", r"\b", r"\B", "^", "$", "[^a]", "[^\n]",
    r"[^\s]", r"[^\w]", r"\n$", r"$\n", r"\n^", r"^\n", "(?i:[k-s])", "[[-`]", r"[\x01-\x1f]",
    r"[\t-\r]", "b*$",
)  # fmt: skip
SHAPES = ("{}", "a{}b", "{}\n", "a{}", "\n{}")
ASCII = [shape.format(chr(code)) for code in range(128) for shape in SHAPES]


@pytest.mark.parametrize("flags", ["", "m", "s", "i", "ims"])
@pytest.mark.parametrize("piece", PIECES)
def test_no_letter_of_ascii_is_read_otherwise(piece, flags):
    """The scan may say yes too often, never no where the look would say yes."""
    tests = [RegexTest(shape.replace("%", piece), flags) for shape in ("%", "^%$", "a%b", "a%")]
    column = _column(*(Pattern("a", test) for test in tests))

    missed = [
        (text, test.pattern)
        for text in ASCII
        for number, test in enumerate(tests)
        if test.holds(text) and number not in column.rules_for(text)
    ]

    assert missed == []


@pytest.mark.parametrize(
    "pattern", ["(?!x)y", r"(a)\1", "x{3000}", r"\p{Lu}", "(?:cmd){e<=1}", "đ"]
)
def test_an_expression_that_cannot_be_scanned_for_is_always_looked_at(pattern):
    """Any value leads to it, but the missing one."""
    column = _column(Pattern("a", RegexTest(pattern)), Literal("a", "cmd"))

    assert 0 in column.rules_for("anything")
    assert column.rules_for(None) == set()


def test_an_expression_that_hyperscan_refuses_keeps_no_other_from_being_scanned_for():
    """One that looks scannable and is not is taken out of the database."""
    column = _column(Pattern("a", RegexTest("(?a)a.b")), Pattern("a", RegexTest("x.y")))

    assert column.rules_for("nothing") == {0}
    assert column.rules_for("x-y") == {0, 1}


def test_expressions_that_would_take_long_to_compile_are_always_looked_at():
    """The small ones are scanned for all the same: a rule's author does not stop a start."""
    large = [Pattern("a", RegexTest(f"(a|{number}).{{0,900}}b")) for number in range(100)]
    column = _column(Pattern("a", RegexTest("x.y")), *large)
    found = column.rules_for("nothing")

    assert 90 < len(found) < 100
    assert 0 not in found
    assert 0 in column.rules_for("x-y")


def test_flags_of_an_expression_are_kept():
    """Case, lines and dots, as the rule says."""
    column = _column(Pattern("a", RegexTest("^b.c$", "ims")), Pattern("a", RegexTest("^b.c$")))

    assert column.rules_for("a\nB\nC\nd") == {0}
