"""What an analyst triages: detections of one cause at one agency, with a score and a life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sentinel.model.ids import AgencyId, AlertId, AssetId, CauseKey, EventId
from sentinel.model.rule import RuleCard
from sentinel.model.severity import Severity


class AlertState(StrEnum):
    """Where in its life an alert is."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in-progress"
    CLOSED = "closed"


class Disposition(StrEnum):
    """Why an alert was closed."""

    TRUE_POSITIVE = "true-positive"
    BENIGN = "benign"
    FALSE_POSITIVE = "false-positive"
    DUPLICATE = "duplicate"
    RESOLVED = "resolved-by-system"


@dataclass(frozen=True, slots=True)
class Reason:
    """Some points of a score and why: a code whose words are in the catalogues, and its details."""

    code: str
    points: int
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Score:
    """0-100. `points` is the sum of the reasons' points, always."""

    points: int
    reasons: tuple[Reason, ...]

    @property
    def severity(self) -> Severity:
        """The score as a word."""
        return Severity.of_score(self.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One matched line, kept with the alert so that it can be read without the event store.

    `matched` are the fields that matched, and those that the rule's advice speaks of.
    """

    event: EventId
    at: datetime
    raw: str
    matched: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEntry:
    """One line of an alert's history: who, when, what, why. `who` "" is the system.

    `disposition` is what a closing said it was.
    """

    at: datetime
    who: str
    action: str
    reason: str = ""
    disposition: Disposition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Detections of one cause at one agency.

    `card` is the rule as it was when it fired last: the alert can be read and warned about without
    the rule. `detections` and `events` count; `evidence` keeps the first and the newest matched
    lines (bounded). `subject` are the values that make the cause, for people
    ({"source.ip": "203.0.113.45"}). `previous` is the closed alert of the same cause, if any.
    `agency` None is "unassigned".
    """

    id: AlertId
    agency: AgencyId | None
    cause: CauseKey
    card: RuleCard
    score: Score
    state: AlertState
    opened: datetime
    first_seen: datetime
    last_seen: datetime
    detections: int
    events: int
    subject: Mapping[str, str]
    asset: AssetId | None = None
    evidence: tuple[Evidence, ...] = ()
    assignee: str = ""
    disposition: Disposition | None = None
    previous: AlertId | None = None
    history: tuple[AlertEntry, ...] = ()
