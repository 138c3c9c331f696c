"""What the state in memory is told: a copy is changed, and kept only if all went well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sentinel.model.agency import Agency
from sentinel.model.alert import Alert, AlertState
from sentinel.model.ids import AgencyId, JobId, Offset, PersonName, SuppressionId
from sentinel.model.job import Job, JobItem
from sentinel.model.person import LoginSession, Person
from sentinel.model.source_mark import SourceMark
from sentinel.model.suppression import Suppression
from sentinel.model.warning import AgencyWarning, Delivery
from sentinel.store.history import missing_entries
from sentinel.store.memory_reader import MemoryReader
from sentinel.store.sums import with_hidden, with_mark


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
        for other in self._tables.deliveries():
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

    def put_suppression(self, suppression: Suppression) -> None:
        """See `ports.StateTransaction.put_suppression`."""
        known = self._tables.suppressions.get(suppression.id, ())
        if suppression.version != len(known) + 1:
            raise ValueError(
                f"suppression {suppression.id}: version {suppression.version} cannot follow"
                f" version {len(known)}"
            )
        self._tables.suppressions[suppression.id] = (*known, suppression)

    def add_hidden(self, suppression: SuppressionId, detections: int, last: datetime) -> None:
        """See `ports.StateTransaction.add_hidden`."""
        known = self._tables.hidden.get(suppression)
        self._tables.hidden[suppression] = with_hidden(known, detections, last)

    def put_job(self, job: Job, items: Sequence[JobItem] = ()) -> None:
        """See `ports.StateTransaction.put_job`."""
        self._tables.jobs[job.id] = job
        self._tables.job_items[job.id] = (*self._tables.job_items.get(job.id, ()), *items)

    def put_job_items(self, job: JobId, after: int, items: Sequence[JobItem]) -> None:
        """See `ports.StateTransaction.put_job_items`.

        Raises:
            ValueError: the job has fewer items.
        """
        known = self._tables.job_items.get(job, ())
        if after + len(items) > len(known):
            raise ValueError(f"job {job}: {len(items)} items after {after} are more than it has")
        behind = known[after + len(items) :]
        self._tables.job_items[job] = (*known[:after], *items, *behind)

    def put_person(self, person: Person) -> None:
        """See `ports.StateTransaction.put_person`."""
        self._tables.people[person.name] = person

    def put_session(self, session: LoginSession) -> None:
        """See `ports.StateTransaction.put_session`."""
        self._tables.sessions[session.token] = session

    def remove_sessions(
        self,
        *,
        token_sha256: str | None = None,
        person: PersonName | None = None,
        seen_before: datetime | None = None,
        started_before: datetime | None = None,
    ) -> int:
        """See `ports.StateTransaction.remove_sessions`. Nothing given: none."""
        gone = [
            session.token
            for session in self._tables.sessions.values()
            if session.token == token_sha256
            or session.person == person
            or (seen_before is not None and session.seen < seen_before)
            or (started_before is not None and session.started < started_before)
        ]
        for token in gone:
            del self._tables.sessions[token]
        return len(gone)

    def add_source_marks(self, marks: Sequence[SourceMark]) -> None:
        """See `ports.StateTransaction.add_source_marks`."""
        for mark in marks:
            key = (mark.source, mark.agency)
            self._tables.source_marks[key] = with_mark(self._tables.source_marks.get(key), mark)
