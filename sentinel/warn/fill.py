"""What a rule says to an agency, with the values of this alert in it.

Rules write "{source.ip}"; the values come from log lines and are hostile: each is made safe before
it stands in a sentence that leaves the house.
"""

from __future__ import annotations

from collections.abc import Mapping

from sentinel.model.alert import Alert
from sentinel.model.text import Language
from sentinel.warn.minimise import plain, safe
from sentinel.wording import advice_words

DOMAIN = "warn"
LONGEST_SENTENCE = 1000  # characters of a rule's own prose


def filled(sentence: str, alert: Alert, language: Language, zone: str) -> str:
    """A rule's sentence with every placeholder replaced, as it may stand in a letter."""
    return advice_words(plain(sentence, LONGEST_SENTENCE), alert, language, zone, safe)


def subject_words(subject: Mapping[str, str]) -> str:
    """The values that make an alert's cause, for a rule that has no sentence of its own."""
    return "; ".join(f"{plain(name, 60)} {safe(value)}" for name, value in subject.items())
