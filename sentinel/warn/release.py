"""From draft to outbox: a warning gets its number, its deadlines and a letter for each recipient.

Pure values: whoever calls writes them down in the transaction that took the number.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from sentinel.errors import NotAllowed
from sentinel.model.agency import Agency, Contact, Role
from sentinel.model.alert import Alert
from sentinel.model.ids import MessageId, WarningId
from sentinel.model.policy import Issuer, Policy
from sentinel.model.warning import (
    AgencyWarning,
    Delivery,
    DeliveryState,
    Letter,
    WarningEntry,
    WarningState,
)
from sentinel.ports import Tokens
from sentinel.warn.compose import compose
from sentinel.warn.deadline import acknowledge_by, report_by

# Who acts on a warning. Owner and leader get copies later; alone they are better than nobody.
ACTING_ROLES = frozenset({Role.CONTACT_POINT, Role.OPERATOR, Role.RESPONSE_UNIT})


def draft(alert: Alert, agency: Agency, at: datetime, *, who: str = "") -> AgencyWarning:
    """Begin a warning about an alert. Its id comes from the alert's: a replay makes the same one.

    `who` "" is the system.

    Raises:
        NotAllowed: the alert is another agency's, or nobody's.
    """
    _same_agency(alert, agency)
    return AgencyWarning(
        id=WarningId(f"w-{alert.id}"),
        number="",
        agency=agency.id,
        alert=alert.id,
        state=WarningState.DRAFT,
        severity=alert.score.severity,
        tlp=agency.policy.tlp,
        created=at,
        history=(WarningEntry(at=at, who=who, action="drafted"),),
    )


def recipients(agency: Agency) -> tuple[Contact, ...]:
    """The contacts who act on warnings; every contact where none has such a role.

    Raises:
        NotAllowed: the agency has no contact at all.
    """
    if not agency.contacts:
        raise NotAllowed(
            f"agency {agency.id} has no contact to warn: add a contact point to the registry,"
            " then approve again"
        )
    acting = tuple(contact for contact in agency.contacts if contact.role in ACTING_ROLES)
    return acting or agency.contacts


def released(
    warning: AgencyWarning,
    alert: Alert,
    agency: Agency,
    number: str,
    *,
    who: str,
    at: datetime,
    tokens: Tokens,
    policy: Policy,
    issuer: Issuer,
) -> AgencyWarning:
    """Approve a draft: number, deadlines, and one queued copy a recipient. `who` "": the system.

    The alert may have grown since the draft: its severity is read again.

    Raises:
        NotAllowed: it is no draft any more, it is not about this alert and agency, or there is
            nobody to send it to. Nothing has changed then.
    """
    _is_draft(warning)
    _is_about(warning, alert, agency)
    to = recipients(agency)
    severity = alert.score.severity
    acknowledge = acknowledge_by(policy.deadlines, severity, at)
    entry = WarningEntry(at=at, who=who, action="approved", reason=number)
    approved = replace(
        warning,
        number=number,
        state=WarningState.APPROVED,
        severity=severity,
        approved_at=at,
        approved_by=who,
        acknowledge_by=acknowledge,
        report_by=report_by(policy.deadlines, alert.opened, acknowledge),
        history=(*warning.history, entry),
    )

    def copy(contact: Contact) -> Delivery:
        token = tokens.token()
        link = f"{issuer.public_url}/w/{token}"
        letter = compose(alert, agency, contact, approved, policy=policy, issuer=issuer, link=link)
        return _queued(approved, contact, letter, token, issuer)

    return replace(approved, deliveries=tuple(copy(contact) for contact in to))


def _is_draft(warning: AgencyWarning) -> None:
    if warning.state is WarningState.CANCELLED:
        raise NotAllowed(f"warning {warning.number or warning.id} was cancelled")
    if warning.state is not WarningState.DRAFT:
        raise NotAllowed(
            f"warning {warning.number} was released already,"
            f" approved by {warning.approved_by or 'the system'}"
        )


def _is_about(warning: AgencyWarning, alert: Alert, agency: Agency) -> None:
    _same_agency(alert, agency)
    if (warning.agency, warning.alert) != (agency.id, alert.id):
        raise NotAllowed(
            f"warning {warning.id} is about alert {warning.alert} at {warning.agency},"
            f" not about alert {alert.id} at {agency.id}"
        )


def _same_agency(alert: Alert, agency: Agency) -> None:
    if alert.agency != agency.id:
        raise NotAllowed(
            f"alert {alert.id} belongs to {alert.agency or 'no agency'}: {agency.id} must not be"
            " warned about it"
        )


def _queued(
    warning: AgencyWarning, contact: Contact, letter: Letter, token: str, issuer: Issuer
) -> Delivery:
    """One contact's copy, due at once. Of the token it keeps the hash alone."""
    return Delivery(
        warning=warning.id,
        contact=contact.id,
        name=contact.name,
        address=contact.email,
        personal=contact.personal,
        language=contact.language,
        message_id=_message_id(warning, contact, issuer),
        letter=letter,
        token=sha256(token.encode()).hexdigest(),
        state=DeliveryState.QUEUED,
        due=warning.approved_at or warning.created,
    )


def _message_id(warning: AgencyWarning, contact: Contact, issuer: Issuer) -> MessageId:
    """The same for every attempt, another for every copy (RFC 5322 section 3.6.4)."""
    whose = re.sub(r"[^A-Za-z0-9]+", "-", contact.id)[:24].strip("-") or "contact"
    digest = sha256(f"{warning.id}\n{contact.id}".encode()).hexdigest()[:8]
    return MessageId(f"<{warning.number}.{whose}.{digest}@{issuer.mail_domain}>")
