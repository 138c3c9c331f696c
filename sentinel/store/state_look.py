"""A look at a state database that changes nothing: for the doctor, whoever else has it open.

SQLite makes files beside a database in WAL mode even for a reader. Where none stand there, nobody
has the database open, and it is read as a file that cannot change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from sentinel.errors import SentinelError, StateDamaged, StateUnfinished
from sentinel.ports import Tables
from sentinel.store.sql_reader import SqlReader
from sentinel.store.upgrade import revision

_BUSY_SECONDS = 5.0
_STEPS = 10_000  # of SQLite's machine between two looks at the clock
_MOST_FAULTS = 10
_PRIMARY = 0xFF  # SQLite's extended result codes keep the primary one in the low byte
_MEANS = {
    sqlite3.SQLITE_CORRUPT: StateDamaged,
    sqlite3.SQLITE_NOTADB: StateDamaged,
    sqlite3.SQLITE_READONLY: StateUnfinished,  # it would have to be rolled back first
}


class SqlLook:
    """Implements `ports.StateLook`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def reader(self) -> SqlReader:
        """See `ports.StateLook.reader`."""
        return SqlReader(self._connection)

    def tables(self) -> Tables:
        """See `ports.StateLook.tables`."""
        config = Config()
        config.set_main_option("script_location", "sentinel.store:migrations")
        scripts = ScriptDirectory.from_config(config)
        found = revision(self._connection)
        if found is None:
            return Tables.NONE
        if found == scripts.get_current_head():
            return Tables.CURRENT
        known = {script.revision for script in scripts.walk_revisions()}
        return Tables.BEHIND if found in known else Tables.NEWER

    def damage(self, seconds: float | None) -> tuple[str, ...] | None:
        """See `ports.StateLook.damage`."""
        end = None if seconds is None else monotonic() + seconds
        raw = self._connection.connection.driver_connection
        if not isinstance(raw, sqlite3.Connection):
            raise TypeError("the state database is read by Python's sqlite3")
        raw.set_progress_handler(lambda: end is not None and monotonic() > end, _STEPS)
        try:
            rows = raw.execute(f"PRAGMA quick_check({_MOST_FAULTS})").fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                return None
            raise
        except sqlite3.DatabaseError as error:
            return (str(error),)
        finally:
            raw.set_progress_handler(None, 0)
        found = tuple(str(row[0]) for row in rows)
        return () if found == ("ok",) else found


@contextmanager
def look(path: Path) -> Iterator[SqlLook]:
    """Look at the database in this file; what is read in the block is of one moment.

    Raises:
        StateDamaged: it is no database, or not a whole one.
        StateUnfinished: a crash left it in the middle of a transaction.
        SentinelError: it cannot be opened or read for another reason; the text says why.
    """
    engine = create_engine("sqlite+pysqlite://", creator=lambda: _open(path), poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")  # the moment
            yield SqlLook(connection)
    except DBAPIError as error:
        raise _in_our_words(path, error.orig) from error
    except sqlite3.Error as error:
        raise _in_our_words(path, error) from error
    finally:
        engine.dispose()


def _in_our_words(path: Path, error: BaseException | None) -> SentinelError:
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    return _MEANS.get(code, SentinelError)(f"{path}: {error}")


def _open(path: Path) -> sqlite3.Connection:
    in_use = any(Path(f"{path}{ending}").exists() for ending in ("-wal", "-journal"))
    uri = f"{path.resolve().as_uri()}?{'mode=ro' if in_use else 'mode=ro&immutable=1'}"
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
