"""How a value lies in its row: the fields that are columns, and the rest as JSON text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping

from sentinel.model.alert import Alert, AlertEntry, Disposition
from sentinel.model.job import Job
from sentinel.model.person import LoginSession
from sentinel.model.source_mark import SourceMark
from sentinel.model.suppression import Suppression
from sentinel.model.warning import AgencyWarning, Delivery, WarningEntry
from sentinel.store.codec import text_of, value_of
from sentinel.store.lookup import words_of

Row = Mapping[str, Any]

NOBODY = ""  # the agency of unassigned alerts, as the column has it
UNDECIDED = ""  # the disposition where there is none
NO_SOURCE = ""  # the source of records that no source claims

_ALERT = ("id", "agency", "cause", "state", "opened", "last_seen", "assignee", "disposition")
_WARNING = ("id", "number", "agency", "alert", "state", "created")
_DELIVERY = ("warning", "contact", "message_id", "token", "state", "due")
_ENTRY = ("at", "who", "action", "reason")
_SUPPRESSION = ("id", "version", "begun")
_JOB = ("id", "at", "finished")
_SESSION = ("token", "person", "started", "seen")
_MARK = ("source", "agency", "events", "unparsed", "received", "at")


def alert_row(alert: Alert) -> Row:
    """Lay an alert out; its history has rows of its own."""
    return {name: getattr(alert, name) for name in _ALERT} | {
        "agency": alert.agency or NOBODY,
        "disposition": alert.disposition or UNDECIDED,
        "score": alert.score.points,
        "rule": alert.card.id,
        "words": words_of(alert),
        "rest": text_of(alert, without={*_ALERT, "history"}),
    }


def alert_of(row: RowMapping) -> Alert:
    """Read an alert, without history."""
    columns = {name: row[name] for name in _ALERT} | {
        "agency": row["agency"] or None,
        "disposition": row["disposition"] or None,
    }
    return value_of(Alert, row["rest"], **columns)


def warning_row(warning: AgencyWarning) -> Row:
    """Lay a warning out; its deliveries and its history have rows of their own."""
    return {name: getattr(warning, name) for name in _WARNING} | {
        "rest": text_of(warning, without={*_WARNING, "deliveries", "history"}),
    }


def warning_of(row: RowMapping) -> AgencyWarning:
    """Read a warning, without deliveries and history."""
    return value_of(AgencyWarning, row["rest"], **{name: row[name] for name in _WARNING})


def delivery_row(delivery: Delivery) -> Row:
    """Lay a delivery out, apart from its position among its warning's."""
    return {name: getattr(delivery, name) for name in _DELIVERY} | {
        "rest": text_of(delivery, without=_DELIVERY),
    }


def delivery_of(row: RowMapping) -> Delivery:
    """Read a delivery."""
    return value_of(Delivery, row["rest"], **{name: row[name] for name in _DELIVERY})


def entry_row(entry: AlertEntry | WarningEntry) -> Row:
    """Lay a line of history out, apart from whose it is and its position."""
    row = {name: getattr(entry, name) for name in _ENTRY}
    if isinstance(entry, AlertEntry):
        row["disposition"] = entry.disposition or UNDECIDED
    return row


def alert_entry_of(row: RowMapping) -> AlertEntry:
    """Read a line of an alert's history."""
    said = row["disposition"]
    disposition = None if said == UNDECIDED else Disposition(said)
    return AlertEntry(**{name: row[name] for name in _ENTRY}, disposition=disposition)


def warning_entry_of(row: RowMapping) -> WarningEntry:
    """Read a line of a warning's history."""
    return WarningEntry(**{name: row[name] for name in _ENTRY})


def suppression_row(suppression: Suppression) -> Row:
    """Lay a version of a suppression out."""
    return {name: getattr(suppression, name) for name in _SUPPRESSION} | {
        "rest": text_of(suppression, without=_SUPPRESSION),
    }


def suppression_of(row: RowMapping) -> Suppression:
    """Read a version of a suppression."""
    return value_of(Suppression, row["rest"], **{name: row[name] for name in _SUPPRESSION})


def job_row(job: Job) -> Row:
    """Lay a job out; its items have rows of their own."""
    return {name: getattr(job, name) for name in _JOB} | {"rest": text_of(job, without=_JOB)}


def job_of(row: RowMapping) -> Job:
    """Read a job."""
    return value_of(Job, row["rest"], **{name: row[name] for name in _JOB})


def session_row(session: LoginSession) -> Row:
    """Lay a session out."""
    return {name: getattr(session, name) for name in _SESSION}


def session_of(row: RowMapping) -> LoginSession:
    """Read a session."""
    return LoginSession(**{name: row[name] for name in _SESSION})


def mark_row(mark: SourceMark) -> Row:
    """Lay the mark of a source out."""
    return {name: getattr(mark, name) for name in _MARK} | {
        "source": mark.source or NO_SOURCE,
        "agency": mark.agency or NOBODY,
    }


def mark_of(row: RowMapping) -> SourceMark:
    """Read the mark of a source."""
    columns = {name: row[name] for name in _MARK} | {
        "source": row["source"] or None,
        "agency": row["agency"] or None,
    }
    return SourceMark(**columns)
