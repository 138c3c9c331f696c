"""What must be true of an event for a condition to hold: the clue by which its rule is found.

Of a condition's parts that must hold, the clue is the one that is true of the fewest events. Where
one of several must hold, each of them is a clue. A condition that holds by what is missing has
none: its rule is looked at for every event of its logsource.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sentinel.detect.condition import (
    AllOf,
    AnyOf,
    Atom,
    Condition,
    ExistsAtom,
    FieldAtom,
    KeywordAtom,
    Not,
    NullAtom,
    ReferenceAtom,
)
from sentinel.detect.match.likely import rate
from sentinel.detect.match.regexes import required
from sentinel.detect.values import (
    Case,
    KeywordTest,
    NumberTest,
    RegexTest,
    Test,
    TextTest,
    fold,
)

START, END = "\x02", "\x03"  # put around a value before it is searched

LONGEST = 1_000  # characters that are searched for: one more makes no text rarer
SOMETIMES = 0.5  # the share of events for what can hardly be estimated
MOSTLY = 0.97  # the share of events that have a field which rules ask for


@dataclass(frozen=True, slots=True)
class Literal:
    """The folded value of the field, between START and END, contains this text.

    `field` is None where a value of any field may. `ascii_only` says that the clue speaks of ASCII
    values alone: of any other it must be taken for true.
    """

    field: str | None
    text: str
    ascii_only: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """The field's value is this number, or text that is written as it."""

    field: str
    number: int | float


@dataclass(frozen=True, slots=True)
class Pattern:
    """The value may meet this regular expression; `field` None is any field."""

    field: str | None
    test: RegexTest


@dataclass(frozen=True, slots=True)
class Passes:
    """The field's value passes the test; nothing quicker is known of it. None is any field."""

    field: str | None
    test: Test


@dataclass(frozen=True, slots=True)
class Empty:
    """The field is missing, null or empty."""

    field: str


@dataclass(frozen=True, slots=True)
class Presence:
    """The field is there, or is not."""

    field: str
    expected: bool


Clue = Literal | Number | Pattern | Passes | Empty | Presence


@dataclass(frozen=True, slots=True)
class Clues:
    """At least one of `any_of` is true wherever the condition holds.

    `rate` estimates the share of events for which one is true.
    """

    any_of: frozenset[Clue]
    rate: float


def clues_of(condition: Condition) -> Clues | None:
    """The clues of a condition; None where it may hold without any."""
    match condition:
        case AllOf(parts):
            return _best(parts)
        case AnyOf(parts):
            return _each(parts)
        case Not(part):
            return _negated(part)
    return _of_atom(condition)


def _of_atom(atom: Atom) -> Clues:
    match atom:
        case FieldAtom(field, test):
            return _of_test(field, test)
        case KeywordAtom(test):
            return _of_test(None, test)
        case NullAtom(field):
            return Clues(frozenset((Empty(field),)), SOMETIMES)
        case ExistsAtom(field, expected):
            return Clues(frozenset((Presence(field, expected),)), MOSTLY)
        case ReferenceAtom(field, _):
            return Clues(frozenset((Presence(field, expected=True),)), MOSTLY)


def _negated(part: Condition) -> Clues | None:
    """The clues of `not part`, by De Morgan."""
    match part:
        case AllOf(parts):
            return _each([Not(each) for each in parts])
        case AnyOf(parts):
            return _best([Not(each) for each in parts])
        case Not(inner):
            return clues_of(inner)
        case ExistsAtom(field, expected):
            return Clues(frozenset((Presence(field, not expected),)), MOSTLY)
        case NullAtom(field):
            return Clues(frozenset((Presence(field, expected=True),)), MOSTLY)
    return None


def _best(parts: Iterable[Condition]) -> Clues | None:
    found = [clues for part in parts if (clues := clues_of(part)) is not None]
    return min(found, key=_rate, default=None)


def _each(parts: Iterable[Condition]) -> Clues | None:
    together: set[Clue] = set()
    share = 0.0
    for part in parts:
        clues = clues_of(part)
        if clues is None:
            return None
        together |= clues.any_of
        share += clues.rate
    return Clues(frozenset(together), share)


def _of_test(field: str | None, test: Test) -> Clues:
    match test:
        case KeywordTest(within):
            return _of_text(field, within)
        case TextTest():
            return _of_text(field, test)
        case NumberTest(number) if field is not None:
            return Clues(frozenset((Number(field, number),)), 0.06)
        case RegexTest():
            return _of_regex(field, test)
    return Clues(frozenset((Passes(field, test),)), 0.5)


def _of_text(field: str | None, test: TextTest) -> Clues:
    texts = list(_literals(test))
    if not texts:
        return Clues(frozenset((Passes(field, test),)), 0.6)
    share, text = min((rate(text.strip(START + END)), text) for text in texts)
    return Clues(frozenset((Literal(field, text),)), share)


def _literals(test: TextTest) -> Iterable[str]:
    """The texts that a value holds wherever it fits, as they stand between START and END."""
    last = len(test.segments) - 1
    for index, segment in enumerate(test.segments):
        pieces = [START, *segment.pieces] if index == 0 else list(segment.pieces)
        if index == last:
            pieces.append(END)
        run = ""
        for piece in [*pieces, None]:
            if isinstance(piece, str):
                run += piece if piece in (START, END) or test.case is Case.IGNORED else fold(piece)
                continue
            yield from searchable(run)
            run = ""


def searchable(text: str) -> Iterable[str]:
    """The parts of a text that can be searched for and say something, each cut to what is enough.

    Hyperscan's texts end at a NUL and have a greatest length.
    """
    return (part[:LONGEST] for part in text.split("\0") if part and part not in (START, END))


def _of_regex(field: str | None, test: RegexTest) -> Clues:
    texts = required(test.pattern, test.flags)
    share = sum(rate(text) for text in texts) if texts else 1.0
    if texts and share < 0.2:  # noqa: PLR2004 - beyond it the expression itself is the better clue
        literals = frozenset(Literal(field, text, ascii_only=True) for text in texts)
        return Clues(literals, share)
    return Clues(frozenset((Pattern(field, test),)), 0.1)


def _rate(clues: Clues) -> float:
    return clues.rate
