"""Nothing that is printed can act."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.cli.safe import as_json, harmless, visible

ACTING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain [red]text[/red]", "plain [red]text[/red]"),
        ("Sở Thông tin và Truyền thông", "Sở Thông tin và Truyền thông"),
        ("\x1b[2J\x1b]0;owned\x07", r"\x1b[2J\x1b]0;owned\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("a\rb\nc\td", r"a\rb\nc\td"),
        ("\b\x7f", r"\x08\x7f"),
        ("gpj.\u202eexe", r"gpj.\u202eexe"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("\u2028", r"\u2028"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_acts_is_written_out(text, shown):
    """Terminal escapes, reordering marks and line ends are shown, letters stay."""
    assert shown == visible(text)


@given(st.text(st.characters(), max_size=100))
def test_no_acting_character_is_left(text):
    """Whatever a log line holds."""
    assert ACTING.isdisjoint(unicodedata.category(each) for each in visible(text))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=20),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=10,
    )
)
def test_json_stays_the_same_json_and_cannot_act(value):
    """A machine reads what was there; a terminal gets nothing to obey."""
    text = as_json(value)

    assert value == json.loads(text)
    assert ACTING.isdisjoint(unicodedata.category(each) for each in text)


def test_letters_stay_letters_in_json():
    """Vietnamese is not turned into numbers."""
    assert as_json({"tên": "Sở A"}) == '{"tên":"Sở A"}'


def test_characters_beyond_the_basic_plane_become_pairs():
    """JSON's escapes have four digits."""
    assert harmless('"\U000e0041"') == r'"\udb40\udc41"'
