"""JSON objects as other programs write them: one flat event, and when it happened.

Nested names are joined by dots; nothing gets another name here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo

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
    "eventTime",
)
# Windows writes these in UTC, whether they say so or not.
_UTC_FIELDS = frozenset(("UtcTime", "TimeCreated_SystemTime", "TimeCreated", "SystemTime"))

_EPOCH_SECONDS = (10**8, 10**11)  # a number in here counts seconds: years 1973 to 5138
_EPOCH_MILLISECONDS = (10**11, 10**14)
_DATE = re.compile(r"/Date\((-?[0-9]{1,15})\)/")  # as PowerShell 5 writes a time into JSON


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
            flat[name] = [*listed(flat[name]), *listed(value)]
        else:
            flat[name] = value
    return flat


def time_of(fields: Mapping[str, Value], zone: tzinfo = UTC) -> datetime | None:
    """When it happened, in UTC; None where no field says. A time without zone is one of `zone`."""
    for name in TIME_FIELDS:
        value = fields.get(name)
        if value is None:
            continue
        own = UTC if name in _UTC_FIELDS else zone
        for each in value if isinstance(value, list) else (value,):
            at = _time(each, own)
            if at is not None:
                return at
    return None


def listed(value: Value) -> list[Scalar]:
    """The value as a list."""
    return value if isinstance(value, list) else [value]


def scalar(value: object) -> Scalar:
    """The value where it is a single one, else None."""
    return value if isinstance(value, str | int | float | bool) else None


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
        yield prefix, [scalar(each) for each in value]
    else:
        yield prefix, scalar(value)


def _time(value: Scalar, zone: tzinfo) -> datetime | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _epoch(value)
    text = value.strip()
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is UTC:
            return at
        return (at.replace(tzinfo=zone) if at.tzinfo is None else at).astimezone(UTC)
    except (ValueError, OverflowError):
        date = _DATE.fullmatch(text)
        return None if date is None else _epoch(int(date[1]))


def _epoch(number: float) -> datetime | None:
    for (low, high), unit in ((_EPOCH_SECONDS, 1), (_EPOCH_MILLISECONDS, 1000)):
        if low <= number < high:
            return datetime.fromtimestamp(number / unit, UTC)
    return None
