"""Correlations: what happened how often, with which values, in which order, in how much time.

Windows are of one agency each: what happens at one never counts at another. What a correlation
detects may itself be counted by others; those come after it, so one look at each is enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from types import MappingProxyType

from sentinel.detect.correlate.book import Book
from sentinel.detect.correlate.occurrence import of_rule
from sentinel.detect.correlate.window import Window
from sentinel.detect.route import Source
from sentinel.detect.ruleset import Correlation, Output, Rule
from sentinel.model.detection import Detection
from sentinel.model.event import Event
from sentinel.model.ids import RuleId


class Correlator:
    """Counts, for each correlation, the events that its rules met.

    `windows` is the state of one that ran before (`changes`); what belongs to correlations that
    are gone, or that count something else now, is let go.

    Raises:
        ValueError: correlations are over each other in a circle.
    """

    def __init__(self, correlations: Sequence[Correlation], windows: Mapping[str, bytes]) -> None:
        self._correlations = _inner_first(correlations)
        self._books = [Book(correlation) for correlation in self._correlations]
        self._by_rule: dict[RuleId, list[int]] = {}
        for index, correlation in enumerate(self._correlations):
            for rule in correlation.rules:
                self._by_rule.setdefault(rule, []).append(index)
        self._places = {each.card.id: place for place, each in enumerate(correlations)}
        self._gone: set[str] = set()
        self._dropped: dict[str, str] = {}
        self._restore(windows)

    @property
    def dropped(self) -> Mapping[str, str]:
        """What may have changed a verdict: windows that could not be read, and limits reached.

        By window or by correlation, each with the reason in a sentence.
        """
        told = {book.prefix: said for book in self._books if (said := book.told)}
        return MappingProxyType(self._dropped | told)

    def take(self, event: Event, rules: Sequence[Rule], source: Source | None) -> list[Detection]:
        """Count an event that these rules met; returns what it completes, in order of the rules.

        Correlations that only feed others are counted by those and not returned.
        """
        seen = {
            rule.card.id: [of_rule(rule, event.fields, source)]
            for rule in rules
            if rule.card.id in self._by_rule
        }
        due = {index for rule in seen for index in self._by_rule[rule]}
        found: list[Detection] = []
        while due:
            index = min(due)  # what is over another correlation stands behind it
            due.remove(index)
            correlation = self._correlations[index]
            own = [each for rule in correlation.rules for each in seen.get(rule, ())]
            for completed in self._books[index].take(event, own):
                seen.setdefault(correlation.card.id, []).append(completed.occurrence)
                due.update(self._by_rule.get(correlation.card.id, ()))
                if correlation.output is Output.DETECTIONS:
                    found.append(completed.detection)
        return sorted(found, key=lambda each: self._places[each.rule.id])

    def changes(self) -> Mapping[str, bytes | None]:
        """What changed since the last call, by key; None for what is gone."""
        changed: dict[str, bytes | None] = dict.fromkeys(sorted(self._gone))
        self._gone.clear()
        for book in self._books:
            changed |= book.changes()
        return changed

    def _restore(self, windows: Mapping[str, bytes]) -> None:
        books = {book.prefix: book for book in self._books}
        restored: list[tuple[Book, str, Window]] = []
        for key, state in windows.items():
            book = books.get(key.rpartition("|")[0])
            if book is None:
                self._gone.add(key)  # its rule is gone, or matches something else now
                continue
            try:
                restored.append((book, key, book.restore(state)))
            except ValueError as error:
                self._gone.add(key)
                self._dropped[key] = f"a kept window cannot be read and starts afresh: {error}"
        for book, key, window in sorted(restored, key=lambda each: each[2].turn):
            book.put_back(key, window)


def _inner_first(correlations: Sequence[Correlation]) -> list[Correlation]:
    """The correlations in an order in which each stands behind those that it is over."""
    by_id = {each.card.id: each for each in correlations}
    below = {each.card.id: [rule for rule in each.rules if rule in by_id] for each in correlations}
    return [by_id[each] for each in TopologicalSorter(below).static_order()]
