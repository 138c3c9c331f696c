"""How a row is put where it may be there already, and what a refusal of the tables says.

Written as an update, then an insert where nothing was there: every database understands that, and
nobody can come between the two, for there is one writer at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Connection, Insert, Table, Update, bindparam, insert, update
from sqlalchemy.exc import IntegrityError

from sentinel.store.rows import Row


def put(connection: Connection, table: Table, row: Row, *key: str) -> None:
    """Write the row over the one of the same key, or add it."""
    if not replaced(connection, table, row, *key):
        connection.execute(addition(table), row)


def replaced(connection: Connection, table: Table, row: Row, *key: str) -> bool:
    """Write the row over the one of the same key; False where there is none."""
    wanted = {f"this_{name}": row[name] for name in key}
    return connection.execute(replacement(table, key), {**row, **wanted}).rowcount > 0


@cache  # building it costs more than running it
def replacement(table: Table, key: tuple[str, ...]) -> Update:
    """An update of the row whose key is given as parameters `this_NAME`."""
    return update(table).where(*(table.c[name] == bindparam(f"this_{name}") for name in key))


@cache
def addition(table: Table) -> Insert:
    """The insertion of a row, built once too."""
    return insert(table)


@contextmanager
def refusal(what: str) -> Iterator[None]:
    """Turn a broken promise of the tables into the ValueError that the memory raises too."""
    try:
        yield
    except IntegrityError as error:
        raise ValueError(f"{what}: the state refuses it: {error.orig}") from error
