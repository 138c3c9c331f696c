"""The agency says "we have it": who, when, and what that changes.

The first acknowledgement of a warning stays; a second contact's is added to the history, and the
same contact's second click changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sentinel.errors import NotAllowed
from sentinel.model.warning import (
    AgencyWarning,
    Delivery,
    DeliveryState,
    WarningEntry,
    WarningState,
)
from sentinel.warn.minimise import plain

LONGEST_NAME = 120


def acknowledged(
    warning: AgencyWarning, delivery: Delivery, name: str, at: datetime
) -> tuple[AgencyWarning, Delivery]:
    """Note who has the letter. A personal contact is who they are; a mailbox gives a name.

    Raises:
        NotAllowed: the warning was cancelled or never released, or a mailbox gave no name.
    """
    if warning.state is WarningState.CANCELLED:
        raise NotAllowed(f"warning {warning.number} was cancelled: nothing is left to acknowledge")
    if warning.state is WarningState.DRAFT:
        raise NotAllowed(f"warning {warning.id} is not released yet")
    if delivery.state is DeliveryState.ACKNOWLEDGED:
        return warning, delivery
    person = plain(delivery.name if delivery.personal else name, LONGEST_NAME)
    if not person:
        raise NotAllowed(
            f"the letter went to a mailbox that several people read ({delivery.address}):"
            " give your name to acknowledge it"
        )
    receipt = replace(
        delivery,
        state=DeliveryState.ACKNOWLEDGED,
        acknowledged_at=at,
        acknowledged_by=person,
    )
    entry = WarningEntry(at=at, who=person, action="acknowledged", reason=delivery.address)
    return _noted(warning, receipt, entry), receipt


def _noted(warning: AgencyWarning, receipt: Delivery, entry: WarningEntry) -> AgencyWarning:
    noted = replace(
        warning,
        deliveries=tuple(
            receipt if copy.contact == receipt.contact else copy for copy in warning.deliveries
        ),
        history=(*warning.history, entry),
    )
    if noted.acknowledged_at is not None:
        return noted
    return replace(
        noted,
        state=WarningState.ACKNOWLEDGED,
        acknowledged_at=entry.at,
        acknowledged_by=entry.who,
    )
