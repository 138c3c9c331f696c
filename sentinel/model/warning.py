"""A message to an agency: numbered when approved, a row a recipient, a life of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sentinel.model.agency import Tlp
from sentinel.model.ids import AgencyId, AlertId, ContactId, MessageId, WarningId
from sentinel.model.severity import Severity
from sentinel.model.text import Language


class WarningState(StrEnum):
    """Where in its life a warning is. More states come with reports and recalls."""

    DRAFT = "draft"
    APPROVED = "approved"  # numbered, rows in the outbox
    SENT = "sent"  # accepted by at least one recipient's mail server
    ACKNOWLEDGED = "acknowledged"
    CANCELLED = "cancelled"


class DeliveryState(StrEnum):
    """What is honestly known of one recipient's copy."""

    QUEUED = "queued"
    ATTEMPTING = "attempting"  # written before the attempt: found after a crash, it means "unknown"
    ACCEPTED = "accepted"
    FAILED = "failed"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one recipient reads, rendered and final."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One outbox row: one recipient's copy of a warning.

    `token` is the SHA-256 (hex) of the recipient's acknowledge token; the token itself stands in
    the letter alone. `due` is when the next attempt may be made; `attempts` counts those begun.
    """

    warning: WarningId
    contact: ContactId
    name: str
    address: str
    personal: bool
    language: Language
    message_id: MessageId
    letter: Letter
    token: str
    state: DeliveryState
    due: datetime
    attempts: int = 0
    last_error: str = ""
    accepted_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningEntry:
    """One line of a warning's history: who, when, what, why. `who` "" is the system."""

    at: datetime
    who: str
    action: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyWarning:
    """A message to an agency. `number` is "" until approval ("CB-2026-000123" after).

    `acknowledge_by` and `report_by` are set at approval: a deadline starts when it is known.
    """

    id: WarningId
    number: str
    agency: AgencyId
    alert: AlertId
    state: WarningState
    severity: Severity
    tlp: Tlp
    created: datetime
    approved_at: datetime | None = None
    approved_by: str = ""
    acknowledge_by: datetime | None = None
    report_by: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    deliveries: tuple[Delivery, ...] = ()
    history: tuple[WarningEntry, ...] = ()
