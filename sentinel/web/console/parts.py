"""Everything the console asks of the rest of the house, in one hand."""

from __future__ import annotations

from dataclasses import dataclass

from sentinel.model.policy import Deadlines, Issuer
from sentinel.ports import Accounts, Checkup, Clock, Desk, EventFinder, Health, Suppressing


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleParts:
    """What pages are made of. `issuer` gives the zone; `deadlines.triage` how soon we look."""

    desk: Desk
    suppressing: Suppressing
    accounts: Accounts
    finder: EventFinder
    health: Health
    checkup: Checkup
    clock: Clock
    issuer: Issuer
    deadlines: Deadlines
