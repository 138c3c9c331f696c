"""What leaves the house: little, visible, safe."""

import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.model.ids import Offset, event_id
from sentinel.warn.minimise import (
    CUT_MARK,
    LINE_LENGTH,
    VALUE_LENGTH,
    cut,
    minimised,
    plain,
    safe,
    visible,
)
from tests.samples import JOURNAL, NOON, an_alert

EVIDENCE = an_alert().evidence[0]


def _evidence(number: int, raw: str = "line"):
    at = NOON + timedelta(seconds=number)
    return replace(EVIDENCE, at=at, raw=f"{raw} {number}", event=event_id(JOURNAL, Offset(number)))


def test_few_lines_go_whole_and_oldest_first():
    lines = minimised([_evidence(2), _evidence(1)])

    assert [line.text for line in lines] == ["line 1", "line 2"]
    assert lines[0].at == NOON + timedelta(seconds=1)


def test_of_many_lines_go_the_two_oldest_and_the_three_newest():
    """How it began, and how it stands: the newest line is often the one that did it."""
    lines = minimised([_evidence(number) for number in range(10)])

    assert [line.text for line in lines] == ["line 0", "line 1", "line 7", "line 8", "line 9"]


def test_a_line_is_masked_before_it_is_cut():
    """Else the cut could take away the name that gives the secret away."""
    raw = "x" * (LINE_LENGTH - 20) + " password=" + "s3cret" * 100

    (line,) = minimised([replace(EVIDENCE, raw=raw)])

    assert "s3cret" not in line.text
    assert len(line.text) <= LINE_LENGTH


@pytest.mark.parametrize(
    ("hidden", "expected"),
    [
        ("a\r\nBcc: x", r"a\r\nBcc: x"),
        ("a\tb", r"a\tb"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("exe\u202egpj", r"exe\u202egpj"),
        ("ad\u200bmin", r"ad\u200bmin"),
        ("a\u2028b", r"a\u2028b"),
        ("a\u3164b", r"a\u3164b"),
        ("a\u2800b\ufe0f", r"a\u2800b\ufe0f"),
        ("a\U000e0041", r"a\U000e0041"),
        ("a\udc80", r"a\udc80"),
        ("a\xa0b", r"a\xa0b"),
        ("C:\\x", "C:\\x"),
        ("tiếng Việt 漢字 😀", "tiếng Việt 漢字 😀"),
        (unicodedata.normalize("NFD", "tiếng Việt"), "tiếng Việt"),
    ],
)
def test_what_cannot_be_seen_is_written_out(hidden, expected):
    assert visible(hidden) == expected


@given(st.text(max_size=300))
def test_what_leaves_is_one_visible_bounded_line(text):
    for shown in (safe(text), plain(text, VALUE_LENGTH)):
        assert len(shown) <= VALUE_LENGTH
        assert shown.isprintable()
        assert "http://" not in shown.lower()
        shown.encode("utf-8")


def test_a_cut_shows_its_mark():
    assert cut("a" * 20, 20) == "a" * 20
    assert cut("a" * 21, 20) == "a" * 16 + CUT_MARK


def test_a_colleagues_text_becomes_one_line_without_url():
    assert plain("  Sở\n A \u200b http://x.example ", 80) == r"Sở A \u200b hxxp://x[.]example"
    assert plain("web01.so-a.example", 80) == "web01.so-a.example"
