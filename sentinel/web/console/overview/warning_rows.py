"""What the pages say of warnings, worked out before a template sees it.

Who approved, who has it, what is late: said of a list's line and of one warning alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sentinel.errors import NotFound
from sentinel.model.agency import Agency
from sentinel.model.ids import AgencyId, AlertId
from sentinel.model.text import Language
from sentinel.model.warning import AgencyWarning, Delivery, DeliveryState, WarningState
from sentinel.ports import Desk
from sentinel.web.console.visit import Visit
from sentinel.wording import role_word

UNDER_WAY = frozenset({WarningState.APPROVED, WarningState.SENT})


class Which(StrEnum):
    """What the list can be narrowed to; OPEN has been released and nobody has acknowledged it."""

    ANY = ""
    DRAFT = "draft"
    OPEN = "open"
    APPROVED = "approved"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    CANCELLED = "cancelled"

    @property
    def states(self) -> frozenset[WarningState]:
        """The states that are meant; drafts are a list of their own and not among ANY."""
        if self is Which.ANY:
            return frozenset(WarningState) - {WarningState.DRAFT}
        return UNDER_WAY if self is Which.OPEN else frozenset({WarningState(self.value)})


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningRow:
    """One warning as a line. `what` is its alert's title in the reader's language.

    `received` of `recipients` have acknowledged, `failed` could not be sent to.
    """

    warning: AgencyWarning
    agency: str
    what: str
    received: int
    recipients: int
    failed: int
    is_late: bool

    @property
    def is_pending(self) -> bool:
        """Whether the agency is still to acknowledge it."""
        return self.warning.state in UNDER_WAY


def warning_row(
    warning: AgencyWarning, desk: Desk, names: Mapping[AgencyId, Agency], visit: Visit
) -> WarningRow:
    """Make the line of one warning."""
    states = [copy.state for copy in warning.deliveries]
    by = warning.acknowledge_by
    pending = warning.state in UNDER_WAY
    return WarningRow(
        warning=warning,
        agency=agency_name(warning.agency, names, visit.language),
        what=alert_title(desk, warning.alert, visit.language),
        received=states.count(DeliveryState.ACKNOWLEDGED),
        recipients=len(states),
        failed=states.count(DeliveryState.FAILED),
        is_late=pending and by is not None and by < visit.now,
    )


def agency_name(agency: AgencyId, names: Mapping[AgencyId, Agency], language: Language) -> str:
    """Name an agency; one that has left the registry is known by its id alone."""
    known = names.get(agency)
    return agency if known is None else known.name[language] or agency


def alert_title(desk: Desk, alert: AlertId, language: Language) -> str:
    """What an alert is about, "" where it is not kept any more."""
    try:
        card = desk.alert(alert).card
    except NotFound:
        return ""
    return card.title if card.advice is None else card.advice.title[language]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRow:
    """One recipient's copy. `phone` is where to ring where no mail will come."""

    copy: Delivery
    role: str
    phone: str


def copy_rows(warning: AgencyWarning, agency: Agency | None, language: Language) -> list[CopyRow]:
    """Say of each recipient who it is, what came of its copy, and where to ring."""
    contacts = {} if agency is None else {contact.id: contact for contact in agency.contacts}
    rows = []
    for copy in warning.deliveries:
        contact = contacts.get(copy.contact)
        rows.append(
            CopyRow(
                copy=copy,
                role="" if contact is None else role_word(contact.role, language),
                phone="" if contact is None else contact.phone,
            )
        )
    return rows
