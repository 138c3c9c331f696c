"""JSON as other programs write it: one flat event with the names that Sigma rules expect.

Windows events come nested (`Event.EventData.Image` of an EVTX dump, `winlog.event_data.Image` of
Winlogbeat); Sigma's names for them are `Image`, `EventID`, `Provider_Name` (Sigma rules 2.1,
"Field Usage"). Everything else keeps the names it has, nested ones joined by dots.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from sentinel.model.event import Scalar, Value

MAX_DEPTH = 64

# Where the time of an event may stand, the surest first.
TIME_FIELDS = (
    "@timestamp",
    "UtcTime",
    "TimeCreated_SystemTime",
    "TimeCreated",
    "SystemTime",
    "EventTime",
    "timestamp",
    "time",
    "ts",
)

_EPOCH_SECONDS = (10**8, 10**11)  # a number in here counts seconds: years 1973 to 5138

# Winlogbeat's names for what stands in the System part of a Windows event.
_WINLOG = {
    "winlog.event_id": "EventID",
    "winlog.channel": "Channel",
    "winlog.provider_name": "Provider_Name",
    "winlog.computer_name": "Computer",
    "winlog.task": "Task",
    "winlog.opcode": "Opcode",
    "winlog.keywords": "Keywords",
    "winlog.record_id": "EventRecordID",
}
_WINLOG_DATA = ("winlog.event_data.", "winlog.user_data.")


class TooDeep(ValueError):  # noqa: N818 - reads as the sentence it is
    """The object is nested deeper than any log is."""


def flatten(record: Mapping[str, object]) -> dict[str, Value]:
    """Nested objects as dotted keys; a key that is given flat wins over a nested one.

    Objects in a list give each of their keys a list of values.

    Raises:
        TooDeep: more than `MAX_DEPTH` levels.
    """
    flat: dict[str, Value] = {}
    nested = {key: value for key, value in record.items() if isinstance(value, dict)}
    given = {key: value for key, value in record.items() if key not in nested}
    for name, value in (*_leaves("", given, 0), *_leaves("", nested, 0)):
        if name in given and name in flat:
            continue
        if name in flat:
            flat[name] = [*_listed(flat[name]), *_listed(value)]
        else:
            flat[name] = value
    return flat


def native_fields(record: Mapping[str, object]) -> dict[str, Value]:
    """The event with the names that Sigma's Windows rules use, where it is one.

    Raises:
        TooDeep: more than `MAX_DEPTH` levels.
    """
    event = record.get("Event")
    if isinstance(event, dict) and isinstance(event.get("System"), dict):
        return _with_plain_names(_event_fields(event))
    flat = flatten(record)
    for name, value in list(flat.items()):
        native = _WINLOG.get(name, "")
        for prefix in _WINLOG_DATA:
            if name.startswith(prefix):
                native = name.removeprefix(prefix)
        if native:
            flat.setdefault(native, value)
    return _with_plain_names(flat)


def is_windows(record: Mapping[str, object]) -> bool:
    """Say whether this is a Windows event in one of the shapes that are known."""
    if isinstance(record.get("Event"), dict) or isinstance(record.get("winlog"), dict):
        return True
    return "EventID" in record or any(key.startswith("winlog.") for key in record)


def time_of(fields: Mapping[str, Value]) -> datetime | None:
    """When it happened, in UTC; None where no field says. A time without zone is taken as UTC."""
    for name in TIME_FIELDS:
        for each in _listed(fields.get(name)):
            at = _time(each)
            if at is not None:
                return at
    return None


def _event_fields(event: Mapping[str, object]) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for part in ("System", "EventData", "UserData"):
        section = event.get(part)
        if isinstance(section, dict):
            found = _system(section) if part == "System" else _data(section)
            for name, value in found.items():
                fields.setdefault(name, value)
    return fields


def _system(system: Mapping[str, object]) -> dict[str, Value]:
    """Attributes of a tag are joined to it by an underscore: Provider_Name."""
    flat = flatten(system)
    named = {}
    for name, value in flat.items():
        plain = name.replace(".#attributes.", "_").removesuffix(".#text").replace(".", "_")
        named[plain] = value
    return named


def _data(data: Mapping[str, object]) -> dict[str, Value]:
    """The names of `Data` elements, or of the leaves below the one element of `UserData`."""
    fields: dict[str, Value] = {}
    for item in _named_items(data):
        name, value = item
        fields.setdefault(name, value)
    for name, value in flatten({k: v for k, v in data.items() if k != "#attributes"}).items():
        if "#attributes" in name:
            continue
        last = name.removesuffix(".#text").rpartition(".")[2]
        fields.setdefault(last, value)
    return fields


def _named_items(data: Mapping[str, object]) -> Iterator[tuple[str, Value]]:
    """`{"Data": [{"#attributes": {"Name": "Image"}, "#text": "..."}]}`, as some tools write it."""
    items = data.get("Data")
    for item in items if isinstance(items, list) else [items]:
        if isinstance(item, dict):
            attributes = item.get("#attributes", item.get("@attributes", item))
            name = attributes.get("Name", attributes.get("@Name")) if attributes else None
            if isinstance(name, str) and name:
                yield name, _scalar(item.get("#text", ""))


def _with_plain_names(fields: dict[str, Value]) -> dict[str, Value]:
    """A name with blanks is known without them too (Sigma: "strip all spaces")."""
    for name in [name for name in fields if " " in name]:
        fields.setdefault(name.replace(" ", ""), fields[name])
    return fields


def _leaves(prefix: str, value: object, depth: int) -> Iterator[tuple[str, Value]]:
    if depth > MAX_DEPTH:
        raise TooDeep(f"nested more than {MAX_DEPTH} levels deep")
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _leaves(f"{prefix}.{key}" if prefix else str(key), below, depth + 1)
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        for each in value:
            yield from _leaves(prefix, each, depth + 1)
    elif isinstance(value, list):
        yield prefix, [_scalar(each) for each in value]
    else:
        yield prefix, _scalar(value)


def _scalar(value: object) -> Scalar:
    return value if isinstance(value, str | int | float | bool) else None


def _listed(value: Value) -> list[Scalar]:
    return value if isinstance(value, list) else [value]


def _time(value: Scalar) -> datetime | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        low, high = _EPOCH_SECONDS
        return datetime.fromtimestamp(value, UTC) if low <= value < high else None
    try:
        at = datetime.fromisoformat(value.strip())
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
