"""The mail world in memory: what a mailer does, without a server. The behaviour suite's reference.

Like a mail store that knows its Message-IDs, it keeps one copy of a letter that comes twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage

from sentinel.errors import DeliveryError


class MemoryMailer:
    """Keeps what it is given, by Message-ID; refuses when told to."""

    def __init__(self) -> None:
        self._kept: dict[str, EmailMessage] = {}
        self._refusals: dict[str, list[DeliveryError]] = {}

    @property
    def kept(self) -> Mapping[str, EmailMessage]:
        """The letters that were accepted, by Message-ID, in order of first arrival."""
        return self._kept

    def refuse(self, recipient: str, *errors: DeliveryError) -> None:
        """Let the next attempts for this recipient fail with these errors, one each."""
        self._refusals.setdefault(recipient, []).extend(errors)

    async def send(self, message: EmailMessage, sender: str, recipient: str) -> str:
        """Keep the message, or raise what `refuse` was told."""
        del sender
        waiting = self._refusals.get(recipient)
        if waiting:
            raise waiting.pop(0)
        self._kept[str(message["Message-ID"])] = message
        return "250 kept in memory"
