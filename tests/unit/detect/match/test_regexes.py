"""What an expression requires, and whether Hyperscan may stand for it."""

import pytest

from sentinel.detect.match.regexes import MOST, required, scannable


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^mimikatz$", {"mimikatz"}),
        ("MIMI(KATZE)", {"katze"}),
        ("x\\x00command", {"command"}),
        ("(one|three)", {"one", "three"}),
        ("(one|x)", set()),
        ("ab", set()),
        ("(?:abc)?", set()),
        ("(?:abc)+", {"abc"}),
        ("(?:abc){0,3}", set()),
        ("abc?", set()),
        ("abc.defg", {"defg"}),
        (r"a\.exe", {"a.exe"}),
        ("(?=abc)", set()),
        ("(?!abc)d", set()),
        ("[abc]def", {"def"}),
        ("(?>abc)", {"abc"}),
        ("(?i)ABC", {"abc"}),
        ("đabc", {"abc"}),
        ("(?(1)abc|def)", set()),
    ],
)
def test_texts_that_must_be_there(pattern, expected):
    """One of them is in every ASCII text in which the expression is found; folded."""
    assert expected == required(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "(?:cmd){e<=1}",
        "(?:command){1<=e<=2}",
        "(?:command){i<=1,d<=1}",
        "(?:command){2i+2d+1s<=4}",
        "(?e)(?:command){d}",
        r"\p{L}command",
        "(?|command|x)",
        "[[:alpha:]]command",
        "command{,3}",
        r"\Kcommand",
        "(?R)command",
        "(",
        "(" * 200 + "command" + ")" * 200 + "(?",
    ],
)
def test_nothing_is_concluded_from_what_re_and_regex_read_differently(pattern):
    """Fuzzy counts, properties, recursion: only the look can tell."""
    assert required(pattern) == set()
    assert not scannable(pattern)


def test_many_alternatives_require_nothing():
    """Searching for each of them would be dearer than the look."""
    few = "|".join(f"word{number:03}" for number in range(MOST))
    assert required(few) == set() or len(required(few)) <= MOST
    assert required("(" + "|".join(f"{number:03}x" for number in range(5 * MOST)) + ")") == set()


@pytest.mark.parametrize(
    "pattern",
    [r"^\S+\.exe$", "a.b", r"\bcmd\b", "[^a-z]{3,5}", r"\x41", "(?i)abc", "(a|b)+c", r"\d{1,40}"],
)
def test_the_usual_is_scanned_for(pattern):
    """Nearly all expressions of public rules are."""
    assert scannable(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "đ",
        r"\1",
        r"\p{Lu}",
        r"\Aa",
        r"a\Z",
        r"\u0041",
        r"\N{DIGIT ONE}",
        "a\x00b",
        "x{3000}",
        "(?:a{100}){100}",
        "(?=a{3000})b",
        "(?!(?:a{100}){100})b",
        "(?<=a{3000})b",
        "(a)?(?(1)b{3000}|c)",
    ],
)
def test_what_is_read_otherwise_or_is_huge_is_not(pattern):
    """Its rule is looked at instead."""
    assert not scannable(pattern)


@pytest.mark.parametrize("pattern", ["(" * 5_000 + ")" * 5_000, "a{99999999999}", "[" * 10_000])
def test_hostile_expressions_are_neither_scanned_for_nor_an_error(pattern):
    """Deep nesting, absurd counts."""
    assert not scannable(pattern)
    assert required(pattern) == set()
