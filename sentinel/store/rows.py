"""How a value lies in its row: the fields that are columns, and the rest as JSON text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping

from sentinel.model.alert import Alert, AlertEntry
from sentinel.model.warning import AgencyWarning, Delivery, WarningEntry
from sentinel.store.codec import text_of, value_of

Row = Mapping[str, Any]

NOBODY = ""  # the agency of unassigned alerts, as the column has it

_ALERT = ("id", "agency", "cause", "state", "opened", "last_seen")
_WARNING = ("id", "number", "agency", "alert", "state", "created")
_DELIVERY = ("warning", "contact", "message_id", "token", "state", "due")
_ENTRY = ("at", "who", "action", "reason")


def alert_row(alert: Alert) -> Row:
    """Lay an alert out; its history has rows of its own."""
    return {name: getattr(alert, name) for name in _ALERT} | {
        "agency": alert.agency or NOBODY,
        "score": alert.score.points,
        "rest": text_of(alert, without={*_ALERT, "history"}),
    }


def alert_of(row: RowMapping) -> Alert:
    """Read an alert, without history."""
    columns = {name: row[name] for name in _ALERT} | {"agency": row["agency"] or None}
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
    return {name: getattr(entry, name) for name in _ENTRY}


def alert_entry_of(row: RowMapping) -> AlertEntry:
    """Read a line of an alert's history."""
    return AlertEntry(**{name: row[name] for name in _ENTRY})


def warning_entry_of(row: RowMapping) -> WarningEntry:
    """Read a line of a warning's history."""
    return WarningEntry(**{name: row[name] for name in _ENTRY})
