"""A record becomes an event, whatever its bytes are."""

import random
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.model.ids import EventId, Offset
from sentinel.normalise.read import FORMATS, UNPARSED, read
from tests.samples import LINE, NOON, a_record
from tests.unit.normalise.lines import corpus_lines, wrong_fields

ID = EventId("0a1b2c3d-000000000007")
HINTS = st.sampled_from([*FORMATS, "", "something-new"])


def _read(raw, **changes):
    return read(a_record(raw, **changes), ID, Offset(7))


def test_an_event_carries_what_the_record_is():
    """Id, place, source, times, raw text and hash; owner and asset are for others to say."""
    event = _read(LINE)

    assert (
        event.id,
        event.offset,
        event.source,
        event.at,
        event.received,
    ) == (ID, 7, "so-a-syslog", NOON, NOON)
    assert (LINE, sha256(LINE.encode()).hexdigest()) == (event.raw, event.sha256)
    assert (event.agency, event.asset) == (None, None)


def test_reading_twice_gives_the_same_event():
    """A replay says the same."""
    assert _read(LINE) == _read(LINE)


def test_events_share_no_values():
    """A list in one event's fields is its own."""
    first, second = _read(LINE), _read(LINE)

    assert first.fields["event.category"] is not second.fields["event.category"]


def test_a_line_nobody_can_read_is_kept():
    """Its text is the message, it is tagged, and its time is that of arrival."""
    event = _read("something else entirely")

    assert (event.fields["message"], event.at) == ("something else entirely", NOON)
    assert event.fields["tags"] == [UNPARSED, "_time_from_arrival"]


def test_a_cut_record_says_so():
    """The collector's size limit leaves a mark on the event."""
    assert _read(LINE, truncated=True).fields["tags"] == ["_truncated"]


def test_raw_keeps_what_the_message_leaves_out():
    """Line ends and marks stay in the raw text."""
    event = _read("\ufeff" + LINE + "\r\n")

    assert event.raw == "\ufeff" + LINE + "\r\n"
    assert str(event.fields["message"]).endswith("ssh2")


@given(st.binary(max_size=300), HINTS, st.sampled_from(["Asia/Ho_Chi_Minh", "UTC", "Nowhere/At"]))
def test_any_bytes_become_an_event(raw, hint, zone):
    """Nothing raises, every field is in the table, the hash is of the bytes."""
    event = _read(raw, format=hint, time_zone=zone)

    assert wrong_fields(event.fields) == {}
    assert sha256(raw).hexdigest() == event.sha256
    assert event.at.utcoffset() is not None


@given(st.sampled_from(corpus_lines()), HINTS, st.randoms(use_true_random=False))
def test_damaged_lines_become_events(line, hint, chance):
    """Real lines, cut, doubled, mixed and overwritten."""
    raw = _damaged(line, chance)

    event = _read(raw, format=hint)

    # A name that damage made is the sender's own: it is kept as it came.
    foreign = [name for name in wrong_fields(event.fields) if f'"{name}"' not in event.raw]
    assert foreign == []
    assert event.raw or not raw


def _damaged(line: bytes, chance: random.Random) -> bytes:
    raw = bytearray(line)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(raw))
        match chance.randint(0, 4):
            case 0:
                del raw[at : at + chance.randint(1, 20)]
            case 1:
                raw[at:at] = bytes(chance.randint(0, 255) for _ in range(chance.randint(1, 4)))
            case 2:
                other = chance.choice(corpus_lines())
                raw[at:] = other[chance.randint(0, len(other)) :]
            case 3:
                raw[at:at] = chance.choice([b"9" * 40, b'"', b"\\", b"[", b"]", b" ", b"<", b":"])
            case _:
                raw = raw * 2
    return bytes(raw)


@pytest.mark.parametrize("filler", [b"a", b" ", b"[", b'"', b"\\", b":", b"<", b"=", b"\xff", b"("])
@pytest.mark.parametrize("line", corpus_lines()[::7])
def test_a_huge_record_is_read_all_the_same(line, filler):
    """64 KiB of one byte in the middle of a real line; no pattern may take for ever."""
    middle = len(line) // 2

    event = _read(line[:middle] + filler * 65_536 + line[middle:])

    assert len(event.raw) >= 65_536


def test_the_sample_event_has_the_normaliser_s_words():
    """Other tests build events by hand; the names are these."""
    record = replace(a_record(LINE), origin="/var/log/auth.log")

    fields = read(record, ID, Offset(7)).fields

    assert (
        fields["event.action"],
        fields["event.outcome"],
        fields["source.ip"],
        fields["user.name"],
        fields["host.hostname"],
    ) == ("ssh_login", "failure", "203.0.113.45", "admin", "web01")
    assert fields["log.file.path"] == "/var/log/auth.log"
