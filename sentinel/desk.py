"""The SOC desk: what people do with alerts and warnings, each action one transaction.

The rules of each action are pure and live in the stages (`alert.lifecycle`, `warn.release`,
`warn.receipt`); here a value is read, changed and written back, all or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sentinel.alert import lifecycle
from sentinel.errors import Fault, NotFound, RegistryError
from sentinel.model.agency import Agency, Others
from sentinel.model.alert import Alert, Disposition
from sentinel.model.attribution import clashes
from sentinel.model.event import Event
from sentinel.model.ids import AgencyId, AlertId, EventId, WarningId
from sentinel.model.policy import Issuer, Policy
from sentinel.model.text import LocalText
from sentinel.model.warning import AgencyWarning
from sentinel.ports import (
    AlertQuery,
    Clock,
    EventQuery,
    EventStore,
    State,
    StateReader,
    StateTransaction,
    Tokens,
    WarningNotice,
    WarningQuery,
)
from sentinel.warn import number, receipt, release


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuing:
    """What it takes to let a warning go: rules of the country, the sender, chance."""

    policy: Policy
    issuer: Issuer
    tokens: Tokens

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
        year = number.year(at, self.issuer.zone)
        count = into.take_number(self.policy.series, year)
        released = release.released(
            warning,
            alert,
            agency,
            number.text(self.policy.series, year, count),
            who=who,
            at=at,
            tokens=self.tokens,
            policy=self.policy,
            issuer=self.issuer,
        )
        into.put_warning(released)
        return released


class SocDesk:
    """The desk over a state database; the web and the commands share it."""

    def __init__(self, state: State, issuing: Issuing, clock: Clock) -> None:
        self._state = state
        self._issuing = issuing
        self._clock = clock

    def alerts(self, query: AlertQuery) -> Sequence[Alert]:
        """The queue."""
        with self._state.reading() as state:
            return state.alerts(query)

    def alert(self, alert: AlertId) -> Alert:
        """One alert with its history. Raises NotFound."""
        with self._state.reading() as state:
            return state.alert(alert)

    def acknowledge(self, alert: AlertId, who: str, note: str = "") -> Alert:
        """Somebody has seen it. Raises NotFound, NotAllowed."""
        return self._change(alert, lambda now, at: lifecycle.acknowledge(now, who, at, note))

    def take(self, alert: AlertId, who: str, note: str = "") -> Alert:
        """Somebody works on it. Raises NotFound, NotAllowed."""
        return self._change(alert, lambda now, at: lifecycle.take(now, who, at, note))

    def close(self, alert: AlertId, who: str, disposition: Disposition, reason: str) -> Alert:
        """It is over, and this is why. Raises NotFound, NotAllowed."""
        return self._change(
            alert, lambda now, at: lifecycle.close(now, who, at, disposition, reason)
        )

    def _change(self, alert: AlertId, step: Callable[[Alert, datetime], Alert]) -> Alert:
        with self._state.transaction() as state:
            changed = step(state.alert(alert), self._clock.now())
            state.put_alert(changed)
            return changed

    def warnings(self, query: WarningQuery) -> Sequence[AgencyWarning]:
        """Warnings, newest first."""
        with self._state.reading() as state:
            return state.warnings(query)

    def warning(self, warning: WarningId) -> AgencyWarning:
        """One warning, by id or number. Raises NotFound."""
        with self._state.reading() as state:
            return state.warning(warning)

    def approve(self, warning: WarningId, who: str) -> AgencyWarning:
        """Number it and put a copy a recipient into the outbox. Raises NotFound, NotAllowed."""
        with self._state.transaction() as state:
            draft = state.warning(warning)
            agency = state.registry().agencies.get(draft.agency)
            if agency is None:
                raise NotFound(f"agency {draft.agency} of warning {warning} is not registered")
            alert = state.alert(draft.alert)
            return self._issuing.release(state, draft, alert, agency, who=who, at=self._clock.now())

    def agencies(self) -> Sequence[Agency]:
        """The registry, by id."""
        with self._state.reading() as state:
            agencies = state.registry().agencies
        return [agencies[agency] for agency in sorted(agencies)]

    def import_agencies(
        self, agencies: Sequence[Agency], who: str, others: Others = Others.KEEP
    ) -> Sequence[AgencyId]:
        """Add or replace these agencies, all or none; returns what was changed or removed.

        Raises:
            RegistryError: a source would belong to two agencies, or a parent is missing.
        """
        del who  # the audit log that will want it does not exist yet
        with self._state.transaction() as state:
            known = dict(state.registry().agencies)
            named = {agency.id: agency for agency in agencies}
            gone = [] if others is Others.KEEP else [one for one in known if one not in named]
            after = {one: agency for one, agency in known.items() if one not in gone} | named
            faults = clashes(after.values()) + _orphans(after)
            if faults:
                raise RegistryError([Fault("registry", fault) for fault in faults])
            changed = [one for one, agency in named.items() if known.get(one) != agency]
            state.put_agencies([named[one] for one in changed])
            state.remove_agencies(gone)
        return [*changed, *gone]

    def notice(self, token: str) -> WarningNotice:
        """The letter behind an acknowledge token; reading it changes nothing. Raises NotFound."""
        with self._state.reading() as state:
            delivery = state.delivery_by_token(_hashed(token))
            if delivery is None:
                raise NotFound("no letter belongs to this link")
            warning = state.warning(delivery.warning)
            agency = _addressee(state, warning)
        return WarningNotice(warning=warning, delivery=delivery, agency=agency)

    def acknowledge_warning(self, token: str, name: str) -> WarningNotice:
        """The agency has it. A second time changes nothing. Raises NotFound, NotAllowed."""
        with self._state.transaction() as state:
            delivery = state.delivery_by_token(_hashed(token))
            if delivery is None:
                raise NotFound("no letter belongs to this link")
            before = state.warning(delivery.warning)
            warning, delivery = receipt.acknowledged(before, delivery, name, self._clock.now())
            if warning != before:
                state.put_warning(warning)
            agency = _addressee(state, warning)
        return WarningNotice(warning=warning, delivery=delivery, agency=agency)


class StoredEvents:
    """The events around an alert, out of the event store."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    def events_of(self, alert: Alert, limit: int) -> Sequence[Event]:
        """The events that are the alert's evidence, oldest first; what is gone is left out."""
        found = [self._get(alert.agency, evidence.event) for evidence in alert.evidence[:limit]]
        return sorted((event for event in found if event), key=lambda event: event.at)

    def events_around(self, alert: Alert, minutes: int, limit: int) -> Sequence[Event]:
        """Events of the same agency and subject around the alert's time, newest first."""
        margin = timedelta(minutes=minutes)
        return self._store.search(
            EventQuery(
                agency=alert.agency,
                since=alert.first_seen - margin,
                until=alert.last_seen + margin,
                fields=alert.subject,
                limit=limit,
            )
        )

    def _get(self, agency: AgencyId | None, event: EventId) -> Event | None:
        try:
            return self._store.get(agency, event)
        except NotFound:
            return None


def _addressee(state: StateReader, warning: AgencyWarning) -> Agency:
    """The agency a letter went to; known by its id alone once it has left the registry."""
    name = LocalText(vi=warning.agency, en=warning.agency)
    return state.registry().agencies.get(warning.agency) or Agency(id=warning.agency, name=name)


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _orphans(agencies: Mapping[AgencyId, Agency]) -> list[str]:
    return [
        f"parent {agency.parent} of {agency.id} is not registered"
        for agency in agencies.values()
        if agency.parent is not None and agency.parent not in agencies
    ]
