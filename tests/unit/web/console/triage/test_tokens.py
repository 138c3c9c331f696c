"""How a typed line is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.web.console.triage.tokens import Token, split, written


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", []),
        (" \t ", []),
        ("ssh", [("", "ssh")]),
        ("status:new  web01", [("status", "new"), ("", "web01")]),
        ("STATUS:New", [("status", "New")]),
        ('"invalid user" who:"a b"', [("", "invalid user"), ("who", "a b")]),
        (r'"say \"no\" \\ yes"', [("", r'say "no" \ yes')]),
        ("status:", [("status", "")]),
        ("203.0.113.9:22", [("", "203.0.113.9:22")]),
        ("2001:db8::1", [("", "2001:db8::1")]),
        ('"http://example.com"', [("", "http://example.com")]),
        ("http://example.com", [("http", "//example.com")]),
        ('a"b', [("", 'a"b')]),
    ],
)
def test_a_line_is_cut_at_white_space_outside_quotes(line, expected):
    """Letters and a colon make a key, quotes keep a text together."""
    found = [(token.key, token.value) for token in split(line)]

    assert expected == found


def test_a_quote_without_end_takes_the_rest():
    """It is one part, and it says what is wrong with it."""
    assert [
        Token(typed='who:"a b', key="who", value='who:"a b', quoted=True, closed=False)
    ] == list(split('who:"a b'))


def test_a_text_that_sticks_to_a_quote_is_named():
    """Nothing that was typed disappears."""
    assert [Token(typed='"a"b', key="", value="a", quoted=True, glued=True)] == list(split('"a"b'))


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "who", "agency"]), st.text(min_size=1), st.booleans()),
        max_size=4,
    )
)
def test_what_is_written_is_read_again(parts):
    """Any value, under any key, with any neighbours."""
    line = " ".join(written(key, value, literal=literal) for key, value, literal in parts)
    found = [(token.key, token.value, token.closed, token.glued) for token in split(line)]

    assert [(key, value, True, False) for key, value, _ in parts] == found


@given(st.text())
def test_no_character_is_lost(line):
    """The parts as they were typed are the line without the space around them."""
    assert "".join(line.split()) == "".join("".join(token.typed.split()) for token in split(line))
