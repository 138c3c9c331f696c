"""What is special to writing in SQL: rows that only grow, and what a refusal says."""

import pytest
from sqlalchemy import func, select

from sentinel.model.alert import AlertEntry
from sentinel.model.warning import DeliveryState
from sentinel.store.schema import alert_entries, deliveries, metadata, windows
from sentinel.store.sql_writer import SqlWriter
from sentinel.store.sqlite_engine import for_writing, open_engine
from tests.samples import NOON, a_delivery, a_warning, an_alert


@pytest.fixture
def connection(url):
    engine = for_writing(open_engine(url, patience=1))
    with engine.connect() as opened:
        metadata.create_all(opened)
        yield opened
    engine.dispose()


@pytest.fixture
def writer(connection):
    return SqlWriter(connection)


def test_history_rows_are_written_once(connection, writer):
    """A row that is there is never touched: only inserted ones can be told from changed ones."""
    entries = tuple(AlertEntry(at=NOON, who=who, action="seen") for who in ("", "Lan", "Minh"))
    for known in (1, 2, 3):
        writer.put_alert(an_alert(history=entries[:known]))
    found = connection.execute(select(alert_entries.c.position, alert_entries.c.who)).all()
    assert [tuple(row) for row in found] == [(0, ""), (1, "Lan"), (2, "Minh")]


def test_a_warning_put_again_adds_no_second_row_of_a_recipient(connection, writer):
    """One row a recipient, however often it is put."""
    warning = a_warning(
        deliveries=(a_delivery(), a_delivery(contact="b", token="b", message_id="b"))
    )
    writer.put_warning(warning)
    writer.put_warning(warning)
    writer.put_delivery(a_delivery(state=DeliveryState.ACCEPTED))
    found = connection.execute(select(deliveries.c.contact, deliveries.c.position)).all()
    assert {("so-a-duty", 0), ("b", 1)} == {tuple(row) for row in found}


def test_a_refusal_names_the_thing_and_the_promise(writer):
    """So that the log line says enough."""
    writer.put_alert(an_alert())
    with pytest.raises(ValueError, match=r"alert second: .* alerts.agency, alerts.cause"):
        writer.put_alert(an_alert(id="second"))


def test_many_windows_go_in_as_one_batch(connection, writer):
    """Removed, replaced and new ones."""
    writer.put_windows({str(number): b"old" for number in range(1000)})
    writer.put_windows({str(number): b"new" if number % 2 else None for number in range(1000)})
    count = connection.execute(select(func.count()).select_from(windows)).scalar_one()
    assert (500, {b"new"}) == (count, set(writer.windows().values()))
