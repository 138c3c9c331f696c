"""Several records as one run of bytes: what a row of a journal file holds.

Four bytes give the length of a JSON header (ASCII); the raw bytes of the records follow it end to
end. What records of one sender share is written once. JSON's escapes carry any text: file names
that are not UTF-8 (lone surrogates) and NUL come back as they were.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sentinel.model.ids import AgencyId, InputName, SourceId
from sentinel.model.record import Position, Record

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LENGTH_BYTES = 4


def encode(records: Sequence[Record]) -> bytes:
    """Write records in order; `decode` gives equal ones back.

    Raises:
        TypeError: a record's time is not aware.
    """
    senders: dict[tuple[str | None, ...], int] = {}
    lines: list[list[object]] = []
    for record in records:
        sender = (
            record.input,
            record.source,
            record.peer,
            record.origin,
            record.format,
            record.time_zone,
            record.agency,
        )
        number = senders.setdefault(sender, len(senders))
        at = (record.at - _EPOCH) // _MICROSECOND
        line: list[object] = [number, at, len(record.raw), int(record.truncated)]
        if record.position is not None:
            line += [record.position.stream, record.position.mark]
        lines.append(line)
    header = json.dumps([list(senders), lines], separators=(",", ":")).encode("ascii")
    size = len(header).to_bytes(_LENGTH_BYTES, "big")
    return b"".join([size, header, *(record.raw for record in records)])


def decode(body: bytes) -> list[Record]:
    """Read what `encode` wrote. The caller has checked that the bytes are those."""
    start = _LENGTH_BYTES + int.from_bytes(body[:_LENGTH_BYTES], "big")
    senders, lines = json.loads(body[_LENGTH_BYTES:start])
    records = []
    for number, at, length, truncated, *position in lines:
        input_name, source, peer, origin, form, time_zone, agency = senders[number]
        records.append(
            Record(
                raw=body[start : start + length],
                at=_EPOCH + at * _MICROSECOND,
                input=InputName(input_name),
                source=None if source is None else SourceId(source),
                agency=None if agency is None else AgencyId(agency),
                peer=peer,
                origin=origin,
                position=Position(stream=position[0], mark=position[1]) if position else None,
                truncated=bool(truncated),
                format=form,
                time_zone=time_zone,
            )
        )
        start += length
    return records
