"""The windows of one correlation: one for each agency and each group of values."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sentinel.detect.correlate.occurrence import (
    Group,
    Occurrence,
    group_key,
    group_of,
    measured_values,
)
from sentinel.detect.correlate.room import named
from sentinel.detect.correlate.timeline import Counted, Mark, micros, moment
from sentinel.detect.correlate.window import Met, Plan, Window
from sentinel.detect.ruleset import Correlation, Kind
from sentinel.model.detection import Detection
from sentinel.model.event import Event

MOST_GROUPS = 50_000  # of one correlation: who attacks chooses the values that make them

_WITHOUT_MEASURE = (Kind.EVENT_COUNT, Kind.TEMPORAL, Kind.TEMPORAL_ORDERED)


@dataclass(frozen=True, slots=True)
class Completed:
    """A detection, and what a correlation over this one sees of it."""

    detection: Detection
    occurrence: Occurrence


@dataclass(slots=True)
class _Part:
    """What an event adds to one group, all of its rules together."""

    group: Group
    values: dict[Mark, None] | tuple[Mark, ...]
    occurrence: Occurrence


class Book:
    """Counts what occurs for one correlation; the group touched last comes last."""

    def __init__(self, correlation: Correlation) -> None:
        self._correlation = correlation
        self._plan = Plan.of(correlation)
        self._windows: OrderedDict[str, Window] = OrderedDict()
        self._past: OrderedDict[str, int] = OrderedDict()  # where groups ended that are let go
        self._changed: set[str] = set()
        self._clock = 0  # the newest arrival of an event that counted
        self._turn = 0  # how many events have counted
        self._forgotten = 0  # groups that had to go before their time
        self._unsure = 0  # events that were judged without all of their neighbours
        self.prefix = f"{correlation.card.id}|{correlation.fingerprint}"

    @property
    def told(self) -> str:
        """In sentences, where limits may have changed what was detected; else ""."""
        card = self._correlation.card
        said = []
        if self._forgotten:
            said.append(
                f"had more than {MOST_GROUPS} groups at once: {self._forgotten} that were quiet "
                "for longest are forgotten"
            )
        if self._unsure:
            said.append(
                f"judged events without all of their neighbours ({self._unsure}): they came more "
                "than a timespan late, or their group had more events than are remembered"
            )
        return f"{card.place}: correlation {card.title!r} {'; it '.join(said)}" if said else ""

    def restore(self, state: bytes) -> Window:
        """Read a window that was kept.

        Raises:
            ValueError: it is something else.
        """
        return Window.restore(self._plan, state)

    def put_back(self, key: str, window: Window) -> None:
        """Go on with a window that was kept; the one touched last comes last."""
        self._windows[key] = window
        self._clock, self._turn = window.touched, window.turn

    def take(self, event: Event, occurrences: Iterable[Occurrence]) -> Iterator[Completed]:
        """Count the event once for each group it belongs to."""
        for key, part in self._parts(event, occurrences).items():
            counted, met = self._count(key, event, tuple(part.values))
            if met is not None:
                detection = self._detection(event, part.group, counted, met)
                yield Completed(
                    detection, part.occurrence.completing(self._correlation.card.id, part.group)
                )

    def changes(self) -> dict[str, bytes | None]:
        """The windows that changed since the last call."""
        changed = {
            key: self._windows[key].dump() if key in self._windows else None
            for key in sorted(self._changed)
        }
        self._changed.clear()
        return changed

    def _parts(self, event: Event, occurrences: Iterable[Occurrence]) -> dict[str, _Part]:
        """Each group the event belongs to, with what is measured of it there.

        An event of several rules counts once: it has the values of all of them, but its numbers
        are those of the first.
        """
        parts: dict[str, _Part] = {}
        for occurrence in occurrences:
            group = group_of(self._correlation, occurrence)
            found = None if group is None else measured_values(self._correlation, occurrence)
            if group is None or found is None:
                continue
            key = f"{self.prefix}|{group_key(event.agency, group)}"
            part = parts.get(key)
            if part is None:
                together = found if self._plan.is_numeric else dict.fromkeys(found)
                parts[key] = _Part(group, together, occurrence)
            elif isinstance(part.values, dict):
                part.values.update(dict.fromkeys(found))
        return parts

    def _count(self, key: str, event: Event, found: tuple[Mark, ...]) -> tuple[Counted, Met | None]:
        arrived = micros(event.received)
        self._tell_time(arrived)
        self._let_go()
        window = self._windows.get(key)
        if window is None:
            self._make_room()
            window = self._windows[key] = Window(self._plan, lost=self._past.pop(key, None))
        else:
            self._windows.move_to_end(key)
        self._turn += 1
        self._changed.add(key)
        # Nothing happens after it arrived: a clock that is ahead cannot reach into the future.
        at = min(micros(event.at), arrived)
        counted = Counted(at, self._turn, arrived, event.id, found)
        met = window.add(counted, self._clock)
        self._unsure += window.misses_some
        return counted, met

    def _tell_time(self, arrived: int) -> None:
        """Take the newest arrival for the time; one far behind it says that our clock was ahead.

        Without the second half, a machine that was in the wrong year for a moment would forget
        every event at once until that year comes.
        """
        if arrived > self._clock or arrived < self._clock - self._plan.memory:
            self._clock = arrived

    def _let_go(self) -> None:
        """Forget groups in which nothing has been added for as long as events are remembered."""
        oldest = self._clock - self._plan.memory
        while self._windows:
            key, window = next(iter(self._windows.items()))
            if window.touched >= oldest:
                return
            self._drop(key, window)

    def _make_room(self) -> None:
        """Forget the groups that were quiet for longest where there are too many."""
        while len(self._windows) >= MOST_GROUPS:
            self._forgotten += 1
            self._drop(*next(iter(self._windows.items())))

    def _drop(self, key: str, window: Window) -> None:
        del self._windows[key]
        self._changed.add(key)
        end = window.end()
        # For a late event of this group, so that what it misses is told.
        if end is not None:
            self._past[key] = end
            if len(self._past) > MOST_GROUPS:
                self._past.popitem(last=False)

    def _detection(self, event: Event, group: Group, counted: Counted, met: Met) -> Detection:
        others = [
            each.event
            for each in named(self._correlation, met.events, counted)
            if each.event != event.id
        ]
        without = self._correlation.kind in _WITHOUT_MEASURE
        return Detection(
            rule=self._correlation.card,
            event=event,
            matched=group,
            events=(*others, event.id),
            count=len(met.events),
            first=moment(met.events[0].at),
            group=group,
            measured=None if without else float(met.measured),
        )
