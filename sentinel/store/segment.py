"""One segment: a Parquet file of events that is written once, whole, and never changed.

What a search must know before it opens the file (times, ids, offsets) stands in its footer, with
checksums of the footer and of all that comes before. A row has a checksum too, so that a flipped
byte never becomes somebody else's event.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from pathlib import Path
from typing import Any
from zlib import crc32

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from sentinel.errors import StoreDamaged
from sentinel.model.event import Event, Fields, Scalar, Value
from sentinel.model.ids import AgencyId, AssetId, EventId, Offset, SourceId
from sentinel.store.events_memory import value_texts
from sentinel.store.signature import Part, check, sign, signature

FORMAT = 1
ROW_GROUP = 10_000
NAME = re.compile(r"events-(\d+)-(\d+)\.parquet")

# Fields often asked for: columns of their own, folded, so that a search reads little else. A list
# leaves its column empty and is named in the footer.
ASKED = (
    "destination.ip",
    "dns.question.name",
    "event.action",
    "event.code",
    "event.outcome",
    "host.hostname",
    "host.name",
    "process.name",
    "source.ip",
    "url.domain",
    "user.name",
)

_TIME = pa.timestamp("us", tz="UTC")
_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("offset", pa.int64(), nullable=False),
        pa.field("at", _TIME, nullable=False),
        pa.field("received", _TIME, nullable=False),
        pa.field("agency", pa.string()),
        pa.field("source", pa.string()),
        pa.field("asset", pa.string()),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("raw", pa.string(), nullable=False),
        pa.field("fields", pa.string(), nullable=False),
        pa.field("crc", pa.int64(), nullable=False),
        *(pa.field(name, pa.string()) for name in ASKED),
    ]
)
_KEY = b"sentinel"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# What a row of a segment is in SQL, as `read_row` wants it.
ROW = (
    'id, "offset", epoch_us("at"), epoch_us(received), agency, source, asset, sha256, raw, fields,'
    " crc"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What is known of a file without opening it. Times in microseconds since 1970, inclusive."""

    path: Path
    first: Offset
    last: Offset
    count: int
    oldest: int
    newest: int
    lowest_id: EventId
    highest_id: EventId
    lists: frozenset[str]  # fields of ASKED that hold a list in some event

    @property
    def sentence(self) -> str:
        """How much it holds, for people."""
        return f"{self.count} events (offsets {self.first} to {self.last})"


def write_segment(folder: Path, events: Sequence[Event]) -> Segment:
    """Write events, in order of offset, and return when the file and its name are on disk.

    Raises:
        OSError: the disk refused; nothing is left behind.
    """
    first, last = events[0].offset, events[-1].offset
    segment = Segment(
        path=folder / f"events-{first}-{last}.parquet",
        first=first,
        last=last,
        count=len(events),
        oldest=micros(min(event.at for event in events)),
        newest=micros(max(event.at for event in events)),
        lowest_id=min(event.id for event in events),
        highest_id=max(event.id for event in events),
        lists=frozenset(
            name for name in ASKED if any(_is_list(event.fields.get(name)) for event in events)
        ),
    )
    part = segment.path.with_name(f"{segment.path.name}.part")
    try:
        pq.write_table(
            _table(events, segment),
            part,
            compression="zstd",
            row_group_size=ROW_GROUP,
            use_dictionary=["agency", "source", "asset", *ASKED],
        )
        sign(part)
        _fsync(part)
        part.rename(segment.path)
        _fsync(folder)
    finally:
        part.unlink(missing_ok=True)
    return segment


def open_segment(path: Path) -> Segment:
    """Read what the footer says, and check the footer.

    Raises:
        StoreDamaged: it is not what was written.
        PermissionError: we may not read it.
    """
    try:
        check(path, Part.FOOTER)
        metadata = pq.read_metadata(path)
        said = orjson.loads(metadata.metadata[_KEY][len(signature()) :])
    except PermissionError:
        raise
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        raise StoreDamaged(f"its footer cannot be read ({error})") from error
    if said.pop("format") != FORMAT:
        raise StoreDamaged(f"it is not of format {FORMAT}, the one we read")
    segment = Segment(path=path, lists=frozenset(said.pop("lists")), **said)
    if path.name != f"events-{segment.first}-{segment.last}.parquet":
        raise StoreDamaged("its name is not the one it was written under")
    return segment


def verify_segment(path: Path) -> None:
    """Read every byte of a file against its checksums.

    Raises:
        StoreDamaged: something in it is not what was written.
        PermissionError: we may not read it.
    """
    try:
        check(path, Part.WHOLE)
    except PermissionError:
        raise
    except OSError as error:
        raise StoreDamaged(f"it cannot be read ({error})") from error


def read_row(row: Sequence[Any]) -> Event:
    """Make the event of a row selected as `ROW`.

    Raises:
        StoreDamaged: the row's checksum is wrong.
    """
    *values, crc = row
    if _row_crc(values) != crc:
        raise StoreDamaged(f"the checksum of the row at offset {values[1]} is wrong")
    event, offset, at, received, agency, source, asset, sha256, raw, fields = values
    return Event(
        id=EventId(event),
        offset=Offset(offset),
        at=moment(at),
        received=moment(received),
        agency=None if agency is None else AgencyId(agency),
        source=None if source is None else SourceId(source),
        asset=None if asset is None else AssetId(asset),
        fields=load_fields(fields),
        raw=raw,
        sha256=sha256,
    )


def micros(at: datetime) -> int:
    """A time as microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def moment(micros_since_1970: int) -> datetime:
    """The time, aware, in UTC."""
    return _EPOCH + micros_since_1970 * _MICROSECOND


def dump_fields(fields: Fields) -> str:
    """Fields as JSON text that `load_fields` reads back equal.

    A leading space marks what orjson cannot carry (whole numbers beyond 64 bits, infinite
    numbers): that text is written and read by the standard library.
    """
    try:
        text = orjson.dumps(dict(fields)).decode()
    except orjson.JSONEncodeError:  # a number beyond 64 bits
        return " " + json.dumps(dict(fields))
    if "null" in text and not all(_plain(value) for value in fields.values()):
        return " " + json.dumps(dict(fields))
    return text


def load_fields(text: str) -> Mapping[str, Value]:
    """The fields of a text that `dump_fields` wrote."""
    fields: dict[str, Value] = json.loads(text) if text.startswith(" ") else orjson.loads(text)
    return fields


def _plain(value: Value) -> bool:
    """Whether orjson writes every number of a value: it turns infinite ones into null."""
    values: list[Scalar] = value if isinstance(value, list) else [value]
    return all(isfinite(item) for item in values if isinstance(item, float))


def _is_list(value: Value) -> bool:
    return isinstance(value, list)


def _asked(event: Event, name: str) -> str | None:
    """The column of a field: its folded text, None where it is missing or a list."""
    if name not in event.fields or _is_list(event.fields[name]):
        return None
    return value_texts(event.fields[name])[0]


def _table(events: Sequence[Event], segment: Segment) -> pa.Table:
    rows = [
        (
            event.id,
            event.offset,
            micros(event.at),
            micros(event.received),
            event.agency,
            event.source,
            event.asset,
            event.sha256,
            event.raw,
            dump_fields(event.fields),
        )
        for event in events
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    columns.append([_row_crc(row) for row in rows])
    columns += [[_asked(event, name) for event in events] for name in ASKED]
    arrays = [
        pa.array(column, pa.int64()).cast(_TIME)
        if field.type == _TIME
        else pa.array(column, field.type)
        for column, field in zip(columns, _SCHEMA, strict=True)
    ]
    schema = _SCHEMA.with_metadata({_KEY: signature() + _said(segment)})
    return pa.table(dict(zip(_SCHEMA.names, arrays, strict=True)), schema=schema)


def _row_crc(values: Sequence[object]) -> int:
    return crc32(orjson.dumps(list(values)))


def _said(segment: Segment) -> bytes:
    """What a segment says of itself, as `open_segment` reads it."""
    return orjson.dumps(
        {
            "format": FORMAT,
            "first": segment.first,
            "last": segment.last,
            "count": segment.count,
            "oldest": segment.oldest,
            "newest": segment.newest,
            "lowest_id": segment.lowest_id,
            "highest_id": segment.highest_id,
            "lists": sorted(segment.lists),
        }
    )


def _fsync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
