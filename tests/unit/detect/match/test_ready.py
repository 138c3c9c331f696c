"""What the matcher worked out, kept for the next start."""

from ipaddress import ip_network

import pytest

from sentinel.detect.condition import AllOf, AnyOf, ExistsAtom, FieldAtom, KeywordAtom, NullAtom
from sentinel.detect.match.hints import hints_of
from sentinel.detect.match.ready import NATIVE, Ready, from_sections, to_sections
from sentinel.detect.values import (
    KeywordTest,
    NetworkTest,
    NumberTest,
    RegexTest,
    Segment,
    TextTest,
)


def _text(text):
    return TextTest((Segment(()), Segment((text,)), Segment(())))


CONDITIONS = [
    FieldAtom("a", _text("mimikatz")),
    AllOf((FieldAtom("id", NumberTest(4688)), FieldAtom("a", _text("x y z")))),
    AnyOf((FieldAtom("a", RegexTest("[a-z]{5,9}", "i")), NullAtom("b"))),
    AllOf((ExistsAtom("a", expected=True), ExistsAtom("b", expected=False))),
    KeywordAtom(KeywordTest(_text("kiwi"))),
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_hints_come_back_as_they_were(condition):
    """Each kind of clue has its words."""
    hints = hints_of(condition)
    ready = Ready(hints={NATIVE: [hints, None]}, databases={"key": b"\0\1"})

    assert from_sections(to_sections(ready)) == Ready(
        hints={NATIVE: [hints, None]},
        speechless={NATIVE: frozenset()},
        databases={"key": b"\0\1"},
    )


@pytest.mark.parametrize(
    "condition",
    [
        FieldAtom("a", NetworkTest(ip_network("192.0.2.0/24"))),
        FieldAtom("a", NumberTest(2**80)),
        FieldAtom("a", _text("\ud800 half of a letter")),
    ],
)
def test_what_has_no_words_is_worked_out_again(condition):
    """It is known that it was, so that the next start does not keep it all again."""
    kept = from_sections(to_sections(Ready(hints={NATIVE: [hints_of(condition)]})))

    assert kept.hints == {NATIVE: [None]}
    assert kept.speechless == {NATIVE: frozenset((0,))}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"{}",
        b'{"format": 9, "rules": []}',
        b'{"format": 1, "rules": [[1]]}',
        b'{"format": 1, "rules": [[[[0.5, [["other", "a"]]]], []]]}',
    ],
)
def test_what_cannot_be_read_is_left_out(data):
    """Bytes from a disk never stop a start."""
    assert from_sections({"hints.native": data, "other": b"x"}) == Ready()
