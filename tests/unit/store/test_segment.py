"""A segment: written whole or not at all, read as it was written or not at all."""

import os
from dataclasses import replace

import duckdb
import orjson
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.errors import StoreDamaged
from sentinel.model.ids import AgencyId
from sentinel.store import segment as segment_module
from sentinel.store.segment import (
    ASKED,
    ROW,
    dump_fields,
    load_fields,
    micros,
    moment,
    open_segment,
    read_row,
    verify_segment,
    write_segment,
)
from tests.samples import NOON, an_event

EVENTS = [an_event(3), an_event(5, agency=None, fields={"user.name": ["a", "b"]}), an_event(9)]


def test_a_segment_knows_what_it_holds(tmp_path):
    """What was written is what its footer says: a search need not open it to pass it over."""
    written = write_segment(tmp_path, EVENTS)

    assert open_segment(written.path) == written
    assert written.path.name == "events-3-9.parquet"
    assert (written.first, written.last, written.count) == (3, 9, 3)
    assert (written.oldest, written.newest) == (micros(NOON), micros(NOON))
    assert (written.lowest_id, written.highest_id) == (EVENTS[0].id, EVENTS[2].id)
    assert written.lists == {"user.name"}
    assert written.sentence == "3 events (offsets 3 to 9)"
    verify_segment(written.path)


def test_fields_often_asked_for_are_columns_of_their_own(tmp_path):
    """Any tool that reads Parquet can use them; they are folded, a list leaves them empty."""
    events = [an_event(1, fields={"user.name": "ADMIN"}), EVENTS[1]]
    table = pq.read_table(write_segment(tmp_path, events).path)

    assert set(ASKED) <= set(table.column_names)
    assert table.column("user.name").to_pylist() == ["admin", None]
    assert table.column("at").to_pylist()[0] == NOON
    assert table.schema.field("at").type == segment_module._TIME


def test_nothing_is_left_of_a_segment_that_could_not_be_written(tmp_path, monkeypatch):
    """A half-written file has another name and is removed."""

    def fail(*_):
        raise OSError("no space left")

    monkeypatch.setattr(segment_module.os, "fsync", fail)

    with pytest.raises(OSError, match="no space left"):
        write_segment(tmp_path, EVENTS)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [0, 3, 100, -1])
def test_a_cut_segment_is_damaged(tmp_path, size):
    """Whether nothing, a little or all but a byte is there."""
    path = write_segment(tmp_path, EVENTS).path
    os.truncate(path, size if size >= 0 else path.stat().st_size - 1)

    with pytest.raises(StoreDamaged, match="its end is not that of a Parquet file"):
        open_segment(path)


def test_a_renamed_segment_is_damaged(tmp_path):
    """Its name says which offsets it holds; another's name would pass them over."""
    path = write_segment(tmp_path, EVENTS).path
    other = path.rename(tmp_path / "events-3-10.parquet")

    with pytest.raises(StoreDamaged, match="not the one it was written under"):
        open_segment(other)


def test_a_parquet_file_of_another_program_is_damaged(tmp_path):
    """It has no signature of ours."""
    path = tmp_path / "events-1-1.parquet"
    table = pq.read_table(write_segment(tmp_path, EVENTS).path)
    pq.write_table(table.replace_schema_metadata(None), path)

    with pytest.raises(StoreDamaged, match="its footer has no signature"):
        open_segment(path)


def test_a_segment_that_is_gone_is_damaged(tmp_path):
    """Who asks for it is told so."""
    with pytest.raises(StoreDamaged, match=r"cannot be read .*No such file"):
        verify_segment(tmp_path / "events-1-1.parquet")


def test_a_flipped_byte_anywhere_is_found(tmp_path):
    """In a page, in a page's header, in the footer."""
    path = write_segment(tmp_path, EVENTS).path
    whole = path.read_bytes()
    for place in range(0, len(whole), 61):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with pytest.raises(StoreDamaged):
            verify_segment(path)


@pytest.mark.parametrize("place", range(10))
def test_a_row_that_is_not_what_was_written_is_not_an_event(tmp_path, place):
    """Above all, nobody's event becomes an agency's."""
    path = write_segment(tmp_path, EVENTS).path
    with duckdb.connect(":memory:") as connection:
        sql = f'SELECT {ROW} FROM read_parquet(?) ORDER BY "offset"'
        row = list(connection.execute(sql, [[str(path)]]).fetchall()[1])
    assert read_row(row) == EVENTS[1]

    row[place] = row[place] + 1 if isinstance(row[place], int) else f"{row[place] or ''}x"

    with pytest.raises(StoreDamaged, match="checksum of the row at offset"):
        read_row(row)


def test_nobody_is_not_an_agency_without_a_name(tmp_path):
    """None and the empty text stay apart."""
    events = [replace(an_event(1), agency=None), replace(an_event(2), agency=AgencyId(""))]
    path = write_segment(tmp_path, events).path

    assert pq.read_table(path).column("agency").to_pylist() == [None, ""]


VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()


@given(st.dictionaries(st.text(), VALUES | st.lists(VALUES)))
def test_fields_are_read_as_they_were_written(fields):
    """load(dump(fields)) == fields, with the same types."""
    assert repr(load_fields(dump_fields(fields))) == repr(fields)


def test_what_orjson_cannot_carry_is_marked():
    """A space in front says that only the standard library reads it back exactly."""
    assert dump_fields({"a": 1}) == '{"a":1}'
    assert dump_fields({"a": 2**64}).startswith(" ")
    assert dump_fields({"a": [float("inf")]}).startswith(" ")
    assert orjson.loads(dump_fields({"a": 2**64 - 1})) == {"a": 2**64 - 1}


@given(st.datetimes(timezones=st.just(NOON.tzinfo)))
def test_a_moment_in_microseconds_is_the_same_moment(at):
    """No float is on the way."""
    assert moment(micros(at)) == at
