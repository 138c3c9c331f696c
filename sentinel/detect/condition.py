"""A rule's condition as a tree.

AllOf, AnyOf, Not  over  FieldAtom, NullAtom, ExistsAtom, ReferenceAtom, KeywordAtom
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sentinel.detect.values import Test


class Place(Enum):
    """Where in a field's value another field's value must stand."""

    WHOLE = "equals"
    START = "startswith"
    END = "endswith"
    ANYWHERE = "contains"


@dataclass(frozen=True, slots=True)
class FieldAtom:
    """Some value of this field passes the test."""

    field: str
    test: Test


@dataclass(frozen=True, slots=True)
class NullAtom:
    """The field is missing, null, or empty."""

    field: str


@dataclass(frozen=True, slots=True)
class ExistsAtom:
    """The field is there (or, where `expected` is false, is not), whatever its value."""

    field: str
    expected: bool


@dataclass(frozen=True, slots=True)
class ReferenceAtom:
    """Some value of this field equals, begins with, ends with or contains one of another field."""

    field: str
    other: str
    place: Place


@dataclass(frozen=True, slots=True)
class KeywordAtom:
    """Some value of any field passes the test."""

    test: Test


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


Atom = FieldAtom | NullAtom | ExistsAtom | ReferenceAtom | KeywordAtom
Condition = AllOf | AnyOf | Not | Atom


def rename(condition: Condition, name: Callable[[str], str]) -> Condition:
    """The same condition with each field's name replaced."""
    match condition:
        case AllOf(parts):
            return AllOf(tuple(rename(part, name) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(rename(part, name) for part in parts))
        case Not(part):
            return Not(rename(part, name))
    return _rename_atom(condition, name)


def _rename_atom(atom: Atom, name: Callable[[str], str]) -> Atom:
    match atom:
        case FieldAtom(field, test):
            return FieldAtom(name(field), test)
        case NullAtom(field):
            return NullAtom(name(field))
        case ExistsAtom(field, expected):
            return ExistsAtom(name(field), expected)
        case ReferenceAtom(field, other, place):
            return ReferenceAtom(name(field), name(other), place)
        case KeywordAtom():
            return atom
