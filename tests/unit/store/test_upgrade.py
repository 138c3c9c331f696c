"""A database is brought to the tables this program knows; one that knows more is refused."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import column, create_engine, select, table
from sqlalchemy.exc import OperationalError

from sentinel.errors import SentinelError
from sentinel.model.alert import AlertEntry, AlertState, Disposition
from sentinel.model.entity import Entity, EntityKind
from sentinel.model.suppression import Scope
from sentinel.ports import AlertQuery
from sentinel.store.codec import text_of
from sentinel.store.schema import Moment, metadata
from sentinel.store.sqlite_engine import database_file, for_writing, open_engine
from sentinel.store.state_sql import SqlState
from sentinel.store.upgrade import revision, upgrade
from tests.samples import NOON, a_card, an_alert

ENTRY = ("at", "who", "action", "reason")

# What a table is made of, in SQLite's own words: name, then (type, null, default, key) by column.
COLUMNS = "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('{}')"
OBJECTS = (
    "SELECT type, name, tbl_name FROM sqlite_master"
    " WHERE tbl_name != 'alembic_version' ORDER BY type, name"
)
INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"


def described(engine):
    """Columns, objects, indexes with their conditions, foreign keys."""
    with engine.connect() as connection:

        def rows(sql):
            return [tuple(row) for row in connection.exec_driver_sql(sql)]

        return (
            rows(OBJECTS),
            {name: rows(COLUMNS.format(name)) for name in metadata.tables},
            {name: rows(f"PRAGMA foreign_key_list({name})") for name in metadata.tables},
            dict(rows(INDEXES)),
        )


@pytest.fixture
def engine(url):
    upgrade(url)
    opened = open_engine(url, patience=1)
    yield opened
    opened.dispose()


def test_the_steps_lead_to_exactly_the_tables_of_the_schema(engine):
    """alembic finds no difference, and neither does SQLite, down to the partial indexes."""
    fresh = create_engine("sqlite://")
    metadata.create_all(fresh)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        differences = compare_metadata(context, metadata)
    expected = described(fresh)
    fresh.dispose()
    assert ([], expected) == (differences, described(engine))


def test_a_second_time_changes_nothing(engine, url):
    """It is there already."""
    with engine.connect() as connection:
        before = connection.exec_driver_sql("PRAGMA schema_version").scalar()
    upgrade(url)
    with engine.connect() as connection:
        after = connection.exec_driver_sql("PRAGMA schema_version").scalar()
        assert (before, "0002") == (after, revision(connection))


def test_a_newer_database_is_refused_and_left_as_it_is(engine, url):
    """The message says what to do."""
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SentinelError, match=r"newer Sentinel .*9999.* Install the newer"):
        upgrade(url)
    with engine.connect() as connection:
        assert revision(connection) == "9999"


def test_a_step_that_fails_leaves_nothing_half_done(url):
    """Here a table of somebody else is in the way: all other tables are taken back."""
    other = sqlite3.connect(database_file(url))
    other.execute("CREATE TABLE deliveries (x)")
    other.commit()
    with pytest.raises(OperationalError, match="table deliveries already exists"):
        upgrade(url)
    found = other.execute("SELECT name FROM sqlite_master").fetchall()
    other.close()
    assert found == [("deliveries",)]


def test_several_may_open_a_new_database_at_once(url):
    """One makes the tables, the others find them made."""
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(upgrade, url) for _ in range(4)]:
            done.result(timeout=60)
    engine = open_engine(url, patience=1)
    with engine.connect() as connection:
        assert revision(connection) == "0002"
    engine.dispose()


def alerts_of_all_kinds():
    """Assigned, closed, nobody's, with and without history."""
    opened = AlertEntry(at=NOON, who="", action="opened")
    said = Disposition.TRUE_POSITIVE
    closed = AlertEntry(
        at=NOON, who="lan", action="closed", reason="tấn công thật", disposition=said
    )
    return [
        an_alert(history=(opened,)),
        an_alert(
            id="closed",
            state=AlertState.CLOSED,
            assignee="lan",
            disposition=Disposition.TRUE_POSITIVE,
            subject={"user.name": "Đỗ", "source.ip": "2001:DB8::1"},
            history=(opened, closed),
        ),
        an_alert(id="nobody", agency=None, asset=None, card=a_card(advice=None), evidence=()),
    ]


def a_database_of_0001(url):
    """As the first Sentinel left it, with alerts."""
    config = Config()
    config.set_main_option("script_location", "sentinel.store:migrations")
    engine = for_writing(open_engine(url, patience=1))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    columns = ("id", "agency", "cause", "state", "opened", "last_seen")
    names = (*columns, "score", "rest")
    old = table("alerts", *map(column, names))
    for moment in ("opened", "last_seen"):
        old.c[moment].type = Moment()
    entries = table("alert_entries", *map(column, ("alert", "position", *ENTRY)))
    entries.c.at.type = Moment()
    with engine.begin() as connection:
        for alert in alerts_of_all_kinds():
            row = {name: getattr(alert, name) for name in columns}
            row |= {"agency": alert.agency or "", "score": alert.score.points}
            connection.execute(
                old.insert(), {**row, "rest": text_of(alert, without={*columns, "history"})}
            )
            for position, entry in enumerate(alert.history):
                said = {name: getattr(entry, name) for name in ENTRY}
                connection.execute(
                    entries.insert(), {"alert": alert.id, "position": position, **said}
                )
    engine.dispose()


def contents(url):
    """Every row of every table, in the order of its key."""
    engine = open_engine(url, patience=1)
    with engine.connect() as connection:
        found = {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return found


def test_alerts_that_are_there_are_found_like_those_that_come(url, tmp_path):
    """A database of the first Sentinel becomes the one that the same alerts make today."""
    fresh = f"sqlite:///{tmp_path}/fresh.db"
    state = SqlState(fresh)
    with state.transaction() as change:
        for alert in alerts_of_all_kinds():
            change.put_alert(alert)
    state.close()
    a_database_of_0001(url)

    upgrade(url)

    assert contents(fresh) == contents(url)


def test_an_upgraded_database_answers_and_takes_more(url):
    """Its alerts are found by words and by what they name, and may go on."""
    a_database_of_0001(url)
    state = SqlState(url)
    first, closed, nobody = alerts_of_all_kinds()
    with state.transaction() as change:
        change.put_alert(replace(first, assignee="minh"))
        found = [
            [alert.id for alert in change.alerts(query)]
            for query in (
                AlertQuery(words=("đỗ", "closed")),
                AlertQuery(entity=Entity(EntityKind.ADDRESS, "2001:db8::1")),
                AlertQuery(assignee="minh"),
                AlertQuery(dispositions=frozenset({Disposition.TRUE_POSITIVE})),
                AlertQuery(scope=Scope(rule=nobody.card.id)),
            )
        ]
        history = change.alert(closed.id).history
    state.close()
    assert found == [["closed"], ["closed"], [first.id], ["closed"], ["nobody"]]
    assert closed.history == history


def test_what_an_upgrade_sets_aside_is_gone_afterwards(url):
    """Nothing of it stays but the alerts."""
    a_database_of_0001(url)
    upgrade(url)
    engine = open_engine(url, patience=1)
    with engine.connect() as connection:
        names = [row[2] for row in connection.exec_driver_sql(OBJECTS)]
        wrong = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    engine.dispose()
    assert [name for name in names if name.startswith("old_")] == []
    assert wrong == []


def test_a_folder_with_any_name_will_do(tmp_path):
    """Blanks, per cent signs and Vietnamese."""
    folder = tmp_path / "dữ liệu 100% #1"
    folder.mkdir()
    upgrade(f"sqlite:///{folder}/state.db")
    assert (folder / "state.db").stat().st_size > 0
