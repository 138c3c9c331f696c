"""One field's clues: which rules a value makes worth a look. Each distinct value is judged once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import hyperscan

from sentinel.detect.match.clues import (
    Clue,
    Empty,
    Literal,
    Number,
    Passes,
    Pattern,
)
from sentinel.detect.match.literals import NOBODY, Literals, Looked
from sentinel.detect.match.regexes import scannable, states
from sentinel.detect.match.scan import MAYBE, OPTIONS, Databases, Expression, Refused, numbers
from sentinel.detect.values import RegexTest, Test, as_number, as_text
from sentinel.model.event import Scalar, Value

# What one database may cost: its expressions' states, squared each. Hyperscan takes some seconds
# for this many; all expressions of the public rules together are a third of it.
DEAREST = 5_000_000

# Python's `\s` holds the separators 1C to 1F, Hyperscan's does not. To Python an empty line comes
# after a last line end, to Hyperscan none.
_SEPARATORS = frozenset("\x1c\x1d\x1e\x1f")


@dataclass(slots=True)
class Sorted:
    """The clues of a field by kind, each with the rules it leads to."""

    literals: dict[tuple[str, bool], set[int]] = field(default_factory=dict)
    numbers: dict[int | float, set[int]] = field(default_factory=dict)
    patterns: dict[RegexTest, set[int]] = field(default_factory=dict)
    tests: dict[Test, set[int]] = field(default_factory=dict)
    empty: set[int] = field(default_factory=set)

    def take(self, clue: Clue, rule: int) -> None:
        """Add a clue of this field."""
        match clue:
            case Literal(_, text, ascii_only):
                self.literals.setdefault((text, ascii_only), set()).add(rule)
            case Number(_, number):
                self.numbers.setdefault(number, set()).add(rule)
            case Pattern(_, test):
                self.patterns.setdefault(test, set()).add(rule)
            case Passes(_, test):
                self.tests.setdefault(test, set()).add(rule)
            case Empty():
                self.empty.add(rule)


class Column:
    """Judges the values of one field."""

    def __init__(self, clues: Sorted, databases: Databases) -> None:
        self._literals = Literals(clues.literals, databases)
        self._numbers: Mapping[int | float, Looked] = {
            number: frozenset(rules) for number, rules in clues.numbers.items()
        }
        self._patterns = _Patterns(clues.patterns, databases)
        self._tests = [(test, frozenset(rules)) for test, rules in clues.tests.items()]
        self._empty = frozenset(clues.empty)

    def rules_for(self, value: Value) -> Looked:
        """The rules that a value makes worth a look; None is a value too."""
        if value is None:
            return self._empty
        if isinstance(value, list):
            return self._of_list(value)
        return self._of_one(value) | self._empty if value == "" else self._of_one(value)

    def _of_list(self, value: list[Scalar]) -> Looked:
        there = [each for each in value if each is not None]
        found = NOBODY.union(*(self._of_one(each) for each in there))
        return found if any(each != "" for each in there) else found | self._empty

    def _of_one(self, value: str | float | bool) -> Looked:  # noqa: FBT001 - a field's value
        text = value if type(value) is str else as_text(value)
        found: list[Looked] = [self._patterns.refused]
        found.append(self._literals.rules_for(text))
        if self._patterns.rules:
            found.append(self._patterns.rules_for(text))
        if self._numbers:
            number = as_number(value)
            if number is not None and number in self._numbers:
                found.append(self._numbers[number])
        for test, rules in self._tests:
            if test.holds(value):
                found.append(rules)
        return NOBODY.union(*found) if len(found) > 1 else found[0]


class _Patterns:
    """Regular expressions in one native pass, which may say yes too often, never too seldom."""

    def __init__(self, patterns: Mapping[RegexTest, Iterable[int]], databases: Databases) -> None:
        usable, self._database = _usable(patterns, databases)
        self._rules = [frozenset(patterns[test]) for test in usable]
        self.rules = NOBODY.union(*self._rules)
        # Any value makes these worth a look: only the look has a limit of time.
        refused = patterns.keys() - set(usable)
        self.refused = NOBODY.union(*(patterns[test] for test in refused))

    def rules_for(self, text: str) -> Looked:
        """The rules whose expression the text may meet."""
        if self._database is None:
            return NOBODY
        if not text.isascii() or text[-1:] == "\n" or not _SEPARATORS.isdisjoint(text):
            return self.rules
        found = numbers(self._database, text.encode())
        return NOBODY.union(*(self._rules[number] for number in found)) if found else NOBODY


def _usable(
    patterns: Mapping[RegexTest, Iterable[int]], databases: Databases
) -> tuple[Sequence[RegexTest], hyperscan.Database | None]:
    """The expressions that Hyperscan can stand for, and the database of them."""
    usable = _affordable(test for test in patterns if scannable(test.pattern, test.flags))
    if not usable:
        return [], None
    try:
        return usable, databases.of_expressions([_expression(test) for test in usable])
    except Refused:
        usable = [test for test in usable if _accepted(test, databases)]
        return usable, databases.of_expressions(
            [_expression(test) for test in usable]
        ) if usable else None


def _affordable(tests: Iterable[RegexTest]) -> Sequence[RegexTest]:
    """The smaller expressions, as many as make no database that takes long to be made."""
    found: list[RegexTest] = []
    cost = 0
    for size, _, _, test in sorted(
        (states(test.pattern, test.flags), test.pattern, test.flags, test) for test in tests
    ):
        cost += size**2
        if cost > DEAREST:
            break
        found.append(test)
    return found


def _accepted(test: RegexTest, databases: Databases) -> bool:
    try:
        databases.of_expressions([_expression(test)])
    except Refused:
        return False
    return True


def _expression(test: RegexTest) -> Expression:
    flags = MAYBE
    for letter in test.flags:
        flags |= OPTIONS[letter]
    return test.pattern.encode(), flags
