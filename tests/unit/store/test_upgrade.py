"""A database is brought to the tables this program knows; one that knows more is refused."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from sentinel.errors import SentinelError
from sentinel.store.schema import metadata
from sentinel.store.sqlite_engine import database_file, open_engine
from sentinel.store.upgrade import revision, upgrade

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


def test_a_folder_with_any_name_will_do(tmp_path):
    """Blanks, per cent signs and Vietnamese."""
    folder = tmp_path / "dữ liệu 100% #1"
    folder.mkdir()
    upgrade(f"sqlite:///{folder}/state.db")
    assert (folder / "state.db").stat().st_size > 0
