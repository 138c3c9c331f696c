"""What people may do with an alert, and what that leaves in its history.

    new ──acknowledge──> acknowledged ──take──> in progress ──close──> closed

Steps may be left out (a new alert can be taken or closed at once), an alert in progress can be
taken over, and nothing leads out of closed: the next detection opens a new alert. Only a mistake
can be taken back, as long as nothing has happened since; the history keeps both.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sentinel.errors import NotAllowed
from sentinel.i18n import show_time
from sentinel.model.alert import Alert, AlertEntry, AlertState, Disposition
from sentinel.model.job import AlertStanding


def acknowledge(alert: Alert, who: str, at: datetime, note: str = "") -> Alert:
    """Somebody has seen it.

    Raises:
        NotAllowed: it is not new (the sentence says who has it), or nobody is named.
    """
    who = named(who)
    _must_be_open(alert)
    if alert.state is not AlertState.NEW:
        raise NotAllowed(f"Alert {alert.id} is {_held(alert)} already.")
    entry = AlertEntry(at=at, who=who, action="acknowledged", reason=note.strip())
    return replace(_with(alert, entry), state=AlertState.ACKNOWLEDGED)


def take(alert: Alert, who: str, at: datetime, note: str = "") -> Alert:
    """Somebody works on it; what another one works on can be taken over.

    Raises:
        NotAllowed: it is closed, is this person's already, or nobody is named.
    """
    who = named(who)
    _must_be_open(alert)
    if alert.state is AlertState.IN_PROGRESS and alert.assignee == who:
        raise NotAllowed(f"Alert {alert.id} is {_held(alert)} already.")
    entry = AlertEntry(at=at, who=who, action="taken", reason=note.strip())
    return replace(_with(alert, entry), state=AlertState.IN_PROGRESS, assignee=who)


def close(alert: Alert, who: str, at: datetime, disposition: Disposition, reason: str) -> Alert:
    """It is over, and this is why; the history says as what it was closed, and the reason.

    Raises:
        NotAllowed: it is closed already; nobody is named; no reason is given; or the disposition
            is the system's own.
    """
    return _closed(alert, named(who), at, chosen(disposition), reason)


def resolve(alert: Alert, at: datetime, reason: str) -> Alert:
    """The system closes it: what it was about is gone.

    Raises:
        NotAllowed: it is closed already, or no reason is given.
    """
    return _closed(alert, "", at, Disposition.RESOLVED, reason)


def note(alert: Alert, who: str, at: datetime, text: str) -> Alert:
    """Somebody writes something down; a closed alert can be added to as well.

    Raises:
        NotAllowed: nobody is named, or there is nothing to write down.
    """
    who, text = named(who), text.strip()
    if not text:
        raise NotAllowed("Write the note: it is empty.")
    return _with(alert, AlertEntry(at=at, who=who, action="noted", reason=text))


def undone(alert: Alert, who: str, at: datetime, before: AlertStanding) -> Alert:
    """The last action was a mistake: the alert stands as it did before.

    Raises:
        NotAllowed: something has happened since that action, or nobody is named.
    """
    who = named(who)
    if len(alert.history) != before.entries + 1:
        raise NotAllowed(f"Alert {alert.id} has moved on since{_newest(alert)}; it stays as it is.")
    return replace(
        _with(alert, AlertEntry(at=at, who=who, action="undone")),
        state=before.state,
        assignee=before.assignee,
        disposition=before.disposition,
    )


def standing(alert: Alert) -> AlertStanding:
    """How an alert with its history stands: what `undone` puts back."""
    return AlertStanding(
        state=alert.state,
        assignee=alert.assignee,
        disposition=alert.disposition,
        entries=len(alert.history),
    )


def named(who: str) -> str:
    """The name of whoever acts. Raises NotAllowed where there is none."""
    who = who.strip()
    if not who:
        raise NotAllowed("Say who does this: the name is empty.")
    return who


def chosen(disposition: Disposition | None) -> Disposition:
    """What a person closes an alert as. Raises NotAllowed: none, or the system's own."""
    allowed = ", ".join(each.value for each in Disposition if each is not Disposition.RESOLVED)
    if disposition is None:
        raise NotAllowed(f"Say as what it is closed: choose one of {allowed}.")
    if disposition is Disposition.RESOLVED:
        raise NotAllowed(f"Only the system closes as {disposition.value}; choose one of {allowed}.")
    return disposition


def _closed(alert: Alert, who: str, at: datetime, disposition: Disposition, reason: str) -> Alert:
    _must_be_open(alert)
    reason = reason.strip()
    if not reason:
        raise NotAllowed(f"Say why alert {alert.id} is closed: the reason is empty.")
    entry = AlertEntry(at=at, who=who, action="closed", reason=reason, disposition=disposition)
    return replace(_with(alert, entry), state=AlertState.CLOSED, disposition=disposition)


def _with(alert: Alert, entry: AlertEntry) -> Alert:
    return replace(alert, history=(*alert.history, entry))


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
            return _by(entry)
    return ""


def _newest(alert: Alert) -> str:
    """Say what happened last; "" where the history does not tell."""
    return f": {alert.history[-1].action}{_by(alert.history[-1])}" if alert.history else ""


def _by(entry: AlertEntry) -> str:
    return f" by {entry.who or 'the system'} at {show_time(entry.at)} (UTC+7)"
