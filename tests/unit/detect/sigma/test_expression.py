"""Regular expressions that would fill the memory are not compiled."""

import pytest

from sentinel.detect.sigma.expression import MAX_LENGTH, too_much


@pytest.mark.parametrize(
    "expression",
    [
        r"^\\\\[a-z]{2,4}(?:ab|c){3,}\{9999999\}$",
        "[a{9999999}]",
        r"a\{9999999}",
        "(a{1,9999999})*",
        "((a{10}){10}){10}",
        "a)(",
        "",
    ],
)
def test_what_comes_to_little_is_compiled(expression):
    """Braces that are escaped or in a class repeat nothing, and only the least number counts."""
    assert too_much(expression) == ""


@pytest.mark.parametrize(
    "expression", ["((a{1000}){1000}){1000}", "(?:[ab]c){99999}", "(((a{500}){500})"]
)
def test_repetitions_of_repetitions_are_refused(expression):
    """A few characters that come to more than memory holds."""
    assert "repetitions" in too_much(expression)


def test_a_long_expression_is_refused():
    """Whatever it says."""
    assert "at most" in too_much("a" * (MAX_LENGTH + 1))
