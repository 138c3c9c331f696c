"""A value lies in its row: what is asked for as columns, the rest as text, nothing twice."""

import json
from dataclasses import replace

from sentinel.model.alert import AlertEntry
from sentinel.model.warning import WarningEntry
from sentinel.store.rows import (
    alert_entry_of,
    alert_of,
    alert_row,
    delivery_of,
    delivery_row,
    entry_row,
    warning_entry_of,
    warning_of,
    warning_row,
)
from tests.samples import NOON, a_delivery, a_warning, an_alert


def test_an_alert_goes_into_its_row_and_back_without_its_history():
    """The history has rows of its own."""
    alert = an_alert(history=(AlertEntry(at=NOON, who="", action="opened"),), previous="older")
    assert replace(alert, history=()) == alert_of(alert_row(alert))


def test_an_alert_of_nobody_has_a_name_for_nobody_in_its_column():
    """So that two of them are of the same owner."""
    row = alert_row(an_alert(agency=None))
    assert (row["agency"], alert_of(row).agency) == ("", None)


def test_the_score_that_is_sorted_by_is_the_alerts():
    """Its reasons stand in the text."""
    row = alert_row(an_alert())
    assert (72, an_alert().score) == (row["score"], alert_of(row).score)


def test_a_warning_goes_into_its_row_and_back_without_what_has_its_own_rows():
    """Deliveries and history."""
    entry = WarningEntry(at=NOON, who="Lan", action="approved")
    warning = a_warning(number="CB-2026-000001", acknowledge_by=NOON, approved_by="Lan")
    row = warning_row(replace(warning, deliveries=(a_delivery(),), history=(entry,)))
    assert warning == warning_of(row)


def test_a_delivery_goes_into_its_row_and_back():
    """Letter and all."""
    delivery = a_delivery(accepted_at=NOON, attempts=2, last_error="451 later")
    assert delivery == delivery_of(delivery_row(delivery))


def test_lines_of_history_are_columns_alone():
    """So that an auditor can read them with any tool."""
    alert_line = AlertEntry(at=NOON, who="Lan", action="closed", reason="false-positive")
    warning_line = WarningEntry(at=NOON, who="Lan", action="cancelled", reason="mistake")
    assert alert_line == alert_entry_of(entry_row(alert_line))
    assert warning_line == warning_entry_of(entry_row(warning_line))


def test_no_column_stands_in_the_text_again():
    """A field in two places would be two truths one day. The score's points are the exception."""
    for row in (alert_row(an_alert()), warning_row(a_warning()), delivery_row(a_delivery())):
        assert set(json.loads(row["rest"])) & set(row) <= {"score"}
