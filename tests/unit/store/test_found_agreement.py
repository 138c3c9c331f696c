"""Memory and database find the same alerts and keep the same for the desk: property by property.

The database is one that is emptied after each example: many examples are worth more than a file.
"""

from contextlib import contextmanager
from dataclasses import replace
from operator import methodcaller
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from sentinel.errors import NotFound
from sentinel.store import sql_alerts
from sentinel.store.memory_tables import MemoryTables
from sentinel.store.memory_writer import MemoryWriter
from sentinel.store.schema import metadata
from sentinel.store.sql_writer import SqlWriter
from tests.unit.store.drawn import (
    alert_queries,
    alerts,
    desk_steps,
    limits,
    queries_about,
    removals,
    skips,
)

ENGINE = create_engine("sqlite://")
metadata.create_all(ENGINE)
# Each of a cause of its own: none is refused.
many_alerts = st.lists(
    alerts.map(lambda alert: replace(alert, cause=alert.id)), min_size=1, max_size=8
)


@contextmanager
def both():
    """The memory and the database, empty."""
    with ENGINE.connect() as connection:
        yield MemoryWriter(MemoryTables()), SqlWriter(connection)
        connection.rollback()


def answer(state, *call, **named):
    """What a call gives, or what it is refused with."""
    try:
        return methodcaller(*call, **named)(state)
    except (NotFound, ValueError) as refused:
        return str(refused)


@settings(max_examples=150, deadline=None)
@given(
    many_alerts,
    st.sampled_from([0, 2, sql_alerts.FEW]),
    st.data(),
)
def test_they_find_the_same_alerts_whichever_way_the_database_goes(known, few, data):
    """Listed, counted and named; with keys that few have and keys that many have."""
    about = st.sampled_from(known).flatmap(queries_about)
    queries = data.draw(st.lists(about | alert_queries, min_size=2, max_size=6))
    with both() as states, patch.object(sql_alerts, "FEW", few):
        for state in states:
            for alert in known:
                state.put_alert(alert)
        for query in queries:
            for name in ("alerts", "count_alerts", "alert_ids"):
                expected, given_by_sql = (answer(state, name, query) for state in states)
                assert expected == given_by_sql


@settings(max_examples=100, deadline=None)
@given(st.lists(desk_steps, min_size=3, max_size=12), st.lists(removals, max_size=2), limits, skips)
def test_they_keep_the_same_for_the_desk(steps, removed, limit, after):
    """Suppressions, jobs, people, sessions and marks; what one refuses the other refuses."""
    with both() as states:
        expected, given_by_sql = (
            [
                *[answer(state, name, *arguments) for name, arguments in steps],
                *[answer(state, "remove_sessions", **removal) for removal in removed],
                *[answer(state, name) for name in ("suppressions", "hidden", "people")],
                *[answer(state, "source_marks"), answer(state, "jobs", limit)],
                *[answer(state, "jobs", limit, unfinished=True)],
                *[answer(state, "job_items", key, limit, after=after) for key in "abcd"],
                *[answer(state, name, key) for name in ("suppression", "job") for key in "abcd"],
                *[answer(state, name, key) for name in ("person", "session") for key in "abcd"],
            ]
            for state in states
        )
        assert expected == given_by_sql
