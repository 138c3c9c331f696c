"""Texts are found in values whatever the case, in every script, between START and END."""

import pytest

from sentinel.detect.match.clues import END, LONGEST, START
from sentinel.detect.match.literals import Literals
from sentinel.detect.match.scan import Databases


def _literals(*texts, ascii_only=False):
    return Literals({(text, ascii_only): {n} for n, text in enumerate(texts)}, Databases())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("cmd", "C:\\CMD.EXE"),
        ("đăng", "ĐĂNG nhập"),
        ("strasse", "STRAßE"),
        ("k", "\u212a"),
        ("s", "\u017f"),
        ("i\u0307", "\u0130"),
        ("\u0131", "\u0131"),
        ("\ud800", "x\ud800"),
        (START + "ab" + END, "AB"),
        (START + "ab", "abc"),
        ("bc" + END, "abc"),
        (START + END, ""),
        ("x\x02y\x03", "x\x02y\x03"),
        ("(a.b)*[c]{2}\\", "(A.B)*[C]{2}\\"),
        ("a\nb", "a\nb"),
    ],
)
def test_a_text_is_found(text, value):
    """Folded text in the folded value."""
    assert {0} == _literals(text, "not there").rules_for(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (START + "ab" + END, "abc"),
        (START + "ab", "xab"),
        ("i", "\u0131"),
        ("a.b", "axb"),
        ("é", "e\u0301"),
    ],
)
def test_what_is_not_there_is_not_found(text, value):
    """Patterns mean nothing here, and beginnings and ends are kept."""
    assert _literals(text).rules_for(value) == set()


def test_several_texts_lead_to_all_their_rules():
    """Even where one is within the other, and where one text has several rules."""
    found = Literals({("ab", False): {1, 2}, ("b", False): {3}, ("x", False): {4}}, Databases())

    assert found.rules_for("ab") == {1, 2, 3}
    assert found.rules_for("\u0111ab") == {1, 2, 3}


def test_a_clue_for_ascii_values_says_yes_to_any_other():
    """It came from an expression, which may see other letters otherwise."""
    found = _literals("cmd", ascii_only=True)

    assert (found.rules_for("x"), found.rules_for("\u0111")) == (set(), {0})


def test_the_same_text_from_an_expression_and_from_a_rule_serves_both():
    """Beyond ASCII only the expression's rule is taken for true."""
    found = Literals({("cmd", True): {1}, ("cmd", False): {2}}, Databases())

    assert (found.rules_for("cmd"), found.rules_for("\u0111")) == ({1, 2}, {1})


@pytest.mark.parametrize("letter", ["a", "đ", "😀"])
def test_a_text_of_the_greatest_length_is_found(letter):
    """It is cut so that the scanner takes it in every script."""
    assert {0} == _literals(letter * LONGEST).rules_for("x" + letter * (LONGEST + 1))


def test_no_texts_lead_nowhere():
    """A column may have other clues only."""
    assert _literals().rules_for("anything") == set()
