"""A rule's sentence with this alert's values in it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.i18n import DEFAULT_ZONE
from sentinel.model.text import Language
from sentinel.warn.fill import filled, subject_words
from tests.samples import NOON, an_alert

EVIDENCE = an_alert().evidence[0]


def _filled(sentence, alert=None, language=Language.EN):
    return filled(sentence, alert or an_alert(), language, DEFAULT_ZONE)


def test_a_field_of_the_subject_stands_in_the_sentence_and_cannot_be_clicked():
    assert _filled("Block {source.ip} now.") == "Block 203.0.113[.]45 now."


def test_counts_and_times_are_written_as_the_reader_writes_them():
    alert = an_alert(events=1234)

    assert _filled("{count}: {first} - {last}", alert, Language.VI) == (
        "1.234: 11:43 22/11/2026 - 12:00 22/11/2026"
    )
    assert _filled("{count}", alert, Language.EN) == "1,234"


def test_a_field_that_is_not_in_the_subject_comes_from_the_evidence_newest_first():
    """At most three different values; more are hinted at."""
    names = ["an", "binh", "an", "chi", "dung"]
    alert = an_alert(
        evidence=tuple(
            replace(EVIDENCE, at=NOON + timedelta(seconds=n), matched={"user.name": name})
            for n, name in enumerate(names)
        )
    )

    assert _filled("{user.name}", alert) == "dung, chi, an, …"
    assert _filled("{user.name}", replace(alert, evidence=alert.evidence[:2])) == "binh, an"


@pytest.mark.parametrize(
    ("language", "with_evidence", "without"),
    [
        (Language.EN, "Lock (see the evidence).", "Lock (not known)."),
        (Language.VI, "Lock (xem phần bằng chứng).", "Lock (chưa xác định)."),
    ],
)
def test_a_field_that_nobody_knows_is_said_in_words(language, with_evidence, without):
    assert _filled("Lock {user.email}.", None, language) == with_evidence
    assert _filled("Lock {user.email}.", an_alert(evidence=()), language) == without


def test_a_value_that_looks_like_a_placeholder_is_a_value():
    """Filling is one pass; nothing of Python's format language works."""
    alert = an_alert(subject={"user.name": "{count} {0} {count.__class__} %(number)s {{7*7}}"})

    assert _filled("Lock {user.name}.", alert) == (
        "Lock {count} {0} {count.__class__} %(number)s {{7*7}}."
    )


def test_braces_that_name_nothing_stay_as_they_are():
    assert _filled('{} {"a": 1} { x } {1}') == '{} {"a": 1} { x } {1}'


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_sentence_and_no_value_makes_it_fail(sentence, value):
    alert = an_alert(subject={"user.name": value})

    assert _filled(sentence + " {user.name}", alert).isprintable()


def test_a_subject_is_shown_by_field_name():
    assert subject_words({"source.ip": "203.0.113.45", "user.name": "a\nb"}) == (
        r"source.ip 203.0.113[.]45; user.name a\nb"
    )
