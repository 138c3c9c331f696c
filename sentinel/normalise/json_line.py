"""A line that is a JSON object: what an agent or a forwarder wrote of an event of its machine.

Windows events become ECS; what is known otherwise keeps the names that rules for it use. All of it
is the sender's word: what only Sentinel may say of an event (`sentinel.*`, who sent it) is not
taken from it. The raw line keeps everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

import orjson

from sentinel.model.event import Value
from sentinel.normalise.fields import FIELDS
from sentinel.normalise.known_sources import PRODUCT, add_logsource
from sentinel.normalise.objects import TooDeep, flatten, listed, time_of
from sentinel.normalise.stamp import believed
from sentinel.normalise.windows.ecs import ecs_fields, typed
from sentinel.normalise.windows.native import is_windows, native_fields

JSON_UNREAD = "_json_unread"
MOST_FIELDS = 1000  # of one line; more would let a sender fill the store with names

_COOKIE = "@cee:"  # rsyslog marks JSON in a message with it
_OURS = "sentinel"
# What we say of an event ourselves; what the sender says of it stands under SENDER.
_KEPT_APART = frozenset(
    ("event.kind", "log.file.path", "observer.ip", "related.ip", "related.user", "tags")
)
SENDER = "sentinel.sender."


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLine:
    """What such a line said. `at` is None where it says no believable time."""

    fields: dict[str, Value]
    at: datetime | None
    tags: tuple[str, ...] = ()


def read_json(line: str, arrival: datetime, zone: tzinfo, *, told: bool) -> JsonLine | None:
    """Read a line that is a JSON object; None where it is none, or nobody knows what it means.

    `told` says that the source is known to send JSON: then any object is taken.
    """
    text = line.removeprefix(_COOKIE).strip()
    if not text.startswith("{"):
        return None
    try:
        record = orjson.loads(text)
        if not told and len(record) > MOST_FIELDS:
            return None
        native = _fields(_of_sender(record), told=told)
    except (orjson.JSONDecodeError, TooDeep):
        return _unread(line) if told else None
    if native is None:
        return None
    if len(native) > MOST_FIELDS:
        return _unread(line)
    said = time_of(native, zone)
    fields = _typed(ecs_fields(native) if is_windows(record) else native)
    fields = {SENDER + name if name in _KEPT_APART else name: fields[name] for name in fields}
    if "message" not in fields:
        fields["message"] = _summary(fields, line)
    return JsonLine(fields=fields, at=None if said is None else believed(said, arrival))


def _unread(line: str) -> JsonLine:
    return JsonLine(fields={"message": line}, at=None, tags=(JSON_UNREAD,))


def _of_sender(record: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value
        for name, value in record.items()
        if name != _OURS and not name.startswith(f"{_OURS}.")
    }


def _fields(record: dict[str, object], *, told: bool) -> dict[str, Value] | None:
    if is_windows(record):
        return native_fields(record)
    if not told and not any(name in record for name in _MARKS):
        return None
    fields = flatten(record)
    add_logsource(fields)
    return fields if told or PRODUCT in fields else None


_MARKS = ("_path", "eventSource", "apiVersion", "protoPayload")


def _typed(fields: Mapping[str, Value]) -> dict[str, Value]:
    """Values of ECS names have its types; what cannot stands under SENDER."""
    found: dict[str, Value] = {}
    for name, value in fields.items():
        right = typed(name, value) if name in FIELDS and not name.startswith(_OURS) else value
        same = right is not None and len(listed(right)) == len(listed(value))
        found[name if same else SENDER + name] = right if same else value
    return found


def _summary(fields: Mapping[str, Value], line: str) -> str:
    """A sentence for people where the sender rendered none."""
    provider, code = fields.get("event.provider"), fields.get("event.code")
    return f"{provider}: event {code}" if provider and code else line
