"""Two clocks: acknowledge from approval, report from detection."""

from datetime import timedelta

import pytest

from sentinel.model.severity import Severity
from sentinel.warn.deadline import acknowledge_by, report_by
from tests.samples import NOON
from tests.unit.warn.letters import HOURS, a_policy

DEADLINES = a_policy().deadlines


@pytest.mark.parametrize("severity", Severity)
def test_acknowledging_counts_from_approval_by_severity(severity):
    expected = NOON + timedelta(hours=HOURS[severity])

    assert acknowledge_by(DEADLINES, severity, NOON) == expected


def test_reporting_counts_from_detection():
    acknowledge = NOON + timedelta(hours=4)

    assert report_by(DEADLINES, NOON, acknowledge) == NOON + timedelta(days=5)


def test_a_late_approval_never_asks_for_the_report_before_the_acknowledgement():
    """Approved a week after detection: five days from detection are over already."""
    acknowledge = NOON + timedelta(days=7, hours=4)

    assert report_by(DEADLINES, NOON, acknowledge) == acknowledge


def test_a_deadline_is_a_whole_minute_as_the_letter_shows_it():
    odd = NOON + timedelta(seconds=1, microseconds=5)

    assert acknowledge_by(DEADLINES, Severity.HIGH, odd) == NOON + timedelta(hours=4, minutes=1)
    assert report_by(DEADLINES, odd, NOON) == NOON + timedelta(days=5, minutes=1)
