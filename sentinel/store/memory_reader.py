"""What the state in memory is asked: plain loops over plain dicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sentinel.errors import NotFound
from sentinel.model.agency import Registry
from sentinel.model.alert import Alert, AlertState
from sentinel.model.entity import Entity
from sentinel.model.ids import (
    AgencyId,
    AlertId,
    CauseKey,
    JobId,
    Offset,
    PersonName,
    SuppressionId,
    WarningId,
)
from sentinel.model.job import Job, JobItem
from sentinel.model.person import LoginSession, Person
from sentinel.model.source_mark import SourceMark
from sentinel.model.suppression import Hidden, Suppression
from sentinel.model.warning import AgencyWarning, Delivery, DeliveryState, WarningState
from sentinel.ports import AlertQuery, WarningQuery
from sentinel.store.memory_fits import fitting_alerts
from sentinel.store.memory_tables import MemoryTables

_PENDING = frozenset({DeliveryState.QUEUED, DeliveryState.ATTEMPTING})


class MemoryReader:
    """`ports.StateReader` over tables that nobody changes any more."""

    def __init__(self, tables: MemoryTables) -> None:
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
        fitting = fitting_alerts(self._tables.alerts.values(), query)
        page = fitting[query.skip : query.skip + query.limit]
        return [replace(alert, history=()) for alert in page]

    def count_alerts(self, query: AlertQuery) -> int:
        """See `ports.StateReader.count_alerts`. Raises ValueError as `alerts` does."""
        return len(fitting_alerts(self._tables.alerts.values(), query))

    def alert_ids(self, query: AlertQuery) -> Sequence[AlertId]:
        """See `ports.StateReader.alert_ids`. Raises ValueError as `alerts` does."""
        return [alert.id for alert in fitting_alerts(self._tables.alerts.values(), query)]

    def agencies_with(self, entity: Entity) -> frozenset[AgencyId]:
        """See `ports.StateReader.agencies_with`."""
        query = AlertQuery(entity=entity)
        fitting = fitting_alerts(self._tables.alerts.values(), query)
        return frozenset(alert.agency for alert in fitting if alert.agency is not None)

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
        for delivery in self._tables.deliveries():
            if delivery.token == token_sha256:
                return delivery
        return None

    def due_deliveries(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """See `ports.StateReader.due_deliveries`. Copies of a cancelled warning never are."""
        due = [delivery for delivery in self._pending() if delivery.due <= now]
        due.sort(key=lambda delivery: (delivery.due, delivery.warning, delivery.contact))
        return due[:limit]

    def count_pending(self) -> int:
        """See `ports.StateReader.count_pending`. Copies of a cancelled warning never are."""
        return len(self._pending())

    def windows(self) -> Mapping[str, bytes]:
        """See `ports.StateReader.windows`."""
        return dict(self._tables.windows)

    def secret(self, name: str) -> str | None:
        """See `ports.StateReader.secret`."""
        return self._tables.secrets.get(name)

    def suppressions(self) -> Sequence[Suppression]:
        """See `ports.StateReader.suppressions`. Those begun at once by id, last first."""
        newest = [versions[-1] for versions in self._tables.suppressions.values()]
        return sorted(newest, key=lambda found: (found.begun, found.id), reverse=True)

    def suppression(self, suppression: SuppressionId) -> Sequence[Suppression]:
        """See `ports.StateReader.suppression`."""
        try:
            return list(self._tables.suppressions[suppression])
        except KeyError:
            raise NotFound(f"there is no suppression {suppression!r}") from None

    def hidden(self) -> Mapping[SuppressionId, Hidden]:
        """See `ports.StateReader.hidden`."""
        return {key: hidden for key, hidden in self._tables.hidden.items() if hidden.detections}

    def job(self, job: JobId) -> Job:
        """See `ports.StateReader.job`."""
        try:
            return self._tables.jobs[job]
        except KeyError:
            raise NotFound(f"there is no job {job!r}") from None

    def jobs(self, limit: int, *, unfinished: bool = False) -> Sequence[Job]:
        """See `ports.StateReader.jobs`. Those given at once by id, in the same direction."""
        jobs = sorted(self._tables.jobs.values(), key=lambda job: (job.at, job.id))
        if unfinished:
            return [job for job in jobs if job.finished is None][:limit]
        return jobs[::-1][:limit]

    def job_items(self, job: JobId, limit: int, *, after: int = 0) -> Sequence[JobItem]:
        """See `ports.StateReader.job_items`. None where there is no such job."""
        return list(self._tables.job_items.get(job, ())[after : after + limit])

    def people(self) -> Sequence[Person]:
        """See `ports.StateReader.people`."""
        return [person for _, person in sorted(self._tables.people.items())]

    def person(self, name: PersonName) -> Person:
        """See `ports.StateReader.person`."""
        try:
            return self._tables.people[name]
        except KeyError:
            raise NotFound(f"there is nobody of the name {name!r}") from None

    def session(self, token_sha256: str) -> LoginSession | None:
        """See `ports.StateReader.session`."""
        return self._tables.sessions.get(token_sha256)

    def source_marks(self) -> Sequence[SourceMark]:
        """See `ports.StateReader.source_marks`."""
        marks = self._tables.source_marks.values()
        return sorted(marks, key=lambda mark: (mark.source or "", mark.agency or ""))

    def _pending(self) -> list[Delivery]:
        return [
            delivery
            for delivery in self._tables.deliveries()
            if delivery.state in _PENDING
            and self._tables.warnings[delivery.warning].state is not WarningState.CANCELLED
        ]

    def _of_cause(self, agency: AgencyId | None, cause: CauseKey) -> Iterator[Alert]:
        for alert in self._tables.alerts.values():
            if alert.agency == agency and alert.cause == cause:
                yield alert
