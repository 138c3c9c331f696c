"""What an alert's page says beyond the alert's own values: what may be done, what may be clicked.

The rules of what may be done are the desk's; here they are known well enough to offer no button
that would only be refused, and to say why it is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from sentinel.model.alert import Alert, AlertState
from sentinel.model.warning import AgencyWarning


class Hindrance(StrEnum):
    """Why something is not offered."""

    NONE = ""
    CLOSED = "closed"
    SEEN = "seen"
    YOURS = "yours"
    NOBODY = "nobody"
    WARNED = "warned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What stands in the way of each action; a note and a suppression are always possible."""

    acknowledge: Hindrance
    take: Hindrance
    warn: Hindrance
    close: Hindrance


def choices(alert: Alert, warnings: Sequence[AgencyWarning], who: str) -> Choices:
    """What this person may do with this alert now."""
    closed = Hindrance.CLOSED if alert.state is AlertState.CLOSED else Hindrance.NONE
    seen = Hindrance.NONE if alert.state is AlertState.NEW else Hindrance.SEEN
    yours = alert.state is AlertState.IN_PROGRESS and alert.assignee == who
    return Choices(
        acknowledge=closed or seen,
        take=closed or (Hindrance.YOURS if yours else Hindrance.NONE),
        warn=_warn(alert, warnings),
        close=closed,
    )


def _warn(alert: Alert, warnings: Sequence[AgencyWarning]) -> Hindrance:
    if warnings:
        return Hindrance.WARNED
    return Hindrance.NOBODY if alert.agency is None else Hindrance.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Where a rule's author learned of it; `link` only where a browser may safely follow."""

    text: str
    link: bool


def references(alert: Alert) -> tuple[Reference, ...]:
    """The rule's references; only http and https with a host become links."""
    return tuple(Reference(text=each, link=is_web(each)) for each in alert.card.references)


def is_web(text: str) -> bool:
    """Whether a text is an http or https address and nothing that looks like one."""
    if not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and "@" not in parts.netloc
