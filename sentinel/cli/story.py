"""What alerts and warnings have in common on a terminal: who did what, and who was told."""

from __future__ import annotations

from collections.abc import Sequence

from sentinel.cli.screen import Screen
from sentinel.model.alert import AlertEntry
from sentinel.model.warning import Delivery, WarningEntry
from sentinel.wording import delivery_state_word, disposition_word


def history(screen: Screen, entries: Sequence[AlertEntry] | Sequence[WarningEntry]) -> None:
    """A line for each thing that was done, oldest first."""
    for entry in entries:
        who = entry.who or screen.text("the system")
        said = ""
        if isinstance(entry, AlertEntry) and entry.disposition is not None:
            said = f" ({disposition_word(entry.disposition, screen.language)})"
        reason = f": {entry.reason}" if entry.reason else ""
        screen.line(f"{screen.time(entry.at)}  {who}  {screen.word(entry.action)}{said}{reason}")


def copies(screen: Screen, deliveries: Sequence[Delivery]) -> None:
    """A line for each recipient's copy, with what is honestly known of it."""
    for delivery in deliveries:
        state = delivery_state_word(delivery.state, screen.language)
        screen.line(f"{delivery.name} <{delivery.address}>: {state}", indent=2)
        if delivery.accepted_at is not None:
            screen.line(
                screen.text(
                    "Accepted by the mail server: {at}", at=screen.time(delivery.accepted_at)
                ),
                indent=4,
            )
        if delivery.acknowledged_at is not None:
            acknowledged = screen.text(
                "Acknowledged: {at}, {who}",
                at=screen.time(delivery.acknowledged_at),
                who=delivery.acknowledged_by,
            )
            screen.line(acknowledged, indent=4)
        if delivery.last_error:
            error = screen.text("Last error: {error}", error=delivery.last_error)
            screen.line(error, indent=4)
