"""The tables hold what they promise, in every database that is meant to hold them."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.schema import CreateIndex, CreateTable

from sentinel.store.schema import alert_entries, alerts, metadata
from tests.samples import NOON


@pytest.fixture
def connection():
    engine = create_engine("sqlite://")
    with engine.connect() as opened:
        metadata.create_all(opened)
        yield opened
    engine.dispose()


def a_row(**changes):
    columns = {"id": "a", "agency": "", "cause": "c", "state": "new", "score": 1, "rest": "{}"}
    found_by = {"rule": "r", "assignee": "", "disposition": "", "words": "a"}
    return columns | found_by | {"opened": NOON, "last_seen": NOON} | changes


def test_the_tables_can_be_made_in_postgresql_too():
    """The same tables, the same partial indexes."""
    made = [CreateTable(table) for table in metadata.sorted_tables]
    made += [CreateIndex(index) for table in metadata.sorted_tables for index in table.indexes]
    ddl = "\n".join(str(statement.compile(dialect=postgresql.dialect())) for statement in made)
    assert "ON alerts (agency, cause) WHERE state != 'closed'" in ddl
    assert "WHERE state IN ('queued', 'attempting')" in ddl
    assert "last_seen TIMESTAMP WITH TIME ZONE NOT NULL" in ddl


def test_times_are_kept_in_utc_at_a_fixed_width(connection):
    """So that they sort as text, too; they come back with their zone."""
    in_hanoi = datetime(2026, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=7)))
    connection.execute(insert(alerts), a_row(last_seen=in_hanoi))
    kept = connection.execute(text("SELECT opened, last_seen FROM alerts")).one()
    read = connection.execute(select(alerts.c.last_seen)).scalar_one()
    assert tuple(kept) == ("2026-11-22 05:00:00.000000",) * 2
    assert (NOON, timedelta(0)) == (read, read.utcoffset())


def test_a_time_without_zone_is_refused(connection):
    """Nobody would know when that was."""
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(StatementError, match="a time without zone cannot be kept: 2026-11-22"):
        connection.execute(insert(alerts), a_row(opened=naive))


def test_the_table_itself_refuses_a_second_open_alert(connection):
    """Whoever writes. Closed ones may be many."""
    connection.execute(insert(alerts), [a_row(id=name, state="closed") for name in "xyz"])
    connection.execute(insert(alerts), a_row())
    with pytest.raises(IntegrityError, match=r"alerts.agency, alerts.cause"):
        connection.execute(insert(alerts), a_row(id="b", state="in-progress"))


def test_two_lines_of_history_cannot_be_in_the_same_place(connection):
    """A line that is there cannot be written over by inserting."""
    line = {"alert": "a", "position": 0, "at": NOON, "who": "", "action": "opened", "reason": ""}
    line |= {"disposition": ""}
    connection.execute(insert(alert_entries), line)
    with pytest.raises(IntegrityError, match="alert_entries"):
        connection.execute(insert(alert_entries), line | {"action": "closed"})


def test_partial_indexes_spell_their_condition_out():
    """A planner compares it as it is written: a bound parameter would never match."""
    conditions = [
        str(index.dialect_options["sqlite"]["where"].compile(dialect=sqlite.dialect()))
        for table in metadata.sorted_tables
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    ]
    assert sorted(conditions) == [
        "alerts.state != 'closed'",
        "deliveries.state IN ('queued', 'attempting')",
        "jobs.finished IS NULL",
        "warnings.number != ''",
    ]
