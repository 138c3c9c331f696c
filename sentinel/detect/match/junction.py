"""Where the rules of a logsource part by one field's value: a Security event's rules by EventID.

Most rules of some logsources ask for one of a few values of the same field. The others' rules need
not be thought of for an event at all, nor the fields that only they ask for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sentinel.detect.match.hints import Hints
from sentinel.detect.match.literals import NOBODY, Looked
from sentinel.detect.match.memory import Memories, Memory
from sentinel.detect.values import as_number, as_text, fold
from sentinel.model.event import Fields, Value

SHARE = 0.3  # of the rules must ask for the field's value
FEWEST = 8  # rules that are worth parting
WAYS = 500  # at most; beyond them the rules stay together
_SHORT = 10**40  # whole numbers below it are the same as text; longer text is no number
LONGEST = 200  # characters of a value that is remembered


W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class Parting:
    """A field, and which rules ask for which of its values; the others go every way.

    Without a field there is one way for all.
    """

    field: str | None
    by_value: Mapping[str | int | float, Looked]
    others: Looked


class Junction(Generic[W]):
    """Sends an event the way of its value. `make` makes what is at the end of a way."""

    def __init__(self, parting: Parting, make: Callable[[Looked], W], memories: Memories) -> None:
        self._parting = parting
        self._field = parting.field or ""
        self._make = make
        self._memories = memories
        self._known: Memory = memories.ways.new()
        self.asked = 0  # events
        memories.ways.askers.append(lambda: self.asked)
        self._ways: dict[Looked, W] = {}
        self._all = parting.others.union(*parting.by_value.values())
        self._only = make(parting.others) if parting.field is None else None

    def way(self, fields: Fields) -> W:
        """What is at the end of the way of this event."""
        if self._only is not None:
            return self._only
        value = fields.get(self._field)
        if type(value) is int and -_SHORT < value < _SHORT:
            value = str(value)  # true is no number, but would be found under 1
        if type(value) is not str:
            return self._end(self._rules_for(value))
        self.asked += 1
        found: W | None = self._known.get(value)
        if found is None:
            self._memories.ways.unknown += 1
            found = self._end(self._rules_for(value))
            if len(value) <= LONGEST:
                self._memories.keep(self._known, value, found, len(value))
        return found

    def _end(self, rules: Looked) -> W:
        found = self._ways.get(rules)
        if found is None:
            if len(self._ways) >= WAYS:
                rules = self._all
                found = self._ways.get(rules)
            if found is None:
                found = self._ways[rules] = self._make(rules)
        return found

    def _rules_for(self, value: Value) -> Looked:
        if value is None:
            return self._parting.others
        if isinstance(value, list):
            return self._all  # who sends could ask for a way for every combination
        by_text = self._parting.by_value.get(fold(as_text(value)), NOBODY)
        number = as_number(value)
        by_number = NOBODY if number is None else self._parting.by_value.get(number, NOBODY)
        return self._parting.others.union(by_text, by_number)


def parting(hints: Sequence[Hints]) -> Parting:
    """The field by which these rules part best, or one that sends all of them the same way."""
    together = Parting(None, {}, frozenset(range(len(hints))))
    if len(hints) < FEWEST:
        return together
    asked = [each.asked for each in hints]
    count = Counter(field for each in asked for field in each)
    (field, most), *_ = count.most_common(1) or [("", 0)]
    if most < SHARE * len(hints):
        return together
    by_value: dict[str | int | float, set[int]] = {}
    others: set[int] = set()
    for number, each in enumerate(asked):
        for value in each.get(field, ()):
            by_value.setdefault(value, set()).add(number)
        if field not in each:
            others.add(number)
    return Parting(
        field,
        {value: frozenset(rules) for value, rules in by_value.items()},
        frozenset(others),
    )
