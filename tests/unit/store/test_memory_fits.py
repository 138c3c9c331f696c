"""Which alerts a query means: one question at a time, on one alert."""

from datetime import timedelta

import pytest

from sentinel.model.alert import AlertState, Disposition
from sentinel.model.entity import Entity, EntityKind
from sentinel.model.suppression import Scope
from sentinel.ports import AlertOrder, AlertQuery
from sentinel.store.memory_fits import fits, fitting_alerts
from tests.samples import NOON, an_alert

MINUTE = timedelta(minutes=1)
ALERT = an_alert(
    state=AlertState.CLOSED, assignee="lan", disposition=Disposition.BENIGN, opened=NOON
)
RULE = ALERT.card.id


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (AlertQuery(), True),
        (AlertQuery(max_score=72), True),
        (AlertQuery(max_score=71), False),
        (AlertQuery(rule=RULE), True),
        (AlertQuery(rule="other"), False),
        (AlertQuery(assignee="lan"), True),
        (AlertQuery(assignee=""), False),
        (AlertQuery(dispositions=frozenset({Disposition.BENIGN})), True),
        (AlertQuery(dispositions=frozenset({Disposition.DUPLICATE})), False),
        (AlertQuery(words=("MẬT KHẨU", "web01")), True),
        (AlertQuery(words=("mật khẩu", "web02")), False),
        (AlertQuery(entity=Entity(EntityKind.HOST, "web01")), True),
        (AlertQuery(entity=Entity(EntityKind.USER, "web01")), False),
        (AlertQuery(scope=Scope(rule=RULE, agency="so-a")), True),
        (AlertQuery(scope=Scope(rule=RULE)), False),
        (AlertQuery(scope=Scope(rule=RULE, everywhere=True), agency="so-b"), True),
        (AlertQuery(scope=Scope(rule=RULE, agency="so-a"), unassigned=True), True),
        (AlertQuery(opened_after=NOON - MINUTE), True),
        (AlertQuery(opened_after=NOON), False),
        (AlertQuery(seen_since=NOON), True),
        (AlertQuery(seen_since=NOON + MINUTE), False),
        (AlertQuery(skip=9, limit=0), True),
    ],
)
def test_an_alert_fits_where_all_that_is_asked_is_so(query, expected):
    """The agency of a scope is the one that counts; pages do not matter."""
    assert expected is fits(ALERT, query)


def test_an_alert_without_a_disposition_is_of_none():
    """But fits where nobody asks."""
    asked = AlertQuery(dispositions=frozenset(Disposition))
    assert (fits(an_alert(), asked), fits(an_alert(), AlertQuery())) == (False, True)


def test_what_fits_comes_by_score_or_by_age():
    """Of equal ones the last id comes first."""
    alerts = [an_alert(id=name, last_seen=NOON + MINUTE * (name == "b")) for name in "abc"]
    for order in AlertOrder:
        found = fitting_alerts(alerts, AlertQuery(order=order))
        assert [alert.id for alert in found] == ["b", "c", "a"]
