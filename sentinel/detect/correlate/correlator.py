"""Correlations: how many events, or how many different values, in how much time, for whom.

Windows are of one agency each: what happens at one never counts at another.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType

from sentinel.detect.bind import bound_name
from sentinel.detect.correlate.window import Counted, Window, memory, micros, moment
from sentinel.detect.reference import values
from sentinel.detect.route import Source, has_native_names
from sentinel.detect.ruleset import Correlation, Kind, Rule
from sentinel.detect.values import as_text, fold
from sentinel.model.detection import Detection
from sentinel.model.event import Event, Value
from sentinel.model.ids import RuleId

EVENTS_NAMED = 100  # ids that a detection names; its count is that of all
LONGEST_VALUE = 64  # characters of a value that are remembered as they are
MOST_GROUPS = 50_000  # of one correlation: who attacks chooses the values that make them

Group = Mapping[str, Value]


class Correlator:
    """Counts, for each correlation, the events that its rules met."""

    def __init__(self, correlations: Sequence[Correlation], windows: Mapping[str, bytes]) -> None:
        self._books = [_Book(correlation) for correlation in correlations]
        self._by_rule: dict[RuleId, list[int]] = {}
        for index, correlation in enumerate(correlations):
            for rule in correlation.rules:
                self._by_rule.setdefault(rule, []).append(index)
        self._gone: set[str] = set()
        self._dropped: dict[str, str] = {}
        self._restore(windows)

    @property
    def dropped(self) -> Mapping[str, str]:
        """Windows that were lost: kept ones that could not be read, and those beyond the bound."""
        crowded = {book.prefix: book.crowded for book in self._books if book.crowded}
        return MappingProxyType(self._dropped | crowded)

    def take(self, event: Event, rules: Sequence[Rule], source: Source | None) -> list[Detection]:
        """Count an event that these rules met; returns the correlations it completes."""
        concerned = sorted({each for rule in rules for each in self._by_rule.get(rule.card.id, ())})
        return [
            detection
            for index in concerned
            for detection in self._books[index].take(event, rules, source)
        ]

    def changes(self) -> Mapping[str, bytes | None]:
        """What changed since the last call, by key; None for what is gone."""
        changed: dict[str, bytes | None] = dict.fromkeys(sorted(self._gone))
        self._gone.clear()
        for book in self._books:
            changed |= book.changes()
        return changed

    def _restore(self, windows: Mapping[str, bytes]) -> None:
        books = {book.prefix: book for book in self._books}
        restored: list[tuple[_Book, str, Window]] = []
        for key, state in windows.items():
            book = books.get(key.rpartition("|")[0])
            if book is None:
                self._gone.add(key)  # its rule is gone, or matches something else now
                continue
            try:
                restored.append((book, key, Window.restore(state)))
            except ValueError as error:
                self._gone.add(key)
                self._dropped[key] = f"a kept window cannot be read and starts afresh: {error}"
        for book, key, window in sorted(restored, key=lambda each: each[2].turn):
            book.put_back(key, window)


class _Book:
    """The windows of one correlation, those touched last at the end."""

    def __init__(self, correlation: Correlation) -> None:
        self._correlation = correlation
        self._windows: OrderedDict[str, Window] = OrderedDict()
        self._changed: set[str] = set()
        self._clock = 0  # the newest arrival of an event that counted
        self._turn = 0  # how many events have counted
        self._forgotten = 0  # groups that had to go before their time
        self.prefix = f"{correlation.card.id}|{correlation.fingerprint}"

    @property
    def crowded(self) -> str:
        """A sentence where there were more groups than are remembered, else ""."""
        if not self._forgotten:
            return ""
        card = self._correlation.card
        return (
            f"{card.place}: correlation {card.title!r} had more than {MOST_GROUPS} groups at once:"
            f" {self._forgotten} that were quiet for longest are forgotten"
        )

    def put_back(self, key: str, window: Window) -> None:
        """Go on with a window that was kept; the one touched last comes last."""
        self._windows[key] = window
        self._clock, self._turn = window.touched, window.turn

    def take(
        self, event: Event, rules: Sequence[Rule], source: Source | None
    ) -> Iterable[Detection]:
        """Count the event once for each group it belongs to."""
        groups: dict[str, tuple[Group, tuple[str, ...]]] = {}
        for rule in rules:
            if rule.card.id in self._correlation.rules:
                found = self._group(event, rule, source)
                if found is not None:
                    groups.setdefault(self._key(event, found[0]), found)
        for key, (group, counted) in groups.items():
            met = self._count(key, event, counted)
            if met:
                yield self._detection(event, group, met)

    def changes(self) -> dict[str, bytes | None]:
        """The windows that changed since the last call."""
        changed = {
            key: self._windows[key].dump() if key in self._windows else None
            for key in sorted(self._changed)
        }
        self._changed.clear()
        return changed

    def _count(self, key: str, event: Event, counted: tuple[str, ...]) -> Sequence[Counted]:
        arrived = micros(event.received)
        self._tell_time(arrived)
        self._let_go()
        window = self._windows.setdefault(key, Window())
        self._windows.move_to_end(key)
        self._turn += 1
        window.turn = self._turn
        self._changed.add(key)
        # Nothing happens after it arrived: a clock that is ahead cannot reach into the future.
        at = min(micros(event.at), arrived)
        return window.add(Counted(at, arrived, event.id, counted), self._correlation, self._clock)

    def _tell_time(self, arrived: int) -> None:
        """Take the newest arrival for the time; one far behind it says that our clock was ahead.

        Without the second half, a machine that was in the wrong year for a moment would forget
        every event at once until that year comes.
        """
        if arrived > self._clock or arrived < self._clock - memory(self._correlation):
            self._clock = arrived

    def _let_go(self) -> None:
        """Forget groups in which nothing has been added for as long as events are remembered.

        One goes in any case where there are too many, to make room for the one that comes.
        """
        oldest = self._clock - memory(self._correlation)
        while self._windows:
            key, window = next(iter(self._windows.items()))
            if window.touched >= oldest:
                if len(self._windows) < MOST_GROUPS:
                    return
                self._forgotten += 1
            del self._windows[key]
            self._changed.add(key)

    def _group(
        self, event: Event, rule: Rule, source: Source | None
    ) -> tuple[Group, tuple[str, ...]] | None:
        """The group-by values, and the values that count; None where one is missing."""
        group = {
            name: event.fields.get(self._field(name, rule, source))
            for name in self._correlation.group_by
        }
        if any(not list(values(value)) for value in group.values()):
            return None
        if self._correlation.kind is Kind.EVENT_COUNT:
            return group, ()
        counted = event.fields.get(self._field(self._correlation.field, rule, source))
        marks = _marks(counted)
        return (group, tuple(marks)) if marks else None

    def _field(self, name: str, rule: Rule, source: Source | None) -> str:
        name = self._correlation.aliases.get(name, {}).get(rule.card.id, name)
        return name if has_native_names(source) else bound_name(rule.logsource, name)

    def _key(self, event: Event, group: Group) -> str:
        parts = [event.agency, *(_marks(value) for value in group.values())]
        return f"{self.prefix}|{sha256(json.dumps(parts).encode()).hexdigest()[:32]}"

    def _detection(self, event: Event, group: Group, met: Sequence[Counted]) -> Detection:
        others = [each.event for each in met if each.event != event.id]
        return Detection(
            rule=self._correlation.card,
            event=event,
            matched=group,
            events=(*others[-(EVENTS_NAMED - 1) :], event.id),
            count=len(met),
            first=moment(met[0].at),
            group=group,
        )


def _marks(value: Value) -> list[str]:
    """The different values of a field, bounded in length; case and order do not count."""
    return sorted({_mark(fold(as_text(each))) for each in values(value)})


def _mark(text: str) -> str:
    if len(text) <= LONGEST_VALUE:
        return text
    return f"{text[:16]}:{sha256(text.encode(errors='surrogatepass')).hexdigest()}"
