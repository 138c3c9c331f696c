"""Access lines; the forms are in the corpus, here is what holds for all visitors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.normalise.web import MOST_LAYERS, decoded, read_access
from tests.samples import NOON

VISITOR = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=60)


def _escaped(text):
    """As nginx escapes values: quotes, backslashes and what is not ASCII."""
    return "".join(
        character
        if " " <= character <= "~" and character not in '"\\'
        else "".join(f"\\x{byte:02X}" for byte in character.encode())
        for character in text
    )


@given(VISITOR, VISITOR, VISITOR.filter(lambda user: user == user.strip()))
def test_no_visitor_changes_status_or_address(target, agent, user):
    """Whatever is sent, the server's own words around it stay."""
    line = (
        f'203.0.113.9 - {_escaped(user)} [22/Nov/2026:11:59:58 +0700] "GET /{_escaped(target)}'
        f' HTTP/1.1" 404 153 "-" "{_escaped(agent)}"'
    )

    read = read_access(line, NOON)

    assert read is not None
    fields, at = read
    assert (
        fields["http.response.status_code"],
        fields["http.response.body.bytes"],
        fields["source.ip"],
    ) == (404, 153, "203.0.113.9")
    assert at is not None


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_escapes_are_undone(agent):
    """What nginx escaped reads as it was sent."""
    read = read_access(
        f'203.0.113.9 - - [22/Nov/2026:11:59:58 +0700] "GET / HTTP/1.1" 200 1 "-" '
        f'"{_escaped(agent)}"',
        NOON,
    )

    assert read is not None
    assert (agent if agent not in ("", "-") else None) == read[0].get("user_agent.original")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/a", "/a"),
        ("/a%2Fb", "/a/b"),
        ("/a+b?c+d", "/a+b?c d"),
        ("/?q=1%2B1", "/?q=1+1"),
        ("/%zz", "/%zz"),
        ("/%25252525", "/%25"),
    ],
)
def test_coding_is_undone_three_times_at_most(target, expected):
    """A plus is a blank in queries only, and only one that was sent as such."""
    assert MOST_LAYERS == 3
    assert expected == decoded(target)


@given(st.text())
def test_any_text_is_read_without_an_error(text):
    """What is no access line is None."""
    read = read_access(f"203.0.113.9 - - [{text}", NOON)

    assert read is None or isinstance(read[0], dict)
