"""Bytes as files and lines: whatever they are, their fields are of the kinds that rules expect.

The first byte says what the others are: a file of JSON, one of Windows' event files, a line.
"""

import gzip
from io import BytesIO

from sentinel.formats import evtx, jsontext
from sentinel.formats.jsontext import Broken, Found, NotJson
from sentinel.model.ids import EventId, Offset
from sentinel.normalise.json_record import Wanted, fields_of
from sentinel.normalise.objects import TooDeep
from sentinel.normalise.read import FORMATS, read
from tests.evtxfile import chunk
from tests.evtxfile import evtx as evtx_file
from tests.samples import LINE, a_record

PACKED = 3 * len(Wanted)  # event files are mostly zeros: seeds come packed


def check(data):
    """Read the bytes as what the first one says."""
    if not data:
        return
    kind, rest = data[0] % (PACKED + len(FORMATS)), data[1:]
    if kind >= PACKED:
        _line(rest, FORMATS[kind - PACKED])
    elif kind < len(Wanted):
        _json(rest, list(Wanted)[kind])
    else:
        _event_file(rest, list(Wanted)[kind % len(Wanted)])


def _json(data, wanted):
    try:
        found = list(jsontext.records(data.splitlines(keepends=True)))
    except NotJson:
        return
    _records(found, wanted)
    assert any(isinstance(each, Found) for each in found) or not found


def _event_file(data, wanted):
    try:
        data = gzip.decompress(data)
    except (OSError, EOFError, gzip.zlib.error):
        return
    try:
        _records(list(evtx.records(BytesIO(data))), wanted)
    except OSError:
        return


def _records(found, wanted):
    for each in found:
        if isinstance(each, Broken):
            assert each.why
            continue
        assert type(each.record) is dict
        try:
            fields = fields_of(dict(each.record), wanted)
        except TooDeep:
            continue
        _fields(fields)
        if each.flat:
            assert repr(fields) == repr(fields_of(each.record, wanted, flat=True))


def _line(data, name):
    event = read(a_record(data, format=name), EventId("1"), Offset(1))

    _fields(event.fields)
    assert event.received == a_record().at


def _fields(fields):
    for name, value in fields.items():
        assert isinstance(name, str), name
        for each in value if isinstance(value, list) else [value]:
            assert each is None or isinstance(each, str | int | float | bool), (name, value)


def seeds():
    """Lines, JSON in every layout, and small event files, packed."""
    objects = (
        '{"EventID": 1, "Channel": "Security", "a b": [1, null, "x"]}',
        '{"Event": {"System": {"EventID": {"#text": 4688}, "Channel": "Security"}}}',
        '{"winlog": {"event_id": 1, "channel": "x"}, "a": {"b": [{"c": 1}, [2]]}}',
        '{"a": 1e400, "b": NaN, "c": "\\ud800", "d": 123456789012345678901234567890}',
        '{"EventID": 4657, "Channel": "Security", "ObjectName": "\\\\REGISTRY\\\\USER\\\\x"}',
    )
    layouts = (
        "\n".join(objects),
        f"[{','.join(objects)}]",
        objects[0].replace(",", ",\n"),
        "\x1e{}",
    )
    for kind in range(len(Wanted)):
        for layout in layouts:
            yield bytes((kind,)) + layout.encode()
    system = {"Provider": "x", "EventID": 4688, "Channel": "Security"}
    for file in (evtx_file(), evtx_file(chunk((system, {"a": "b"}))), b"ElfFile\0", b""):
        yield bytes((len(Wanted),)) + gzip.compress(file, mtime=0)
    lines = (
        LINE,
        objects[0],
        "@cee: {}",
        '192.0.2.1 - - [22/Nov/2026:05:00:00 +0000] "GET / HTTP/1.1" 200 1',
    )
    for kind in range(len(FORMATS)):
        for line in lines:
            yield bytes((PACKED + kind,)) + line.encode()
