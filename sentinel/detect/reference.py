"""The reference: a condition held against an event, as plainly as it can be said.

It stays for good. Whatever is faster must agree with it on every event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from sentinel.detect.condition import (
    AllOf,
    AnyOf,
    Condition,
    ExistsAtom,
    FieldAtom,
    KeywordAtom,
    Not,
    NullAtom,
    Place,
    ReferenceAtom,
)
from sentinel.detect.patience import patiently
from sentinel.detect.values import Test, as_text, fold
from sentinel.model.event import Fields, Scalar, Value

KEYWORDS = ""  # the name under which keyword hits are reported
OWN_FIELDS = "sentinel."  # what we added about the event is no part of what it says

Hits = Mapping[str, Value]
Keyword = Callable[[Test], Hits | None]


def evaluate(condition: Condition, fields: Fields, keyword: Keyword | None = None) -> Hits | None:
    """The fields that made the condition true with their values; None where it is false.

    What stands under a `not` is never reported: it is true by not being there. `keyword` says what
    a keyword's hits are, for whoever knows that more quickly.

    Raises:
        TimeoutError: a regular expression took too long.
    """
    match condition:
        case FieldAtom() | NullAtom() | ExistsAtom() | ReferenceAtom():
            name = condition.field
            return {name: fields.get(name)} if _holds(condition, fields) else None
        case AllOf():
            return _all([evaluate(part, fields, keyword) for part in condition.parts])
        case AnyOf():
            return _any([evaluate(part, fields, keyword) for part in condition.parts])
        case Not():
            return {} if evaluate(condition.part, fields, keyword) is None else None
        case KeywordAtom():
            return _keyword(condition.test, fields) if keyword is None else keyword(condition.test)


def _holds(atom: FieldAtom | NullAtom | ExistsAtom | ReferenceAtom, fields: Fields) -> bool:
    value = fields.get(atom.field)
    match atom:
        case FieldAtom():
            return value is not None and _some(atom.test, value)
        case NullAtom():
            return all(each == "" for each in values(value))
        case ExistsAtom():
            return (atom.field in fields) is atom.expected
        case ReferenceAtom():
            return _refers(value, fields.get(atom.other), atom.place)


def _some(test: Test, value: Value) -> bool:
    if isinstance(value, list):
        return any(test.holds(each) for each in values(value))
    return test.holds(value)


def values(value: Value) -> Iterator[Scalar]:
    """The single values of a field: the elements of a list; nothing for what is null."""
    for each in patiently(value) if isinstance(value, list) else (value,):
        if each is not None:
            yield each


def _all(parts: Sequence[Hits | None]) -> Hits | None:
    found: dict[str, Value] = {}
    for hits in parts:
        if hits is None:
            return None
        _gather(found, hits)
    return found


def _any(parts: Sequence[Hits | None]) -> Hits | None:
    found: dict[str, Value] = {}
    for hits in parts:
        if hits is not None:
            _gather(found, hits)
    return found if any(hits is not None for hits in parts) else None


def _keyword(test: Test, fields: Fields) -> Hits | None:
    hits = [
        value
        for name, value_or_list in patiently(fields.items())
        if not name.startswith(OWN_FIELDS)
        for value in values(value_or_list)
        if test.holds(value)
    ]
    return {KEYWORDS: one_or_list(hits)} if hits else None


def _gather(found: dict[str, Value], hits: Hits) -> None:
    for name, value in hits.items():
        if name == KEYWORDS and KEYWORDS in found:
            value = one_or_list([*values(found[KEYWORDS]), *values(value)])  # noqa: PLW2901 - the two are one now
        found[name] = value


def one_or_list(hits: Sequence[Scalar]) -> Value:
    """The different values: one alone, or a list of them."""
    distinct = list(dict.fromkeys(hits))
    return distinct[0] if len(distinct) == 1 else distinct


def _refers(left: Value, right: Value, place: Place) -> bool:
    others = [fold(as_text(other)) for other in values(right)]
    return any(
        _stands(fold(as_text(one)), other, place)
        for one in values(left)
        for other in patiently(others)
    )


def _stands(text: str, other: str, place: Place) -> bool:
    match place:
        case Place.WHOLE:
            return text == other
        case Place.START:
            return text.startswith(other)
        case Place.END:
            return text.endswith(other)
        case Place.ANYWHERE:
            return other in text
