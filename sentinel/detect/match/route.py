"""The rules of one logsource, ready for its events: which of them an event makes worth a look.

Two memories make it quick, and neither decides anything: which rules a value leads to, and which
rules the values of an event lead to together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from sentinel.detect.match.clues import Clue, Presence
from sentinel.detect.match.column import Column, Sorted
from sentinel.detect.match.everywhere import Everywhere
from sentinel.detect.match.hints import OPTIONS, Hints
from sentinel.detect.match.literals import NOBODY, Looked
from sentinel.detect.match.memory import Memories, Memory
from sentinel.detect.match.scan import Databases
from sentinel.model.event import Fields, Value

LONGEST = 8_000  # characters of a value that is remembered

# A whole number and a float are one key of a dictionary; up to here they are the same to a rule.
# So are true and 1, which never are.
_EXACT = 2**53

L = TypeVar("L", bound="Lead")


class Lead(Protocol):
    """A rule with what is known of it before any event comes."""

    @property
    def hints(self) -> Hints:
        """By what it is found."""
        ...


class Route(Generic[L]):
    """Finds the rules that an event of this logsource makes worth a look."""

    def __init__(
        self,
        leads: Sequence[L],
        memories: Memories,
        databases: Databases,
        settled: str | None = None,
    ) -> None:
        self._leads = tuple(leads)
        self._memories = memories
        kinds: dict[str | None, Sorted] = {}
        presences: dict[str, _Presences] = {}
        self._needed: list[int] = []  # how many clues must be there, for each rule
        for number, lead in enumerate(leads):
            options = lead.hints.clues(settled)
            self._needed.append(len(options))
            for option, clues in enumerate(options):
                for clue in clues.any_of:
                    _sort(clue, number * OPTIONS + option, kinds, presences)
        self._always = [number for number, needed in enumerate(self._needed) if not needed]
        everywhere = kinds.pop(None, None)
        self._everywhere = None if everywhere is None else Everywhere(everywhere, databases)
        self._columns = tuple(_Asked(Column(kinds[name], databases), memories) for name in kinds)
        self._names = tuple(name for name in kinds if name is not None)
        self._known = tuple(column.known for column in self._columns)
        self._presences = tuple(presences.values())
        self._presence_names = tuple(presences)
        self._together: Memory = memories.combinations.new()
        self.asked = 0  # events
        memories.combinations.askers.append(lambda: self.asked)
        memories.values.askers.append(lambda: self.asked * len(self._names))

    def leads(self, fields: Fields, text: bytes | None) -> Sequence[L]:
        """The rules worth a look, in order.

        `text`, where it is given, is the JSON object that the fields were read from.
        """
        self.asked += 1
        values = tuple(map(fields.get, self._names))
        found: tuple[object, ...]
        try:
            found = tuple(map(dict.get, self._known, values))
        except TypeError:  # a list is no key
            found = (None,) * len(values)
        more: tuple[object, ...] = ()
        if self._everywhere is not None:
            anywhere = self._everywhere.rules_for(fields, text)
            if anywhere:
                more = (anywhere,)
        if self._presence_names:
            more = (*more, *map(fields.__contains__, self._presence_names))
        together: Sequence[L] | None = self._together.get((*found, *more) if more else found)
        if together is not None:
            return together
        judged = tuple(
            column.rules_for(value) if known is None else known
            for known, column, value in zip(found, self._columns, values, strict=True)
        )
        return self._join((*judged, *more))

    def _join(self, found: tuple[object, ...]) -> Sequence[L]:
        known: Sequence[L] | None = self._together.get(found)
        if known is not None:
            return known
        self._memories.combinations.unknown += 1
        sets = [each for each in found if isinstance(each, frozenset)]
        for presence, is_there in zip(self._presences, found[len(sets) :], strict=True):
            sets.append(frozenset(presence.there if is_there else presence.missing))
        there: Counter[int] = Counter(mark // OPTIONS for mark in NOBODY.union(*sets))
        numbers = [number for number, count in there.items() if count == self._needed[number]]
        together = tuple(self._leads[number] for number in sorted((*self._always, *numbers)))
        self._memories.keep(self._together, found, together, 8 * (len(found) + len(together)))
        return together


class _Asked:
    """A column and what it said of values so far."""

    __slots__ = ("_column", "_memories", "known")

    def __init__(self, column: Column, memories: Memories) -> None:
        self._column = column
        self._memories = memories
        self.known: Memory = memories.values.new()

    def rules_for(self, value: Value) -> Looked:
        """The rules this value leads to; it is remembered if no other value is equal to it."""
        if isinstance(value, list):
            self._memories.values.unknown += 1
            return self._column.rules_for(value)
        found: Looked | None = self.known.get(value)
        if found is None:
            self._memories.values.unknown += 1
            found = self._column.rules_for(value)
            if type(value) is str:
                if len(value) <= LONGEST:
                    self._memories.keep(self.known, value, found, len(value))
            elif value is None or (type(value) is int and 1 < abs(value) < _EXACT):
                self._memories.keep(self.known, value, found, 0)
        return found


class _Presences:
    """The marks that a field leads to by being there, or by being missing."""

    def __init__(self) -> None:
        self.there: set[int] = set()
        self.missing: set[int] = set()


def _sort(
    clue: Clue,
    rule: int,
    kinds: dict[str | None, Sorted],
    presences: dict[str, _Presences],
) -> None:
    if isinstance(clue, Presence):
        presence = presences.setdefault(clue.field, _Presences())
        (presence.there if clue.expected else presence.missing).add(rule)
    else:
        kinds.setdefault(clue.field, Sorted()).take(clue, rule)
