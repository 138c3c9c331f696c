"""Records as bytes, and back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.journal.batch import decode, encode
from sentinel.model.ids import AgencyId, InputName, SourceId
from sentinel.model.record import Position, Record
from tests.samples import NOON, a_record

TEXT = st.text(st.characters(), max_size=20)  # lone surrogates and NUL too
RECORDS = st.builds(
    Record,
    raw=st.binary(max_size=50),
    at=st.datetimes(timezones=st.just(UTC)),
    input=TEXT.map(InputName),
    source=st.none() | TEXT.map(SourceId),
    agency=st.none() | TEXT.map(AgencyId),
    peer=TEXT,
    origin=TEXT,
    position=st.none() | st.builds(Position, stream=TEXT, mark=TEXT),
    truncated=st.booleans(),
    format=TEXT,
    time_zone=TEXT,
)


@given(st.lists(RECORDS, max_size=8))
def test_what_was_written_is_read(records):
    """decode(encode(records)) == records, whatever they hold."""
    assert decode(encode(records)) == records


def test_what_records_share_is_written_once():
    """A second record of the same sender costs little more than its own bytes."""
    record = a_record(b"x" * 100, origin="/var/log/" + "a" * 200)

    added = len(encode([record, record])) - len(encode([record]))

    assert added < 130


def test_a_time_without_a_zone_is_refused():
    """A naive time is a fault of the caller, and it is found before anything is on disk."""
    with pytest.raises(TypeError, match="offset-naive"):
        encode([a_record(at=NOON.replace(tzinfo=None))])


def test_times_keep_their_microseconds():
    """No float is on the way."""
    at = datetime(2026, 11, 22, 5, 0, 0, 1, tzinfo=UTC) + timedelta(days=365 * 200)

    assert decode(encode([a_record(at=at)]))[0].at == at
