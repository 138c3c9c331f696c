"""The state as plain dicts: what every other state must do, and the one that tests use.

A transaction works on a copy, which takes the place of the original when the block ends well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock

from sentinel.errors import NotFound
from sentinel.model.agency import Agency, Registry
from sentinel.model.alert import Alert, AlertState
from sentinel.model.ids import AgencyId, AlertId, CauseKey, Offset, WarningId
from sentinel.model.warning import AgencyWarning, Delivery, DeliveryState, WarningState
from sentinel.ports import AlertQuery, WarningQuery
from sentinel.store.history import missing_entries

_BEFORE_ALL = Offset(0)
_PENDING = frozenset({DeliveryState.QUEUED, DeliveryState.ATTEMPTING})


@dataclass(slots=True)
class _Tables:
    """Everything there is. The values are frozen, so that a copy need not go deeper."""

    offset: Offset = _BEFORE_ALL
    registry_version: int = 0
    agencies: dict[AgencyId, Agency] = field(default_factory=dict)
    alerts: dict[AlertId, Alert] = field(default_factory=dict)
    warnings: dict[WarningId, AgencyWarning] = field(default_factory=dict)
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)
    windows: dict[str, bytes] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def copy(self) -> _Tables:
        return _Tables(
            offset=self.offset,
            registry_version=self.registry_version,
            agencies=dict(self.agencies),
            alerts=dict(self.alerts),
            warnings=dict(self.warnings),
            numbers=dict(self.numbers),
            windows=dict(self.windows),
            secrets=dict(self.secrets),
        )


class MemoryReader:
    """`ports.StateReader` over tables that nobody changes any more."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    def offset(self) -> Offset:
        """See `ports.StateReader.offset`."""
        return self._tables.offset

    def registry(self) -> Registry:
        """See `ports.StateReader.registry`. By id."""
        return Registry(dict(sorted(self._tables.agencies.items())))

    def registry_version(self) -> int:
        """See `ports.StateReader.registry_version`."""
        return self._tables.registry_version

    def alert(self, alert: AlertId) -> Alert:
        """See `ports.StateReader.alert`."""
        try:
            return self._tables.alerts[alert]
        except KeyError:
            raise NotFound(f"there is no alert {alert!r}") from None

    def alerts(self, query: AlertQuery) -> Sequence[Alert]:
        """See `ports.StateReader.alerts`. Equal ones by id, last first.

        Raises:
            ValueError: the query asks for one agency and for unassigned alerts at once.
        """
        if query.unassigned and query.agency is not None:
            raise ValueError(
                f"unassigned alerts are not {query.agency}'s: leave one of the two out"
            )
        fitting = [
            replace(alert, history=())
            for alert in self._tables.alerts.values()
            if alert.state in (query.states or AlertState)
            and (query.agency is None or alert.agency == query.agency)
            and not (query.unassigned and alert.agency is not None)
            and alert.score.points >= query.min_score
        ]
        fitting.sort(key=lambda alert: (alert.score.points, alert.last_seen, alert.id))
        return fitting[::-1][: query.limit]

    def open_alert(self, agency: AgencyId | None, cause: CauseKey) -> Alert | None:
        """See `ports.StateReader.open_alert`. With its history."""
        for alert in self._of_cause(agency, cause):
            if alert.state is not AlertState.CLOSED:
                return alert
        return None

    def last_closed(self, agency: AgencyId | None, cause: CauseKey) -> AlertId | None:
        """See `ports.StateReader.last_closed`."""
        closed = [
            (alert.opened, alert.id)
            for alert in self._of_cause(agency, cause)
            if alert.state is AlertState.CLOSED
        ]
        return max(closed)[1] if closed else None

    def warning(self, warning: WarningId) -> AgencyWarning:
        """See `ports.StateReader.warning`."""
        if warning in self._tables.warnings:
            return self._tables.warnings[warning]
        for known in self._tables.warnings.values():
            if known.number and known.number == warning:
                return known
        raise NotFound(f"there is no warning {warning!r}, neither as an id nor as a number")

    def warnings(self, query: WarningQuery) -> Sequence[AgencyWarning]:
        """See `ports.StateReader.warnings`. Equally new ones by id, last first."""
        fitting = [
            replace(warning, history=())
            for warning in self._tables.warnings.values()
            if warning.state in (query.states or WarningState)
            and (query.agency is None or warning.agency == query.agency)
            and (query.alert is None or warning.alert == query.alert)
        ]
        fitting.sort(key=lambda warning: (warning.created, warning.id))
        return fitting[::-1][query.skip : query.skip + query.limit]

    def delivery_by_token(self, token_sha256: str) -> Delivery | None:
        """See `ports.StateReader.delivery_by_token`."""
        for delivery in self._deliveries():
            if delivery.token == token_sha256:
                return delivery
        return None

    def due_deliveries(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """See `ports.StateReader.due_deliveries`. Copies of a cancelled warning never are."""
        due = [
            delivery
            for delivery in self._deliveries()
            if delivery.state in _PENDING
            and delivery.due <= now
            and self._tables.warnings[delivery.warning].state is not WarningState.CANCELLED
        ]
        due.sort(key=lambda delivery: (delivery.due, delivery.warning, delivery.contact))
        return due[:limit]

    def windows(self) -> Mapping[str, bytes]:
        """See `ports.StateReader.windows`."""
        return dict(self._tables.windows)

    def secret(self, name: str) -> str | None:
        """See `ports.StateReader.secret`."""
        return self._tables.secrets.get(name)

    def _of_cause(self, agency: AgencyId | None, cause: CauseKey) -> Iterator[Alert]:
        for alert in self._tables.alerts.values():
            if alert.agency == agency and alert.cause == cause:
                yield alert

    def _deliveries(self) -> Iterator[Delivery]:
        for warning in self._tables.warnings.values():
            yield from warning.deliveries


class MemoryWriter(MemoryReader):
    """`ports.StateTransaction` over a copy that is nobody else's.

    A second open alert of one cause, a number, token or message id given twice, and a delivery
    without its warning raise ValueError.
    """

    def advance(self, offset: Offset) -> None:
        """See `ports.StateTransaction.advance`."""
        if offset < self._tables.offset:
            raise ValueError(
                f"the offset is at {self._tables.offset}; it cannot go back to {offset}"
            )
        self._tables.offset = offset

    def put_alert(self, alert: Alert) -> None:
        """See `ports.StateTransaction.put_alert`."""
        if alert.state is not AlertState.CLOSED:
            open_one = self.open_alert(alert.agency, alert.cause)
            if open_one is not None and open_one.id != alert.id:
                raise ValueError(f"alert {alert.id}: {open_one.id} of the same cause is open")
        known = self._tables.alerts.get(alert.id)
        stored = known.history if known else ()
        history = (*stored, *missing_entries(stored, alert.history))
        self._tables.alerts[alert.id] = replace(alert, history=history)

    def put_warning(self, warning: AgencyWarning) -> None:
        """See `ports.StateTransaction.put_warning`. Deliveries it does not name are kept."""
        for other in self._tables.warnings.values():
            if other.id != warning.id and warning.number and other.number == warning.number:
                raise ValueError(f"warning {warning.id}: {other.id} has number {warning.number}")
        known = self._tables.warnings.get(warning.id)
        stored = known.history if known else ()
        self._tables.warnings[warning.id] = replace(
            warning,
            deliveries=known.deliveries if known else (),
            history=(*stored, *missing_entries(stored, warning.history)),
        )
        for delivery in warning.deliveries:
            self.put_delivery(delivery)

    def put_delivery(self, delivery: Delivery) -> None:
        """See `ports.StateTransaction.put_delivery`."""
        key = (delivery.warning, delivery.contact)
        warning = self._tables.warnings.get(delivery.warning)
        if warning is None:
            raise ValueError(f"delivery {key}: there is no such warning")
        for other in self._deliveries():
            same = other.token == delivery.token or other.message_id == delivery.message_id
            if same and (other.warning, other.contact) != key:
                raise ValueError(f"delivery {key}: its token or message id is another's already")
        copies = {known.contact: known for known in warning.deliveries}
        copies[delivery.contact] = delivery
        self._tables.warnings[warning.id] = replace(warning, deliveries=tuple(copies.values()))

    def take_number(self, series: str, year: int) -> int:
        """See `ports.StateTransaction.take_number`."""
        number = self._tables.numbers.get((series, year), 0) + 1
        self._tables.numbers[series, year] = number
        return number

    def put_windows(self, changed: Mapping[str, bytes | None]) -> None:
        """See `ports.StateTransaction.put_windows`."""
        for key, value in changed.items():
            if value is None:
                self._tables.windows.pop(key, None)
            else:
                self._tables.windows[key] = value

    def put_agencies(self, agencies: Sequence[Agency]) -> None:
        """See `ports.StateTransaction.put_agencies`. Without agencies nothing grows."""
        if agencies:
            self._tables.agencies.update({agency.id: agency for agency in agencies})
            self._tables.registry_version += 1

    def remove_agencies(self, agencies: Sequence[AgencyId]) -> None:
        """See `ports.StateTransaction.remove_agencies`."""
        gone = [agency for agency in agencies if agency in self._tables.agencies]
        for agency in gone:
            del self._tables.agencies[agency]
        self._tables.registry_version += 1 if gone else 0

    def put_secret(self, name: str, value: str) -> None:
        """See `ports.StateTransaction.put_secret`."""
        self._tables.secrets[name] = value


class MemoryState:
    """`ports.State` that is gone when the program ends."""

    def __init__(self) -> None:
        self._tables = _Tables()
        self._turn = Lock()

    @contextmanager
    def transaction(self) -> Iterator[MemoryWriter]:
        """See `ports.State.transaction`."""
        with self._turn:
            copy = self._tables.copy()
            yield MemoryWriter(copy)
            self._tables = copy

    @contextmanager
    def reading(self) -> Iterator[MemoryReader]:
        """See `ports.State.reading`."""
        yield MemoryReader(self._tables)

    def close(self) -> None:
        """See `ports.State.close`. There is nothing to let go of."""
