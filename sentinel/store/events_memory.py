"""Events in memory: the reference, and the one place that says when an event fits a query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from heapq import nlargest
from threading import Lock

from sentinel.errors import NotFound
from sentinel.model.event import Event, Value
from sentinel.model.ids import AgencyId, EventId, Offset
from sentinel.ports import EventQuery


def folded(text: str) -> str:
    """Text with its case taken away, so that "ADMIN" and "admin" are equal."""
    return text.casefold()


def value_texts(value: Value) -> list[str]:
    """What a value is as text, folded; each element of a list.

    True is "true", 51234 is "51234", 1.5 is "1.5", None is "" (as `Event.text` has it). An empty
    list has no text, so nothing equals it.
    """
    values = value if isinstance(value, list) else [value]
    return ["" if item is None else folded(str(item)) for item in values]


def fits(event: Event, query: EventQuery) -> bool:
    """Whether this event is one of those asked for. A field that is missing equals nothing."""
    if event.agency != query.agency:
        return False
    if query.since is not None and event.at < query.since:
        return False
    if query.until is not None and event.at >= query.until:
        return False
    return all(
        name in event.fields and folded(text) in value_texts(event.fields[name])
        for name, text in (query.fields or {}).items()
    )


def newest(events: Iterable[Event], limit: int) -> list[Event]:
    """At most `limit` events, newest first by (at, offset)."""
    return nlargest(max(0, limit), events, key=_age)


def no_such_event(agency: AgencyId | None, event: EventId) -> NotFound:
    """The answer for an event that is not there, or is another agency's: the same words."""
    return NotFound(f"{agency or 'nobody'} has no event {event}")


class MemoryEvents:
    """Implements `ports.EventStore`; nothing outlives the process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._events: dict[EventId, Event] = {}
        self._taken = Offset(0)
        self._sealed = Offset(0)

    def append(self, events: Sequence[Event]) -> None:
        """Take events in journal order; those that were taken before are passed over."""
        with self._lock:
            for event in events:
                if event.offset > self._taken:
                    self._events[event.id] = event
                    self._taken = event.offset

    def sealed_through(self) -> Offset:
        """What the last `seal` reached."""
        with self._lock:
            return self._sealed

    def seal(self) -> None:
        """Call everything that was taken sealed."""
        with self._lock:
            self._sealed = self._taken

    def get(self, agency: AgencyId | None, event: EventId) -> Event:
        """One event of this agency. Raises NotFound."""
        with self._lock:
            found = self._events.get(event)
        if found is None or found.agency != agency:
            raise no_such_event(agency, event)
        return found

    def search(self, query: EventQuery) -> Sequence[Event]:
        """Events that fit, newest first."""
        with self._lock:
            events = list(self._events.values())
        return newest((event for event in events if fits(event, query)), query.limit)

    def damaged(self) -> Sequence[str]:
        """Nothing breaks here."""
        return []

    def close(self) -> None:
        """Seal."""
        self.seal()


def _age(event: Event) -> tuple[datetime, Offset]:
    return event.at, event.offset
