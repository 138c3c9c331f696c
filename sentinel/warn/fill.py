"""What a rule says to an agency, with the values of this alert in it.

Rules write "{source.ip}"; the values come from log lines and are hostile. Filling is one pass of
exact names: a value that itself holds braces, "%s" or template code stays the text it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sentinel.i18n import show_number, show_time, texts
from sentinel.model.alert import Alert
from sentinel.model.text import Language
from sentinel.warn.minimise import plain, safe

DOMAIN = "warn"
LONGEST_SENTENCE = 1000  # characters of a rule's own prose
VALUES_SHOWN = 3

_PLACEHOLDER = re.compile(r"\{([A-Za-z@][\w.@-]{0,99})\}")


def filled(sentence: str, alert: Alert, language: Language, zone: str) -> str:
    """A rule's sentence with every placeholder replaced.

    "{count}" is how many log records, "{first}" and "{last}" the times of the first and the last;
    any other name is a field: from the alert's subject, else from its evidence. Where nobody
    knows, the sentence says so in words.
    """
    known = {
        "count": show_number(alert.events, language),
        "first": show_time(alert.first_seen, zone),
        "last": show_time(alert.last_seen, zone),
    }
    fallback = _fallback(alert, language)

    def value(found: re.Match[str]) -> str:
        name = found[1]
        return known.get(name) or _field(name, alert) or fallback

    return _PLACEHOLDER.sub(value, plain(sentence, LONGEST_SENTENCE))


def subject_words(subject: Mapping[str, str]) -> str:
    """The values that make an alert's cause, for a rule that has no sentence of its own."""
    return "; ".join(f"{plain(name, 60)} {safe(value)}" for name, value in subject.items())


def _field(name: str, alert: Alert) -> str:
    if alert.subject.get(name):
        return safe(alert.subject[name])
    newest_first = [line.matched.get(name, "") for line in reversed(alert.evidence)]
    values = list(dict.fromkeys(value for value in newest_first if value))
    more = ", …" if len(values) > VALUES_SHOWN else ""
    return ", ".join(safe(value) for value in values[:VALUES_SHOWN]) + more


def _fallback(alert: Alert, language: Language) -> str:
    say = texts(language, DOMAIN).gettext
    return say("(see the evidence)") if alert.evidence else say("(not known)")
