"""SQLite is opened so that a commit is on disk, and says so where it cannot be."""

import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from sentinel.errors import SentinelError
from sentinel.store.sqlite_engine import (
    JournalMode,
    database_file,
    for_writing,
    journal_mode,
    open_engine,
)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ((3, 40, 1), JournalMode.TRUNCATE),
        ((3, 44, 5), JournalMode.TRUNCATE),
        ((3, 44, 6), JournalMode.WAL),
        ((3, 45, 0), JournalMode.TRUNCATE),
        ((3, 50, 6), JournalMode.TRUNCATE),
        ((3, 50, 7), JournalMode.WAL),
        ((3, 51, 0), JournalMode.TRUNCATE),
        ((3, 51, 2), JournalMode.TRUNCATE),
        ((3, 51, 3), JournalMode.WAL),
        ((3, 52, 0), JournalMode.WAL),
        ((4, 0, 0), JournalMode.WAL),
    ],
)
def test_wal_is_chosen_where_its_reset_bug_is_repaired(version, expected):
    """Everywhere else the rollback journal keeps a commit whole."""
    assert expected == journal_mode(version)


def test_every_connection_is_set_up_the_same(url):
    """Also the second one, which another thread would get."""
    engine = open_engine(url, patience=2.5)
    pragmas = ("busy_timeout", "journal_mode", "synchronous", "foreign_keys", "cache_spill")
    with engine.connect() as first, engine.connect() as second:
        found = [
            [connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in pragmas]
            for connection in (first, second)
        ]
    engine.dispose()
    expected = [2500, journal_mode(sqlite3.sqlite_version_info), 2, 1, 0]
    assert [expected, expected] == found


def test_a_pragma_that_does_not_hold_is_an_error_with_a_way_out(url, monkeypatch):
    """SQLite passes over what it does not know; the reading back finds it."""
    monkeypatch.setattr("sentinel.store.sqlite_engine.journal_mode", lambda version: "delte")
    engine = open_engine(url, patience=1)
    with pytest.raises(SentinelError, match=r"journal_mode = .* where delte is needed; stop the"):
        engine.connect()


def test_a_file_that_others_use_in_another_mode_is_refused(url, monkeypatch):
    """A mode cannot be changed under somebody's feet."""
    other = sqlite3.connect(database_file(url))
    other.execute("PRAGMA journal_mode = wal")
    other.execute("CREATE TABLE t (x)")
    monkeypatch.setattr("sentinel.store.sqlite_engine.journal_mode", lambda version: "truncate")
    engine = open_engine(url, patience=0)
    with pytest.raises(OperationalError, match="database is locked"):
        engine.connect()
    other.close()


def test_a_writer_is_the_only_one_from_its_first_moment(url):
    """Not only from its first write: two that had read first could not both go on."""
    writing = for_writing(open_engine(url, patience=0))
    with (
        writing.begin(),
        pytest.raises(OperationalError, match="database is locked"),
        writing.begin(),
    ):
        pass
    writing.dispose()


def test_tables_are_made_in_a_transaction_too(url):
    """Python's sqlite3 would have committed before them."""
    engine = open_engine(url, patience=0)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
        connection.rollback()
        found = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
    engine.dispose()
    assert found == 0


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("sqlite:////var/lib/sentinel/state.db", "/var/lib/sentinel/state.db"),
        ("sqlite:///state.db", "state.db"),
        ("sqlite+pysqlite:///a b/50%/#state.db", "a b/50%/#state.db"),
    ],
)
def test_the_file_is_what_the_url_names(given, expected):
    """As it stands there: a blank, a per cent sign and a hash are nothing special."""
    assert expected == database_file(given)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("state.db", "'state.db'"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "memory"),
        ("postgresql://sentinel:secret@db.example/state", r"sentinel:\*\*\*@db.example"),
    ],
)
def test_what_is_no_sqlite_file_is_refused(url, found):
    """With what was found (never a password) and what is allowed."""
    with pytest.raises(SentinelError, match=f"found .*{found}.*; allowed: sqlite:///PATH"):
        database_file(url)


def test_a_look_that_broke_off_leaves_the_file_to_writers(url):
    """Rows that nobody read to their end would lock it as long as somebody keeps the error."""
    engine = open_engine(url, patience=0.1)
    with for_writing(engine).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (n INTEGER)")
        connection.exec_driver_sql("INSERT INTO t VALUES (1), (2), (3)")
    kept = []

    def look():
        with engine.begin() as connection:
            rows = connection.exec_driver_sql("SELECT n FROM t")
            return [kept.append(rows) or row.n / 0 for row in rows]

    with pytest.raises(ZeroDivisionError):
        look()
    other = sqlite3.connect(database_file(url), timeout=0.1)
    other.execute("DELETE FROM t")
    other.commit()
    other.close()

    assert len(kept) == 1
    engine.dispose()
