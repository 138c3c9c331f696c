"""Narrowing: it may let too much through, never too little. The rest is in test_events.py."""

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sentinel.ports import EventQuery
from sentinel.store.events_memory import fits
from sentinel.store.narrow import narrow
from sentinel.store.segment import dump_fields, write_segment
from tests.samples import an_event


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect(":memory:") as connection:
        yield connection


def _query(**fields):
    return EventQuery(agency=None, fields=fields)


def test_a_field_with_a_column_is_decided_in_sql(tmp_path):
    """Where no event has a list there, the answer is exact and DuckDB's own limit is right."""
    segment = write_segment(tmp_path, [an_event(1)])

    narrowed = narrow([segment], _query(**{"user.name": "ADMIN"}))

    assert narrowed.exact
    assert narrowed.conditions == ["agency IS NULL", '"user.name" = ?']
    assert narrowed.values == ["admin"]


def test_a_list_in_one_file_makes_the_column_a_hint_no_more(tmp_path):
    """The column is empty there: an equality would lose the event."""
    plain = write_segment(tmp_path, [an_event(1)])
    listed = write_segment(tmp_path, [an_event(2, fields={"user.name": ["admin"]})])

    assert narrow([plain], _query(**{"user.name": "x"})).exact
    assert not narrow([plain, listed], _query(**{"user.name": "x"})).exact


def test_what_a_person_typed_never_becomes_sql():
    """Names and values are parameters."""
    narrowed = narrow([], _query(**{"x') OR 1=1 --": "' OR 1=1 --"}))

    assert "1=1" not in " ".join(narrowed.conditions)
    assert len(narrowed.values) == " ".join(narrowed.conditions).count("?")


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
    | st.text('aAkKsS\u212a\u017f\u00df\u0130\u0131iI1."\\\n', max_size=3)
)


@given(value=SCALARS | st.lists(SCALARS, max_size=2), other=SCALARS, data=st.data())
@example(value="\u212a", other="k", data=None)
@example(value=1e16, other="1e+16", data=None)
@example(value=1e-7, other="1e-07", data=None)
def test_narrowing_loses_no_event_that_fits(connection, value, other, data):
    """Whatever fits passes the conditions on the JSON text."""
    texts = [str(item) for item in (value if isinstance(value, list) else [value])]
    wanted = [str(other), *texts, *(text.swapcase() for text in texts)]
    event = an_event(agency=None, fields={"made.up": value})

    for text in wanted:
        query = _query(**{"made.up": text})
        narrowed = narrow([], query)
        sql = f"SELECT {narrowed.conditions[1]} FROM (SELECT ? AS fields)"
        (passes,) = connection.execute(
            sql, [*narrowed.values, dump_fields(event.fields)]
        ).fetchone()
        assert passes or not fits(event, query)
