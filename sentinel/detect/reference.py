"""The reference: a condition held against an event, as plainly as it can be said.

It stays for good. Whatever is faster must agree with it on every event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
from sentinel.detect.values import Test, as_text, fold
from sentinel.model.event import Fields, Scalar, Value

KEYWORDS = ""  # the name under which keyword hits are reported
OWN_FIELDS = "sentinel."  # what we added about the event is no part of what it says

Hits = Mapping[str, Value]


def evaluate(condition: Condition, fields: Fields) -> Hits | None:
    """The fields that made the condition true with their values; None where it is false.

    What stands under a `not` is never reported: it is true by not being there.

    Raises:
        TimeoutError: a regular expression took too long.
    """
    match condition:
        case FieldAtom() | NullAtom() | ExistsAtom() | ReferenceAtom():
            name = condition.field
            return {name: fields.get(name)} if _holds(condition, fields) else None
        case AllOf():
            return _all(condition.parts, fields)
        case AnyOf():
            return _any(condition.parts, fields)
        case Not():
            return {} if evaluate(condition.part, fields) is None else None
        case KeywordAtom():
            return _keyword(condition.test, fields)


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
    for each in value if isinstance(value, list) else (value,):
        if each is not None:
            yield each


def _all(parts: tuple[Condition, ...], fields: Fields) -> Hits | None:
    found: dict[str, Value] = {}
    for part in parts:
        hits = evaluate(part, fields)
        if hits is None:
            return None
        _gather(found, hits)
    return found


def _any(parts: tuple[Condition, ...], fields: Fields) -> Hits | None:
    found: dict[str, Value] = {}
    held = False
    for part in parts:
        hits = evaluate(part, fields)
        if hits is not None:
            held = True
            _gather(found, hits)
    return found if held else None


def _keyword(test: Test, fields: Fields) -> Hits | None:
    hits = [
        value
        for name, value_or_list in fields.items()
        if not name.startswith(OWN_FIELDS)
        for value in values(value_or_list)
        if test.holds(value)
    ]
    return {KEYWORDS: _one_or_list(hits)} if hits else None


def _gather(found: dict[str, Value], hits: Hits) -> None:
    for name, value in hits.items():
        if name == KEYWORDS and KEYWORDS in found:
            value = _one_or_list([*values(found[KEYWORDS]), *values(value)])  # noqa: PLW2901 - the two are one now
        found[name] = value


def _one_or_list(hits: list[Scalar]) -> Value:
    distinct = list(dict.fromkeys(hits))
    return distinct[0] if len(distinct) == 1 else distinct


def _refers(left: Value, right: Value, place: Place) -> bool:
    return any(
        _stands(fold(as_text(one)), fold(as_text(other)), place)
        for one in values(left)
        for other in values(right)
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
