"""Brings a state database to the tables this program knows, and refuses one that knows more."""

from __future__ import annotations

from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from sentinel.errors import SentinelError
from sentinel.store.sqlite_engine import database_file, for_writing, open_engine

_ONE_AT_A_TIME = Lock()  # alembic hands its context to env.py through module globals


def upgrade(url: str, *, patience: float = 30.0) -> None:
    """Make the tables, or bring older ones up to date, in one transaction.

    Several processes may try at once: one does it, the others wait and find it done.

    Raises:
        SentinelError: a newer Sentinel wrote the database.
        DatabaseError: (SQLAlchemy) the file cannot be opened, or is no database.
    """
    config = Config()
    config.set_main_option("script_location", "sentinel.store:migrations")
    scripts = ScriptDirectory.from_config(config)
    engine = open_engine(url, patience=patience)
    try:
        with engine.connect() as connection:
            if revision(connection) == scripts.get_current_head():
                return
        with _ONE_AT_A_TIME, for_writing(engine).begin() as connection:
            _refuse_newer(database_file(url), revision(connection), scripts)
            # A step may write every row anew: more than should wait in memory for the commit.
            connection.exec_driver_sql("PRAGMA cache_spill = 1")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def revision(connection: Connection) -> str | None:
    """Return which migration the database has seen last; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(database: str, found: str | None, scripts: ScriptDirectory) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise SentinelError(
            f"{database}: written by a newer Sentinel (tables {found}); this one knows them up to"
            f" {scripts.get_current_head()}. Install the newer Sentinel again, or restore a backup"
            " from before its upgrade"
        )
