"""The first rows of a list, from one walk a state."""

import pytest
from sqlalchemy import create_engine, insert

from sentinel.model.warning import WarningState
from sentinel.store.rows import warning_row
from sentinel.store.schema import metadata, warnings
from sentinel.store.sql_walk import first_ids
from tests.samples import a_warning

DRAFT, SENT = WarningState.DRAFT, WarningState.SENT
ORDER = (warnings.c.created, warnings.c.id)


@pytest.fixture
def connection():
    engine = create_engine("sqlite://")
    with engine.connect() as opened:
        metadata.create_all(opened)
        rows = [a_warning(id=name, state=DRAFT if name in "ac" else SENT) for name in "abcd"]
        opened.execute(insert(warnings), [warning_row(row) for row in rows])
        yield opened
    engine.dispose()


@pytest.mark.parametrize(
    ("states", "limit", "expected"),
    [
        ([DRAFT, SENT], 9, ["d", "c", "b", "a"]),
        ([SENT, DRAFT], 3, ["d", "c", "b"]),
        ([DRAFT], 1, ["c"]),
        ([WarningState.CANCELLED], 9, []),
    ],
)
def test_walks_are_put_together_in_one_order(connection, states, limit, expected):
    """However the states are named."""
    found = connection.execute(first_ids(warnings, states, [], ORDER, limit)).scalars()
    assert expected == list(found)


def test_each_walk_is_narrowed(connection):
    """A condition holds in all of them."""
    conditions = [warnings.c.id < "c"]
    found = connection.execute(first_ids(warnings, [DRAFT, SENT], conditions, ORDER, 9)).scalars()
    assert list(found) == ["b", "a"]
