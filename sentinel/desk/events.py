"""The events around an alert, for whoever wants to read the lines themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sentinel.errors import NotFound
from sentinel.model.alert import Alert
from sentinel.model.event import Event
from sentinel.model.ids import AgencyId, EventId
from sentinel.ports import EventQuery, EventStore


class StoredEvents:
    """`ports.EventFinder` over the event store."""

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
