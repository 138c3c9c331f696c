"""How SQLite is opened so that a commit is on disk, and several processes may write.

Python's sqlite3 module begins transactions by itself, at the first write and never for reads;
here SQLAlchemy says BEGIN, for both. (SQLAlchemy 2.1, "SQLite", "Transactions with SQLite".)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from enum import StrEnum
from weakref import WeakSet

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from sentinel.errors import SentinelError

_BEGIN = "sentinel_begin"
_CURSORS = "sentinel_cursors"


class JournalMode(StrEnum):
    """How SQLite keeps a commit whole."""

    WAL = "wal"
    TRUNCATE = "truncate"  # the rollback journal, emptied after each commit


def journal_mode(version: tuple[int, int, int]) -> JournalMode:
    """Choose WAL only where this version of SQLite cannot lose a commit by it.

    The WAL-reset bug (sqlite.org/wal.html, "The WAL-Reset Bug") is in 3.7.0-3.51.2, apart from
    the repaired 3.50.7 and 3.44.6 and what follows them in their rows.
    """
    repaired = (
        version >= (3, 51, 3)
        or (3, 50, 7) <= version < (3, 51, 0)
        or (3, 44, 6) <= version < (3, 45, 0)
    )
    return JournalMode.WAL if repaired else JournalMode.TRUNCATE


def open_engine(url: str, *, patience: float) -> Engine:
    """Open the database for many threads; `patience` is how long (s) to wait for another writer.

    Raises:
        SentinelError: the URL is not one of a SQLite file.
    """
    database = database_file(url)
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=database),
        # As many connections as threads ask for: who waits, waits for the database alone.
        max_overflow=-1,
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        with ExitStack() as unless_ready:
            unless_ready.callback(connection.close)
            connection.isolation_level = None
            for pragma, value in _pragmas(patience):
                _set(connection, database, pragma, value)
            unless_ready.pop_all()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        how = connection.get_execution_options().get(_BEGIN, "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {how}")

    @event.listens_for(engine, "before_cursor_execute")
    def _asked(connection: Connection, cursor: DBAPICursor, *_rest: object) -> None:
        connection.info.setdefault(_CURSORS, WeakSet()).add(cursor)

    @event.listens_for(engine, "rollback")
    def _broken_off(connection: Connection) -> None:
        # Rows that nobody has read to their end keep the file locked, as long as the error that
        # broke it off lives: no writer would come in.
        for cursor in list(connection.info.get(_CURSORS, ())):
            cursor.close()

    return engine


def _pragmas(patience: float) -> Iterator[tuple[str, str]]:
    yield "busy_timeout", str(round(patience * 1000))
    yield "journal_mode", journal_mode(sqlite3.sqlite_version_info)
    yield "synchronous", "2"  # FULL
    yield "foreign_keys", "1"
    # With a rollback journal, pages that spill before the commit would shut the readers out.
    yield "cache_spill", "0"


def _set(connection: DBAPIConnection, database: str, pragma: str, value: str) -> None:
    """Set one pragma and read it back: SQLite passes over what it cannot or will not do."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA {pragma} = {value}")
    cursor.execute(f"PRAGMA {pragma}")
    row = cursor.fetchone()
    cursor.close()
    found = row[0] if row else "unknown"
    if str(found) != value:
        raise SentinelError(
            f"{database}: SQLite keeps {pragma} = {found} where {value} is needed; stop the other"
            " programs that have this file open, then start again"
        )


def for_writing(engine: Engine) -> Engine:
    """Return the same engine, with transactions that are the one writer from their first moment."""
    return engine.execution_options(**{_BEGIN: "IMMEDIATE"})


def database_file(url: str) -> str:
    """Return the path in a URL such as `sqlite:////var/lib/sentinel/state.db`.

    Raises:
        SentinelError: it is no URL, another kind of database, or one in memory.
    """
    allowed = "allowed: sqlite:///PATH (with an absolute path that makes four slashes)"
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SentinelError(f"state database: not a URL; found {url!r}; {allowed}") from None
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        shown = parsed.render_as_string(hide_password=True)
        raise SentinelError(f"state database: found {shown}; {allowed}")
    return str(parsed.database)
