"""How a row is put where it may be there already."""

import pytest
from sqlalchemy import create_engine, insert, select

from sentinel.store.schema import metadata, numbers, secrets
from sentinel.store.sql_put import addition, put, refusal, replaced, replacement


@pytest.fixture
def connection():
    engine = create_engine("sqlite://")
    with engine.connect() as opened:
        metadata.create_all(opened)
        yield opened
    engine.dispose()


def test_a_row_is_added_once_and_written_over_after_that(connection):
    """By its key; the others stay."""
    for value in ("old", "new"):
        put(connection, secrets, {"name": "a", "value": value}, "name")
    put(connection, secrets, {"name": "b", "value": "other"}, "name")
    found = connection.execute(select(secrets).order_by(secrets.c.name)).all()
    assert [tuple(row) for row in found] == [("a", "new"), ("b", "other")]


def test_a_row_that_is_not_there_is_not_replaced(connection):
    """Whoever asks may then add it, with more beside it."""
    row = {"series": "CB", "year": 2026, "last": 1}
    assert not replaced(connection, numbers, row, "series", "year")
    connection.execute(insert(numbers), row)
    assert replaced(connection, numbers, row | {"last": 2}, "series", "year")


def test_a_statement_is_built_once():
    """It costs more than running it."""
    assert replacement(numbers, ("series", "year")) is replacement(numbers, ("series", "year"))
    assert addition(numbers) is addition(numbers)


def test_a_refusal_of_the_tables_is_a_wrong_value(connection):
    """The text says what it was about, and which promise it would have broken."""
    row = {"name": "a", "value": "x"}
    connection.execute(insert(secrets), row)
    with (
        pytest.raises(ValueError, match=r"the secret: the state refuses it: .*secrets\.name"),
        refusal("the secret"),
    ):
        connection.execute(insert(secrets), row)
