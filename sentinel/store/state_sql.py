"""The state in an SQL database: who may write, what is undone, and what a failure says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy.exc import DBAPIError

from sentinel.errors import SentinelError
from sentinel.store.sql_reader import SqlReader
from sentinel.store.sql_writer import SqlWriter
from sentinel.store.sqlite_engine import database_file, for_writing, open_engine
from sentinel.store.upgrade import upgrade

_PRIMARY = 0xFF  # SQLite's extended result codes keep the primary one in the low byte
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class SqlState:
    """`ports.State` in a SQLite file (PostgreSQL has no engine of its own here yet).

    Any number of threads and processes may use it. Keep both kinds of block short: without WAL a
    commit waits for readers that are under way, and readers wait for a commit. A block must not
    open another one: it would wait for itself.
    """

    def __init__(self, url: str, *, patience: float = 30.0) -> None:
        """Open the database, made or brought up to date first.

        `url` is `sqlite:///PATH`; `patience` is how long (s) to wait for another writer.

        Raises:
            SentinelError: it cannot be opened, or a newer Sentinel wrote it; the text says more.
        """
        self._place = database_file(url)
        self._patience = patience
        # Threads of this process queue here; SQLite's own waiting is polling, up to 0.1 s a turn.
        self._turn = Lock()
        try:
            with self._failures():
                upgrade(url, patience=patience)
        except UnicodeDecodeError as error:
            raise self._damaged("names in it are not UTF-8") from error
        self._engine = open_engine(url, patience=patience)
        self._writing = for_writing(self._engine)

    @contextmanager
    def transaction(self) -> Iterator[SqlWriter]:
        """See `ports.State.transaction`.

        Raises:
            SentinelError: another writer went on for too long, or the disk failed. Nothing was
                written.
        """
        if not self._turn.acquire(timeout=self._patience):
            raise SentinelError(
                f"{self._place}: another thread has been writing for {self._patience:g} s;"
                " nothing was written, try again"
            )
        try:
            with self._failures(), self._writing.begin() as connection:
                yield SqlWriter(connection)
        finally:
            self._turn.release()

    @contextmanager
    def reading(self) -> Iterator[SqlReader]:
        """See `ports.State.reading`.

        Raises:
            SentinelError: the database cannot be read; the text says why.
        """
        with self._failures(), self._engine.begin() as connection:
            yield SqlReader(connection)

    def close(self) -> None:
        """See `ports.State.close`."""
        self._engine.dispose()

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) & _PRIMARY in _DAMAGED:
                raise self._damaged(str(error.orig)) from error
            raise SentinelError(
                f"{self._place}: {error.orig}. Nothing was written by this step; see that the disk"
                " has room and can be written, and that no other program holds the file"
            ) from error

    def _damaged(self, found: str) -> SentinelError:
        return SentinelError(
            f"{self._place} is damaged: {found}. Stop the service and put a backup in its place;"
            " without one, move the file away and keep it: a new one begins, numbers start again,"
            " and what the journal still holds is gone through once more"
        )
