"""Event files of Windows: every record that can be read, and a sentence for each that cannot."""

import io

import pytest

from sentinel.formats.evtx import MAGIC, records
from sentinel.formats.jsontext import Broken, Found
from tests.evtxfile import CHUNK, HEADER, chunk, evtx

SYSTEM = {
    "Provider": {"Name": "Microsoft-Windows-Sysmon"},
    "EventID": "1",
    "Channel": "Microsoft-Windows-Sysmon/Operational",
}


def _chunk(*images, first=1):
    return chunk(*((SYSTEM, {"Image": image}) for image in images), first=first)


def _images(data):
    found = list(records(io.BytesIO(data)))
    return [
        each.record["Event"]["EventData"]["Image"] if isinstance(each, Found) else None
        for each in found
    ], [each.why for each in found if isinstance(each, Broken)]


def test_records_come_in_order_with_the_shape_of_the_xml():
    """Over all chunks."""
    data = evtx(_chunk("a", "b"), _chunk("c", first=3))
    first = next(records(io.BytesIO(data)))

    assert data.startswith(MAGIC)
    assert _images(data) == (["a", "b", "c"], [])
    assert first.record["Event"]["System"]["Provider"] == {
        "#attributes": {"Name": "Microsoft-Windows-Sysmon"}
    }


def test_a_file_on_disk_is_read_in_place(tmp_path):
    """And one that is packed or piped from a copy: both hold the same."""
    data = evtx(_chunk("a", "b"))
    path = tmp_path / "a.evtx"
    path.write_bytes(data)
    with path.open("rb") as stream:
        found = list(records(stream))

    assert found == list(records(io.BytesIO(data)))


def test_a_broken_record_is_told_and_the_others_are_read():
    """Its content is no event."""
    data = bytearray(evtx(_chunk("a", "b", "c")))
    second = data.index(b"**\0\0", HEADER + 512 + 4)
    data[second + 24 : second + 40] = b"\xee" * 16
    images, why = _images(bytes(data))

    assert images == ["a", None, "c"]
    assert "record number 2" in why[0]


def test_a_broken_chunk_is_told_and_the_others_are_read():
    """Its header is gone, so nothing of it can be found."""
    data = bytearray(evtx(_chunk("a"), _chunk("b", first=2)))
    data[HEADER : HEADER + 8] = b"x" * 8
    images, why = _images(bytes(data))

    assert images == [None, "b"]
    assert "chunk" in why[0]


def test_chunks_that_were_never_used_are_nothing():
    """Windows keeps room at the end of a file."""
    assert _images(evtx(_chunk("a"), bytes(CHUNK))) == (["a"], [])


def test_a_file_that_was_cut_off_says_so():
    """What was there before the cut is read."""
    data = evtx(_chunk("a", "b"))
    images, why = _images(data[: HEADER + 30_000])

    assert images == ["a", "b", None]
    assert why == [f"the file ends within a chunk: {CHUNK - 30_000} bytes are missing"]


def test_a_file_without_chunks_holds_nothing():
    """A log that was cleared."""
    assert _images(evtx()) == ([], [])


@pytest.mark.parametrize("data", [b"", MAGIC + b"rest", b"no event file" * 1000])
def test_what_is_no_event_file_is_refused(data):
    """With the library's reason."""
    with pytest.raises(OSError, match=r"."):
        list(records(io.BytesIO(data)))
