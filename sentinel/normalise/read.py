"""The one door: a record becomes an event, whatever its bytes are.

A line nobody can read is an event too: its text as message, the tag `_unparsed`, and the time of
arrival. A line whose envelope is read but whose program is unknown is a plain event.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

from sentinel.model.event import Event, Scalar, Value
from sentinel.model.ids import EventId, Offset
from sentinel.model.record import Record
from sentinel.normalise.address import canonical_ip
from sentinel.normalise.json_line import read_json
from sentinel.normalise.objects import listed
from sentinel.normalise.programs import PROGRAMS, WEB_PRODUCTS, message_fields
from sentinel.normalise.stamp import utc_text, zone_named
from sentinel.normalise.syslog import Envelope, envelope_of
from sentinel.normalise.text import text_of
from sentinel.normalise.web import read_access

UNPARSED = "_unparsed"
TIME_FROM_ARRIVAL = "_time_from_arrival"
TIME_ZONE_UNKNOWN = "_time_zone_unknown"
TRUNCATED = "_truncated"

# What a source's `format` may say. Anything else is read like "auto".
FORMATS = ("auto", "syslog", "access", "json", "raw")

_SENDERS = ("process.name", "process.pid")
_ADDRESS_FIELDS = ("source.ip", "destination.ip")
_USER_FIELDS = ("user.name", "user.effective.name", "user.target.name")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a line said: its fields, its time (None: none usable), and remarks."""

    fields: dict[str, Value]
    at: datetime | None = None
    tags: list[Scalar] = field(default_factory=list)


def read(record: Record, event: EventId, offset: Offset) -> Event:
    """Say what a record means. Pure, and never raises: what cannot be read is tagged and kept.

    `agency` and `asset` stay None: who owns the source is not for the line to say.
    """
    text = text_of(record.raw)
    reading = _reading(text.lstrip("\ufeff").rstrip("\r\n\0"), record)
    fields = reading.fields
    tags = reading.tags
    at = reading.at
    if at is None:
        at = record.at.astimezone(UTC)
        tags.append(TIME_FROM_ARRIVAL)
    if record.truncated:
        tags.append(TRUNCATED)
    if tags:
        fields["tags"] = tags
    fields["@timestamp"] = utc_text(at)
    fields["event.kind"] = "event"
    _add_sender(fields, record)
    _add_related(fields)
    return Event(
        id=event,
        offset=offset,
        at=at,
        received=record.at,
        agency=None,
        source=record.source,
        fields=fields,
        raw=text,
        sha256=record.sha256,
    )


def _reading(line: str, record: Record) -> _Reading:
    if record.format == "raw":
        return _Reading({"message": line})
    tags: list[Scalar] = []
    zone = zone_named(record.time_zone)
    if zone is None:
        zone = UTC
        tags.append(TIME_ZONE_UNKNOWN)
    syslog = record.format == "syslog"
    found = None if syslog else _json(line, record, zone)
    if found is not None:
        _add_host(found.fields, record.peer)
        return replace(found, tags=tags + found.tags)
    envelope = envelope_of(line, record.at, zone, told=syslog)
    if envelope is not None:
        return _enveloped(envelope, record, zone, tags)
    access = None if syslog else read_access(line, record.at)
    if access is None:
        return _Reading({"message": line}, tags=[*tags, UNPARSED])
    fields, at = access
    return _Reading(_web(fields, line, _product_of(record.origin)), at)


def _enveloped(envelope: Envelope, record: Record, zone: tzinfo, tags: list[Scalar]) -> _Reading:
    tags = [*tags, *envelope.tags]
    # A program whose words are understood writes no JSON: what looks so was put in its mouth.
    if record.format == "json" or envelope.program not in PROGRAMS:
        found = _json(envelope.message, record, zone)
        if found is not None:
            # The envelope's program is the one that passed the event on.
            sent = {name: envelope.fields[name] for name in envelope.fields if name not in _SENDERS}
            return _Reading(sent | found.fields, found.at or envelope.at, tags + found.tags)
    fields = {"message": envelope.message, **envelope.fields}
    _add_host(fields, record.peer)
    if record.format == "access" or envelope.program in WEB_PRODUCTS:
        access = read_access(envelope.message, record.at)
        if access is not None:
            product = WEB_PRODUCTS.get(envelope.program, "")
            web = _web(access[0], envelope.message, product)
            return _Reading(fields | web, access[1] or envelope.at, tags)
    fields.update(message_fields(envelope.program, envelope.message))
    said = fields.pop("tags", None)
    return _Reading(fields, envelope.at, tags + (said if isinstance(said, list) else []))


def _json(line: str, record: Record, zone: tzinfo) -> _Reading | None:
    found = read_json(line, record.at, zone, told=record.format == "json")
    return None if found is None else _Reading(found.fields, found.at, list(found.tags))


def _add_host(fields: dict[str, Value], peer: str) -> None:
    """Where a line names no host, its host is whoever sent it (RFC 3164 4.3: a relay adds it)."""
    ip = canonical_ip(peer) if "host.hostname" not in fields else ""
    if ip:
        fields["host.hostname"] = ip
        fields["host.name"] = ip
        fields["host.ip"] = [ip]


def _product_of(origin: str) -> str:
    """The server whose file this is, by the name of the file or folder; "" where it is silent."""
    name = origin.lower()
    if "nginx" in name:
        return "nginx"
    return "apache" if "apache" in name or "httpd" in name else ""


def _web(fields: dict[str, Value], message: str, product: str) -> dict[str, Value]:
    fields["message"] = message
    fields["event.dataset"] = f"{product}.access" if product else "web.access"
    fields["sentinel.logsource.category"] = "webserver"
    fields["sentinel.logsource.service"] = "access"
    if product:
        fields["event.provider"] = product
        fields["sentinel.logsource.product"] = product
    return fields


def _add_sender(fields: dict[str, Value], record: Record) -> None:
    peer = canonical_ip(record.peer) if record.peer else ""
    if peer:
        fields["observer.ip"] = peer
    if record.origin.startswith("/"):
        fields["log.file.path"] = record.origin


def _add_related(fields: dict[str, Value]) -> None:
    """ECS: one place to look an address or a user up, whatever part it played."""
    addresses = dict.fromkeys(
        str(each)
        for name in _ADDRESS_FIELDS
        for each in listed(fields.get(name))
        if each is not None
    )
    if addresses:
        fields["related.ip"] = list(addresses)
    users: dict[str, None] = {}
    for name in _USER_FIELDS:
        value = fields.get(name)
        for user in value if isinstance(value, list) else [value]:
            if user:
                users[str(user)] = None
    if users:
        fields["related.user"] = list(users)
