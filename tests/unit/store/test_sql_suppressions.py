"""What is special to suppressions in SQL: a version is a row that is never touched again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, func, select

from sentinel.model.suppression import Scope, Suppression
from sentinel.store.schema import hidden, metadata, suppressions
from sentinel.store.sql_suppressions import SuppressionWriter
from tests.samples import NOON

FIRST = Suppression(
    id="s",
    version=1,
    scope=Scope(rule="r", agency="so-a", subject={"source.ip": "203.0.113.45"}),
    title="SSH password guessing",
    reason="our own scanner",
    by="lan",
    at=NOON,
    begun=NOON,
    expires=NOON + timedelta(hours=8),
)


@pytest.fixture
def writer():
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        writer = SuppressionWriter()
        writer._connection = connection
        yield writer
    engine.dispose()


def test_every_version_stays_as_it_was_written(writer):
    """So that an auditor sees who changed what."""
    lifted = replace(FIRST, version=2, by="minh", lifted=True)
    writer.put_suppression(FIRST)
    writer.put_suppression(lifted)
    rows = writer._connection.execute(select(suppressions.c.id, suppressions.c.version)).all()
    assert [tuple(row) for row in rows] == [("s", 1), ("s", 2)]
    assert ([FIRST, lifted], [lifted]) == (writer.suppression("s"), writer.suppressions())


@pytest.mark.parametrize("version", [0, 1, 3])
def test_a_version_that_does_not_follow_is_refused_with_both_numbers(writer, version):
    """Two people changed it at once: the second one looks again."""
    writer.put_suppression(FIRST)
    with pytest.raises(ValueError, match=f"version {version} cannot follow version 1"):
        writer.put_suppression(replace(FIRST, version=version))


def test_what_is_hidden_is_one_row_a_suppression(writer):
    """It is written with every batch that it hides something of."""
    for _ in range(3):
        writer.add_hidden("s", 2, NOON)
    rows = writer._connection.execute(select(func.count(), func.sum(hidden.c.detections))).one()
    assert tuple(rows) == (1, 6)
