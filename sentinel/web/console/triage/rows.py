"""One line of the queue: what, how bad, where, whose, how much, since when, until when, who.

Values of an alert and of its agency, put together without any markup or language of their own
but the names that exist in both; templates say the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sentinel.model.agency import Agency, SecurityLevel
from sentinel.model.alert import Alert, AlertState, Disposition
from sentinel.model.ids import AgencyId, AlertId
from sentinel.model.policy import Deadlines
from sentinel.model.severity import Severity
from sentinel.model.text import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """Whose it is and which system, by name. `agency` "" is nobody's, `system` "" is unknown.

    What has left the registry is named by its id. `level` None: no system is known.
    """

    agency: str
    agency_id: AgencyId | None
    system: str
    level: SecurityLevel | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One alert in a list. `due` is when somebody must have looked at it, None where it is moot."""

    id: AlertId
    points: int
    severity: Severity
    title: str
    subject: tuple[str, ...]
    owned: Owned
    events: int
    first_seen: datetime
    last_seen: datetime
    due: datetime | None
    state: AlertState
    disposition: Disposition | None
    assignee: str


def queue_rows(
    alerts: Sequence[Alert], agencies: Sequence[Agency], deadlines: Deadlines, language: Language
) -> tuple[QueueRow, ...]:
    """The alerts as lines, in their order."""
    known = {agency.id: agency for agency in agencies}
    return tuple(queue_row(alert, known, deadlines, language) for alert in alerts)


def queue_row(
    alert: Alert, agencies: Mapping[AgencyId, Agency], deadlines: Deadlines, language: Language
) -> QueueRow:
    """One alert as a line."""
    return QueueRow(
        id=alert.id,
        points=alert.score.points,
        severity=alert.score.severity,
        title=title_of(alert, language),
        subject=tuple(value for value in alert.subject.values() if value),
        owned=owned_of(alert, agencies, language),
        events=alert.events,
        first_seen=alert.first_seen,
        last_seen=alert.last_seen,
        due=due_of(alert, deadlines),
        state=alert.state,
        disposition=alert.disposition,
        assignee=alert.assignee,
    )


def title_of(alert: Alert, language: Language) -> str:
    """What an agency would read, else the rule's own title."""
    advice = alert.card.advice
    return (advice.title[language] if advice else "") or alert.card.title


def owned_of(alert: Alert, agencies: Mapping[AgencyId, Agency], language: Language) -> Owned:
    """Whose an alert is, in words."""
    agency = None if alert.agency is None else agencies.get(alert.agency)
    assets = () if agency is None else agency.assets
    asset = next((one for one in assets if one.id == alert.asset), None)
    return Owned(
        agency=(alert.agency or "") if agency is None else agency.name[language],
        agency_id=alert.agency,
        system=(alert.asset or "") if asset is None else asset.name[language],
        level=None if asset is None else asset.level,
    )


def due_of(alert: Alert, deadlines: Deadlines) -> datetime | None:
    """When somebody must have looked at a new alert; None once somebody has."""
    if alert.state is not AlertState.NEW:
        return None
    return alert.opened + deadlines.triage[alert.score.severity]
