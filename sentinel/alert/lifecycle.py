"""What people may do with an alert, and what that leaves in its history.

    new ──acknowledge──> acknowledged ──take──> in progress ──close──> closed

Steps may be left out (a new alert can be taken or closed at once), an alert in progress can be
taken over, and nothing leads out of closed: the next detection opens a new alert.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sentinel.errors import NotAllowed
from sentinel.i18n import show_time
from sentinel.model.alert import Alert, AlertEntry, AlertState, Disposition


def acknowledge(alert: Alert, who: str, at: datetime, note: str = "") -> Alert:
    """Somebody has seen it.

    Raises:
        NotAllowed: it is not new (the sentence says who has it), or nobody is named.
    """
    who = _named(who)
    _must_be_open(alert)
    if alert.state is not AlertState.NEW:
        raise NotAllowed(f"Alert {alert.id} is {_held(alert)} already.")
    entry = AlertEntry(at=at, who=who, action="acknowledged", reason=note.strip())
    return replace(alert, state=AlertState.ACKNOWLEDGED, history=(*alert.history, entry))


def take(alert: Alert, who: str, at: datetime, note: str = "") -> Alert:
    """Somebody works on it; what another one works on can be taken over.

    Raises:
        NotAllowed: it is closed, is this person's already, or nobody is named.
    """
    who = _named(who)
    _must_be_open(alert)
    if alert.state is AlertState.IN_PROGRESS and alert.assignee == who:
        raise NotAllowed(f"Alert {alert.id} is {_held(alert)} already.")
    entry = AlertEntry(at=at, who=who, action="taken", reason=note.strip())
    return replace(
        alert, state=AlertState.IN_PROGRESS, assignee=who, history=(*alert.history, entry)
    )


def close(alert: Alert, who: str, at: datetime, disposition: Disposition, reason: str) -> Alert:
    """It is over, and this is why.

    Raises:
        NotAllowed: it is closed already; nobody is named; no reason is given; or the disposition
            is the system's own.
    """
    who = _named(who)
    if disposition is Disposition.RESOLVED:
        allowed = ", ".join(each.value for each in Disposition if each is not Disposition.RESOLVED)
        raise NotAllowed(f"Only the system closes as {disposition.value}; choose one of {allowed}.")
    return _closed(alert, who, at, disposition, reason)


def resolve(alert: Alert, at: datetime, reason: str) -> Alert:
    """The system closes it: what it was about is gone.

    Raises:
        NotAllowed: it is closed already, or no reason is given.
    """
    return _closed(alert, "", at, Disposition.RESOLVED, reason)


def _closed(alert: Alert, who: str, at: datetime, disposition: Disposition, reason: str) -> Alert:
    _must_be_open(alert)
    reason = reason.strip()
    if not reason:
        raise NotAllowed(f"Say why alert {alert.id} is closed: the reason is empty.")
    entry = AlertEntry(at=at, who=who, action="closed", reason=reason)
    return replace(
        alert,
        state=AlertState.CLOSED,
        disposition=disposition,
        history=(*alert.history, entry),
    )


def _named(who: str) -> str:
    who = who.strip()
    if not who:
        raise NotAllowed("Say who does this: the name is empty.")
    return who


def _must_be_open(alert: Alert) -> None:
    if alert.state is AlertState.CLOSED:
        by = _last(alert, "closed")
        raise NotAllowed(
            f"Alert {alert.id} was closed{by}; the next detection of its cause opens a new one."
        )


def _held(alert: Alert) -> str:
    if alert.state is AlertState.IN_PROGRESS:
        return f"in the hands of {alert.assignee}"
    return f"acknowledged{_last(alert, 'acknowledged')}"


def _last(alert: Alert, action: str) -> str:
    """Say who did it last and when; "" where the history does not tell."""
    for entry in reversed(alert.history):
        if entry.action == action:
            return f" by {entry.who or 'the system'} at {show_time(entry.at)} (UTC+7)"
    return ""
