"""A JSON object becomes the fields of an event, with the names that are wanted of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sentinel.model.event import Value
from sentinel.normalise.known_sources import add_logsource
from sentinel.normalise.objects import flatten, listed
from sentinel.normalise.windows.ecs import ecs_fields
from sentinel.normalise.windows.native import is_windows, native_fields, shape_of

# NXLog writes the account that an event was logged under beside the names of its data.
_OF_NXLOG = frozenset(("AccountName", "AccountType", "Domain", "EventType", "UserID"))


class Wanted(StrEnum):
    """Which names: Windows' own, ECS, or both side by side for rules that others renamed."""

    NATIVE = "native"
    ECS = "ecs"
    BOTH = "both"


def fields_of(record: dict[str, object], wanted: Wanted, *, flat: bool = False) -> dict[str, Value]:
    """The event's fields with its logsource; what is not Windows' keeps its own names.

    `flat` says that whoever read it saw that no value holds an object, and gives it away: the
    record may become the fields.

    Raises:
        TooDeep: it is nested too deep.
    """
    if not flat:
        return _fields_of(_unpacked(record), wanted)
    shape = shape_of(tuple(record))
    if shape.windows:
        native = native_fields(record, flat=True, shape=shape)
        return native if wanted is Wanted.NATIVE else _renamed(native, wanted)
    fields: dict[str, Value] = record  # type: ignore[assignment]  # flat: that was seen
    if not shape.told:
        add_logsource(fields)
    return fields


def _fields_of(record: Mapping[str, object], wanted: Wanted) -> dict[str, Value]:
    if not is_windows(record):
        fields = flatten(record)
        add_logsource(fields)
        return fields
    native = native_fields(record)
    return native if wanted is Wanted.NATIVE else _renamed(native, wanted)


def _renamed(native: dict[str, Value], wanted: Wanted) -> dict[str, Value]:
    ecs = ecs_fields(native)
    return ecs if wanted is Wanted.ECS else ecs | native


def _unpacked(record: Mapping[str, object]) -> Mapping[str, object]:
    """The event itself, where a search engine's export wrapped it."""
    for wrapping, mark in (("_source", "_index"), ("result", "preview")):
        within = record.get(wrapping)
        if isinstance(within, dict) and mark in record:
            return within
    return record


def also_called(
    fields: Mapping[str, Value],
    called: Mapping[str, tuple[str, ...]],
    prefixes: tuple[str, ...] = (),
) -> dict[str, Value]:
    """The fields, with each value under all the names that `called` has for its name.

    Where several values come under one name, they are a list. Plain names also stand behind each
    of the prefixes.
    """
    found = dict(fields)
    for prefix in prefixes:
        for name, value in fields.items():
            if "." not in name:
                found.setdefault(prefix + name, value)
    nxlog = "SourceModuleName" in fields
    for name, others in called.items():
        value = fields.get(name)
        if value is None or (nxlog and name in _OF_NXLOG):
            continue
        for other in others:
            found[other] = _joined(found.get(other), value)
    return found


def _joined(known: Value, value: Value) -> Value:
    if known is None:
        return value
    there = {str(each).casefold() for each in listed(known)}
    new = [each for each in listed(value) if str(each).casefold() not in there]
    return [*listed(known), *new] if new else known
