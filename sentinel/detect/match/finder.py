"""From an event's fields to the rules that may be met: each with the way to take a close look.

`PlainFinder` gives every rule of the logsource, looked at by the reference. `FastFinder` gives
those for which a clue is there. What is met in the end is the same for every event.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol

from sentinel.detect.condition import Condition
from sentinel.detect.match.check import Check
from sentinel.detect.match.hints import Hints, hints_of
from sentinel.detect.match.junction import Junction, parting
from sentinel.detect.match.literals import Looked
from sentinel.detect.match.memory import Memories
from sentinel.detect.match.ready import BOUND, NATIVE, Ready
from sentinel.detect.match.route import Route
from sentinel.detect.match.scan import Databases
from sentinel.detect.reference import Hits, evaluate
from sentinel.detect.route import Source, concerns, condition_for, has_native_names
from sentinel.detect.ruleset import Logsource, Rule
from sentinel.model.event import Fields
from sentinel.model.profile import MemoryRate

MEMORY = 96 * 1024 * 1024  # bytes that are remembered at most, as estimated
JUNCTIONS = 300  # sets of rules that are ready at once, each some megabytes at most
SOURCES = 1_000  # logsources of events that are remembered; who sends chooses the words


class Look(ABC):
    """One rule, the close look at it, and what that has cost."""

    __slots__ = ("looked", "met", "rule", "seconds", "timed")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.looked = 0  # times
        self.met = 0  # times
        self.timed = 0  # times that are in `seconds`
        self.seconds = 0.0

    @abstractmethod
    def hits(self, fields: Fields) -> Hits | None:
        """The fields that met the rule; None where it is not met.

        Raises:
            TimeoutError: a regular expression took too long.
        """


class Finder(Protocol):
    """Finds the rules that an event may meet."""

    def looks(
        self, fields: Fields, source: Source | None, text: bytes | None = None
    ) -> Sequence[Look]:
        """The rules worth a look in their order; every rule that is met is among them."""
        ...

    @property
    def every_look(self) -> Sequence[Look]:
        """All rules that were ever ready to be looked at."""
        ...

    @property
    def rates(self) -> Sequence[MemoryRate]:
        """What is remembered, for the profile."""
        ...


class PlainLook(Look):
    """By the reference."""

    __slots__ = ("_condition",)

    def __init__(self, rule: Rule, condition: Condition) -> None:
        super().__init__(rule)
        self._condition = condition

    def hits(self, fields: Fields) -> Hits | None:
        """What the reference says."""
        return evaluate(self._condition, fields)


class FastLook(Look):
    """By functions that are made at the first look."""

    __slots__ = ("_check", "_hints", "condition")

    def __init__(self, rule: Rule, condition: Condition, hints: Hints | None = None) -> None:
        super().__init__(rule)
        self.condition = condition
        self._check: Check | None = None
        self._hints = hints

    @property
    def known_hints(self) -> Hints | None:
        """Its hints if they were worked out already."""
        return self._hints

    @property
    def hints(self) -> Hints:
        """What is known of the rule before any event comes."""
        if self._hints is None:
            self._hints = hints_of(self.condition)
        return self._hints

    def hits(self, fields: Fields) -> Hits | None:
        """What the functions say."""
        if self._check is None:
            self._check = Check(self.condition)
        return self._check.hits(fields)


class PlainFinder:
    """Every rule of the logsource."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self._looks: dict[Source | None, Sequence[Look]] = {}

    def looks(
        self, fields: Fields, source: Source | None, text: bytes | None = None
    ) -> Sequence[Look]:
        """Every rule whose logsource the event has."""
        del fields, text
        found = self._looks.get(source)
        if found is None:
            if len(self._looks) >= SOURCES:
                self._looks.clear()
            found = self._looks[source] = [
                PlainLook(rule, condition_for(rule, source))
                for rule in self._rules
                if source is None or concerns(rule.logsource, source)
            ]
        return found

    @property
    def every_look(self) -> Sequence[Look]:
        """The rules of every source that was seen."""
        return [look for looks in list(self._looks.values()) for look in looks]

    @property
    def rates(self) -> Sequence[MemoryRate]:
        """Nothing is remembered."""
        return ()


class FastFinder:
    """The rules of the logsource for which a clue is there.

    `ready` is what an earlier finder over the same rules had worked out.
    """

    def __init__(
        self, rules: Sequence[Rule], ready: Ready | None = None, memory: int = MEMORY
    ) -> None:
        self._rules = tuple(rules)
        self._kinds = frozenset(rule.logsource for rule in rules)
        self._ready = ready or Ready()
        self._databases = Databases(self._ready.databases)
        self._memories = Memories(memory)
        self._looks: dict[str, Sequence[FastLook]] = {}  # by whose names they ask for
        self._junctions: dict[Source | None, Junction[Route[FastLook]]] = {}
        self._made: dict[tuple[str, frozenset[Logsource]], Junction[Route[FastLook]]] = {}

    def looks(
        self, fields: Fields, source: Source | None, text: bytes | None = None
    ) -> Sequence[Look]:
        """Every rule of the logsource that a clue of the event points at."""
        junction = self._junctions.get(source)
        if junction is None:
            if len(self._junctions) >= SOURCES:
                self._junctions.clear()
            junction = self._junctions[source] = self._junction(source)
        return junction.way(fields).leads(fields, text)

    @property
    def every_look(self) -> Sequence[Look]:
        """Every rule, once for each kind of names that events had so far."""
        return [look for looks in list(self._looks.values()) for look in looks]

    @property
    def rates(self) -> Sequence[MemoryRate]:
        """What is remembered, by kind."""
        return self._memories.rates()

    def ready(self) -> Ready | None:
        """What was worked out, for the next start; None where that knows it all already."""
        hints = dict(self._ready.hints)
        new = bool(self._databases.made)
        for names, looks in list(self._looks.items()):
            before = hints.get(names) or [None] * len(looks)
            hints[names] = found = [look.known_hints for look in looks]
            speechless = self._ready.speechless.get(names, frozenset())
            new = new or any(
                now is not None and then is None and number not in speechless
                for number, (then, now) in enumerate(zip(before, found, strict=True))
            )
        if not new:
            return None
        return Ready(hints=hints, databases={**self._ready.databases, **self._databases.made})

    def _junction(self, source: Source | None) -> Junction[Route[FastLook]]:
        """What is needed for a logsource; those that the same rules concern share it."""
        names = NATIVE if has_native_names(source) else BOUND
        if names not in self._looks:
            self._looks[names] = self._all_looks(names, source)
        concerned = frozenset(
            kind for kind in self._kinds if source is None or concerns(kind, source)
        )
        junction = self._made.get((names, concerned))
        if junction is None:
            if len(self._made) >= JUNCTIONS:
                self._made.clear()
                self._junctions.clear()
                self._memories.drop()
            junction = self._made[names, concerned] = self._make(names, concerned)
        return junction

    def _make(self, names: str, concerned: frozenset[Logsource]) -> Junction[Route[FastLook]]:
        looks = [look for look in self._looks[names] if look.rule.logsource in concerned]
        found = parting([look.hints for look in looks])

        def route(rules: Looked) -> Route[FastLook]:
            some = [looks[number] for number in sorted(rules)]
            return Route(some, self._memories, self._databases, found.field)

        return Junction(found, route, self._memories)

    def _all_looks(self, names: str, source: Source | None) -> Sequence[FastLook]:
        known = self._ready.hints.get(names, ())
        hints = known if len(known) == len(self._rules) else (None,) * len(self._rules)
        return [
            FastLook(rule, condition_for(rule, source), each)
            for rule, each in zip(self._rules, hints, strict=True)
        ]
