"""What the form about hiding says."""

from datetime import UTC, datetime, timedelta

import pytest

from sentinel.i18n import DEFAULT_ZONE
from sentinel.model.suppression import Scope
from sentinel.web.console.triage.hiding import HideForm, end_of, scope_of, ticked
from tests.samples import NOON, an_alert

ALERT = an_alert()
RULE = ALERT.card.id
SUBJECT = {"source.ip": "203.0.113.45", "host.hostname": "web01"}


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({}, {"agency": "so-a", "subject": SUBJECT}),
        ({"asked": "yes"}, {"agency": "so-a", "subject": {}}),
        (
            {"asked": "yes", "subject": ["source.ip"]},
            {"agency": "so-a", "subject": {"source.ip": "203.0.113.45"}},
        ),
        ({"everywhere": "yes"}, {"everywhere": True, "subject": SUBJECT}),
        ({"asked": "yes", "subject": ["user.name"]}, {"agency": "so-a", "subject": {}}),
    ],
)
def test_the_scope_is_the_rule_and_what_is_ticked(form, expected):
    """At first all of the alert's subject, at its agency; a tick less is wider."""
    assert Scope(rule=RULE, **expected) == scope_of(HideForm(**form), ALERT)


def test_an_alert_of_nobody_hides_what_is_nobodys():
    """Not what belongs to agencies."""
    assert scope_of(HideForm(), an_alert(agency=None)) == Scope(rule=RULE, subject=SUBJECT)


def test_names_that_the_alert_does_not_have_are_not_ticked():
    """A form is written by whoever sends it."""
    assert ticked(HideForm(asked="yes", subject=["x", "source.ip"]), ALERT) == {"source.ip"}


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({}, NOON + timedelta(hours=24)),
        ({"end": "1h"}, NOON + timedelta(hours=1)),
        ({"end": "30d"}, NOON + timedelta(days=30)),
        ({"end": "day", "day": "2026-11-23"}, datetime(2026, 11, 23, 17, tzinfo=UTC)),
        ({"end": "day"}, None),
        ({"end": "day", "day": "9999-12-31"}, None),
        ({"end": "day", "day": "tomorrow"}, None),
        ({"end": "for ever"}, None),
    ],
)
def test_an_end_is_a_span_or_a_day(form, expected):
    """A day ends at midnight in the console's zone."""
    assert expected == end_of(HideForm(**form), NOON, DEFAULT_ZONE)
