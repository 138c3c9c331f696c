"""A line of the queue."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.model.agency import SecurityLevel
from sentinel.model.alert import AlertState
from sentinel.model.policy import Deadlines
from sentinel.model.severity import Severity
from sentinel.model.text import Language, LocalText
from sentinel.web.console.triage.rows import Owned, due_of, owned_of, queue_rows, title_of
from tests.samples import NOON, a_card, an_agency, an_alert

VI, EN = Language.VI, Language.EN
DEADLINES = Deadlines(
    triage={severity: timedelta(minutes=75 - 15 * severity) for severity in Severity},
    acknowledge={},
    report=timedelta(days=5),
    source=LocalText(vi="", en=""),
)
KNOWN = {"so-a": an_agency()}


def test_a_line_says_everything_one_triages_by():
    """In the reader's language."""
    [row] = queue_rows([an_alert()], [an_agency()], DEADLINES, VI)

    assert (row.points, row.severity, row.title, row.events) == (
        72,
        Severity.HIGH,
        "Dò mật khẩu SSH",
        12,
    )
    assert row.subject == ("203.0.113.45", "web01")
    assert row.owned == Owned(
        agency="Sở A",
        agency_id="so-a",
        system="Cổng dịch vụ công",
        level=SecurityLevel.THREE,
    )


def test_a_rule_without_advice_has_its_own_title():
    """An empty title of an advice is none."""
    card = a_card(advice=None)
    empty = replace(a_card().advice, title=LocalText(vi="", en=""))

    assert title_of(an_alert(card=card), VI) == "SSH password guessing"
    assert title_of(an_alert(card=a_card(advice=empty)), VI) == "SSH password guessing"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"agency": None, "asset": None}, ("", "", None)),
        ({"agency": "gone", "asset": "x"}, ("gone", "x", None)),
        ({"asset": "gone"}, ("Department A", "gone", None)),
        ({"asset": None}, ("Department A", "", None)),
    ],
)
def test_what_is_not_registered_is_named_by_its_id(changes, expected):
    """And what is nobody's by nothing."""
    owned = owned_of(an_alert(**changes), KNOWN, EN)

    assert expected == (owned.agency, owned.system, owned.level)


def test_a_new_alert_is_due_by_its_severity_and_another_one_is_not():
    """Somebody's look ends the deadline."""
    critical = replace(an_alert().score, points=92)

    assert NOON + timedelta(minutes=30) == due_of(an_alert(), DEADLINES)
    assert NOON + timedelta(minutes=15) == due_of(an_alert(score=critical), DEADLINES)
    assert due_of(an_alert(state=AlertState.ACKNOWLEDGED), DEADLINES) is None
