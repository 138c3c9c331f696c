"""Letting a warning go: by a person at the desk, or by the pipeline where the policy says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sentinel.model.agency import Agency
from sentinel.model.alert import Alert
from sentinel.model.policy import Issuer, Policy
from sentinel.model.warning import AgencyWarning
from sentinel.ports import StateTransaction, Tokens
from sentinel.warn import number, release


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuing:
    """What it takes to let a warning go: rules of the country, the sender, chance."""

    policy: Policy
    issuer: Issuer
    tokens: Tokens

    def number(self, into: StateTransaction, at: datetime) -> str:
        """Take the next number: "CB-2026-000123"."""
        year = number.year(at, self.issuer.zone)
        count = into.take_number(self.policy.series, year)
        return number.text(self.policy.series, year, count)

    def released(
        self,
        warning: AgencyWarning,
        alert: Alert,
        agency: Agency,
        number: str,
        *,
        who: str,
        at: datetime,
    ) -> AgencyWarning:
        """Give a warning its number, its deadlines and its letters. See `release.released`.

        Raises:
            NotAllowed: it was released before, or there is nobody to send it to.
        """
        return release.released(
            warning,
            alert,
            agency,
            number,
            who=who,
            at=at,
            tokens=self.tokens,
            policy=self.policy,
            issuer=self.issuer,
        )

    def release(
        self,
        into: StateTransaction,
        warning: AgencyWarning,
        alert: Alert,
        agency: Agency,
        *,
        who: str,
        at: datetime,
    ) -> AgencyWarning:
        """Number a warning and put a copy a recipient into the outbox, in this transaction.

        Raises:
            NotAllowed: it was released before, or there is nobody to send it to.
        """
        taken = self.number(into, at)
        released = self.released(warning, alert, agency, taken, who=who, at=at)
        into.put_warning(released)
        return released
