"""How each source is doing: what it has sent since ever, and minute by minute in the last hour.

A source that falls silent is the first sign of a broken cable, and of an attacker who cut it. So
every registered source is listed, also one that never sent anything, and besides them whatever
comes in that nobody claims, and what once came of sources that have left the registry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from threading import Lock

from sentinel.model.agency import Registry
from sentinel.model.ids import SourceId
from sentinel.model.source_mark import SourceMark
from sentinel.ports import Clock, Meter, SourceStatus

MINUTES = 60
_UNCLAIMED = "unassigned"  # the pipeline's label for events of no source


class SourceBook:
    """A meter that also keeps the minutes of each source's events; threads may share it.

    What it is told, it tells `meter`. A clock that is set back takes the minutes that have not
    come yet out of the book.
    """

    def __init__(self, clock: Clock, meter: Meter) -> None:
        self._clock = clock
        self._meter = meter
        self._lock = Lock()
        self._minutes: defaultdict[str, dict[int, int]] = defaultdict(dict)

    def count(self, name: str, amount: int = 1, **labels: str) -> None:
        """Add to the counter of this name and these labels."""
        self._meter.count(name, amount, **labels)
        source = labels.get("source")
        if name != "events" or source is None:
            return
        with self._lock:
            now = self._now()
            kept = {minute: n for minute, n in self._minutes[source].items() if _shown(minute, now)}
            kept[now] = kept.get(now, 0) + amount
            self._minutes[source] = kept

    def minutes(self, source: SourceId | None) -> tuple[int, ...]:
        """Events of each of the last 60 minutes, oldest first, the one under way last."""
        with self._lock:
            now = self._now()
            counts = self._minutes.get(source or _UNCLAIMED, {})
            return tuple(counts.get(minute, 0) for minute in range(now - MINUTES + 1, now + 1))

    def _now(self) -> int:
        """The minute under way, counted since 1970."""
        return int(self._clock.now().timestamp() // 60)


def _shown(minute: int, now: int) -> bool:
    return now - MINUTES < minute <= now


def source_statuses(
    registry: Registry, marks: Sequence[SourceMark], book: SourceBook
) -> Sequence[SourceStatus]:
    """Every source there is or was: registered ones, records of nobody, then those that left.

    Registered ones by agency and id. A source that was moved to another agency is there twice:
    as the new one's, and with what it sent for the old one as a source that left.
    """
    known = {(mark.source, mark.agency): mark for mark in marks}
    registered = [
        SourceStatus(
            source=source.id,
            agency=agency.id,
            input=source.input,
            mark=known.pop((source.id, agency.id), None),
            minutes=book.minutes(source.id),
        )
        for _, agency in sorted(registry.agencies.items())
        for source in sorted(agency.sources, key=lambda one: one.id)
    ]
    named = {status.source for status in registered}
    left = [
        SourceStatus(
            source=mark.source,
            agency=mark.agency,
            input="",
            mark=mark,
            # The book knows a source by its id alone: now its events are the new agency's.
            minutes=(0,) * MINUTES if mark.source in named else book.minutes(mark.source),
        )
        for _, mark in sorted(
            known.items(), key=lambda one: (one[0][0] is not None, one[0][0] or "", one[0][1] or "")
        )
    ]
    return [*registered, *left]
