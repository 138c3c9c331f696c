"""Conditions that no event can meet: two values of one field at once, a thing and its opposite.

A field with several values could meet some of them (`list-all-across-elements`); that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

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
)
from sentinel.detect.lint.finding import Finding, say, warning
from sentinel.detect.lint.opposites import at_odds, implies
from sentinel.detect.lint.subject import Subject

_MOST = 400  # parts of one "and" that are held against each other


def check_impossible(subject: Subject) -> Iterator[Finding]:
    """Each "and" of the condition whose parts exclude each other."""
    if subject.rule is not None:
        yield from _look(subject, subject.rule.condition)


def _look(subject: Subject, condition: Condition) -> Iterator[Finding]:
    match condition:
        case AllOf():
            parts = list(dict.fromkeys(_flat(condition)))
            if len(parts) <= _MOST:
                yield from _clashes(subject, parts)
                yield from _excluded(subject, parts)
            for part in parts:
                yield from _look(subject, part)
        case AnyOf(parts):
            for part in parts:
                yield from _look(subject, part)
        case Not(part):
            yield from _look(subject, part)


def _flat(condition: AllOf) -> Iterator[Condition]:
    """The parts of an "and", those of an "and" in it included."""
    for part in condition.parts:
        if isinstance(part, AllOf):
            yield from _flat(part)
        else:
            yield part


def _clashes(subject: Subject, parts: Iterable[Condition]) -> Iterator[Finding]:
    """Two tests of one field that no single value passes."""
    for one, other in combinations([each for each in parts if not isinstance(each, Not)], 2):
        if isinstance(one, AllOf | AnyOf | KeywordAtom):
            continue
        others = other.parts if isinstance(other, AnyOf) else (other,)
        if others and all(_clash(one, each) for each in others):
            place, name = subject.place_of_part(other)
            first, by = subject.place_of_part(one)
            yield warning(
                "impossible",
                place,
                say(
                    "no single value passes both {name} here and {by} in line {line}",
                    name=name or _field(other),
                    by=by or _field(one),
                    line=first.rpartition(":")[2],
                ),
                say("It can only be met where the field has several values; correct one of them."),
            )


def _clash(one: Condition, other: Condition) -> bool:
    if not isinstance(one, FieldAtom | NullAtom | ExistsAtom):
        return False
    if not isinstance(other, FieldAtom | NullAtom | ExistsAtom) or one.field != other.field:
        return False
    if isinstance(one, FieldAtom) and isinstance(other, FieldAtom):
        return at_odds(one.test, other.test)
    first = _is_absence(one) and _is_presence(other)
    return first or (_is_absence(other) and _is_presence(one))


def _excluded(subject: Subject, parts: Iterable[Condition]) -> Iterator[Finding]:
    """What is asked for and excluded at once."""
    listed = list(parts)
    for negated in [each for each in listed if isinstance(each, Not)]:
        barred = negated.part.parts if isinstance(negated.part, AnyOf) else (negated.part,)
        for wanted in listed:
            if isinstance(wanted, Not) or not _is_barred(wanted, barred, negated.part):
                continue
            place, name = subject.place_of_part(negated.part)
            _, by = subject.place_of_part(wanted)
            yield warning(
                "contradiction",
                place,
                say(
                    "whatever {by} asks for is excluded here: the condition is never met",
                    by=by or _field(wanted),
                    name=name,
                ),
                say("Narrow the exclusion, or take it out."),
            )


def _is_barred(wanted: Condition, barred: Iterable[Condition], whole: Condition) -> bool:
    if wanted in barred or wanted == whole:
        return True
    alternatives = wanted.parts if isinstance(wanted, AnyOf) else (wanted,)
    return bool(alternatives) and all(
        any(_follows(each, bar) for bar in barred) for each in alternatives
    )


def _follows(one: Condition, other: Condition) -> bool:
    """Say whether whatever meets `one` meets `other`."""
    if one == other:
        return True
    if isinstance(one, FieldAtom) and isinstance(other, FieldAtom) and one.field == other.field:
        return implies(one.test, other.test)
    return False


def _is_absence(atom: Atom) -> bool:
    return isinstance(atom, NullAtom) or (isinstance(atom, ExistsAtom) and not atom.expected)


def _is_presence(atom: Atom) -> bool:
    # An empty text is null and there at once.
    return isinstance(atom, FieldAtom) and not atom.test.holds("")


def _field(condition: Condition) -> str:
    if isinstance(condition, AnyOf | AllOf):
        return _field(condition.parts[0])
    if isinstance(condition, Not):
        return _field(condition.part)
    return getattr(condition, "field", "a keyword")
