"""A value lies in its row: what is asked for as columns, the rest as text, nothing twice."""

import json
from dataclasses import replace

from sentinel.model.alert import AlertEntry, Disposition
from sentinel.model.job import AlertAction, Job
from sentinel.model.person import LoginSession
from sentinel.model.source_mark import SourceMark
from sentinel.model.suppression import Scope, Suppression
from sentinel.model.warning import WarningEntry
from sentinel.store.rows import (
    alert_entry_of,
    alert_of,
    alert_row,
    delivery_of,
    delivery_row,
    entry_row,
    job_of,
    job_row,
    mark_of,
    mark_row,
    session_of,
    session_row,
    suppression_of,
    suppression_row,
    warning_entry_of,
    warning_of,
    warning_row,
)
from tests.samples import NOON, a_delivery, a_warning, an_alert

A_JOB = Job(id="j", action=AlertAction.CLOSE, by="lan", at=NOON, total=2, refusals=("no",))
A_SUPPRESSION = Suppression(
    id="s",
    version=2,
    scope=Scope(rule="r", everywhere=True, subject={"user.name": "lan"}),
    title="SSH password guessing",
    reason="our own scanner",
    by="lan",
    at=NOON,
    begun=NOON,
    expires=NOON,
)


def test_an_alert_goes_into_its_row_and_back_without_its_history():
    """The history has rows of its own."""
    alert = an_alert(history=(AlertEntry(at=NOON, who="", action="opened"),), previous="older")
    assert replace(alert, history=()) == alert_of(alert_row(alert))


def test_what_an_alert_is_found_by_stands_in_columns():
    """An alert without disposition has a name for that."""
    alert = an_alert(assignee="lan", disposition=Disposition.BENIGN)
    row = alert_row(alert)
    assert (row["rule"], row["assignee"], row["disposition"]) == (alert.card.id, "lan", "benign")
    assert "ssh password guessing" in row["words"]
    assert (alert_row(an_alert())["disposition"], alert_of(row)) == ("", alert)


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
    said = Disposition.FALSE_POSITIVE
    alert_line = AlertEntry(at=NOON, who="Lan", action="closed", reason="ours", disposition=said)
    warning_line = WarningEntry(at=NOON, who="Lan", action="cancelled", reason="mistake")
    assert alert_line == alert_entry_of(entry_row(alert_line))
    assert warning_line == warning_entry_of(entry_row(warning_line))


def test_suppressions_jobs_and_sessions_go_into_their_rows_and_back():
    """A job that is not finished has no time for it."""
    session = LoginSession(token="t", person="lan", started=NOON, seen=NOON)
    assert suppression_of(suppression_row(A_SUPPRESSION)) == A_SUPPRESSION
    assert job_of(job_row(A_JOB)) == A_JOB
    assert session_of(session_row(session)) == session


def test_a_mark_of_no_source_and_of_nobody_has_names_for_them():
    """No source, no agency: one row, like any other."""
    mark = SourceMark(source=None, agency=None, events=3, unparsed=1, received=NOON, at=NOON)
    row = mark_row(mark)
    assert (row["source"], row["agency"], mark_of(row)) == ("", "", mark)


def test_no_column_stands_in_the_text_again():
    """A field in two places would be two truths one day. The score's points are the exception."""
    rows = [alert_row(an_alert()), warning_row(a_warning()), delivery_row(a_delivery())]
    for row in (*rows, job_row(A_JOB), suppression_row(A_SUPPRESSION)):
        assert set(json.loads(row["rest"])) & set(row) <= {"score"}
