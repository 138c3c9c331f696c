"""When a suppression hides something."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.model.ids import AgencyId, RuleId, SuppressionId
from sentinel.model.suppression import Scope, Suppression
from tests.samples import NOON

ONE = Suppression(
    id=SuppressionId("s-1"),
    version=1,
    scope=Scope(rule=RuleId("r")),
    title="SSH password guessing",
    reason="the scanner of our own audit",
    by="lan",
    at=NOON,
    begun=NOON,
    expires=NOON + timedelta(hours=8),
)


@pytest.mark.parametrize(
    ("hours", "expected"), [(-1, False), (0, True), (7, True), (8, False), (9, False)]
)
def test_it_works_from_its_beginning_until_its_end(hours, expected):
    """The end is not part of it."""
    assert ONE.works(NOON + timedelta(hours=hours)) is expected


def test_a_lifted_one_works_no_more():
    """Whatever its end says."""
    assert not replace(ONE, lifted=True).works(NOON)


RULE, OTHER_RULE = RuleId("r"), RuleId("other")
SO_A, SO_B = AgencyId("so-a"), AgencyId("so-b")
SUBJECT = {"source.ip": "203.0.113.45", "user.name": "Đỗ"}


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(rule=RULE, agency=SO_A), True),
        (Scope(rule=OTHER_RULE, agency=SO_A), False),
        (Scope(rule=RULE, agency=SO_B), False),
        (Scope(rule=RULE), False),
        (Scope(rule=RULE, everywhere=True), True),
        (Scope(rule=OTHER_RULE, everywhere=True), False),
        (Scope(rule=RULE, agency=SO_B, everywhere=True), True),
    ],
)
def test_a_scope_is_of_one_rule_at_one_agency_or_everywhere(scope, expected):
    """No agency is a place of its own: the unassigned."""
    assert expected is scope.fits(RULE, SO_A, SUBJECT)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, True),
        ({"source.ip": "203.0.113.45"}, True),
        ({"user.name": "đỖ"}, True),
        ({"user.name": "đỗ", "source.ip": "203.0.113.45"}, True),
        ({"user.name": "đỗ", "source.ip": "203.0.113.4"}, False),
        ({"host.name": "web01"}, False),
        ({"host.name": ""}, False),
    ],
)
def test_each_value_of_a_scope_must_be_the_alerts(wanted, expected):
    """Case is ignored, in Vietnamese too; what the alert does not name does not fit."""
    assert expected is Scope(rule=RULE, everywhere=True, subject=wanted).fits(RULE, SO_A, SUBJECT)


def test_unassigned_alerts_fit_a_scope_of_no_agency():
    """They are somebody's to look at, too."""
    assert Scope(rule=RULE).fits(RULE, None, {})
