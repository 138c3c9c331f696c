"""A look at a state database changes nothing, in use or not."""

import multiprocessing
import os
import sqlite3
from contextlib import closing

import pytest

from sentinel.errors import SentinelError, StateDamaged, StateUnfinished
from sentinel.ports import Tables
from sentinel.store import sqlite_engine
from sentinel.store.sqlite_engine import JournalMode
from sentinel.store.state_look import look
from sentinel.store.state_sql import SqlState
from tests.samples import an_agency


@pytest.fixture(params=JournalMode)
def mode(request, monkeypatch):
    """As an old and as a repaired SQLite keeps its commits."""
    monkeypatch.setattr(sqlite_engine, "journal_mode", lambda version: request.param)
    return request.param


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state.db"


def _made(path) -> SqlState:
    state = SqlState(f"sqlite:///{path}")
    with state.transaction() as writer:
        writer.put_agencies([an_agency()])
    return state


def _folder(path):
    return {each.name: each.read_bytes() for each in path.parent.iterdir()}


def test_nothing_is_changed_where_nobody_has_it_open(path, mode):
    """No file is made beside it either."""
    _made(path).close()
    before = _folder(path)

    with look(path) as seen:
        found = (list(seen.reader.registry().agencies), seen.tables(), seen.damage(None))

    assert found == (["so-a"], Tables.CURRENT, ())
    assert before == _folder(path)


def test_what_another_has_written_and_still_holds_open_is_seen(path, mode):
    """In WAL mode it stands in the file beside the database."""
    with closing(_made(path)), look(path) as seen:
        assert list(seen.reader.registry().agencies) == ["so-a"]


def test_nothing_can_be_written(path):
    """Whatever is asked."""
    _made(path).close()

    with pytest.raises(SentinelError, match="readonly"), look(path) as seen:
        seen._connection.exec_driver_sql("DELETE FROM agencies")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", Tables.NEWER),
        ("DELETE FROM alembic_version", Tables.NONE),
        ("SELECT 1", Tables.CURRENT),
    ],
)
def test_how_the_tables_stand(path, statement, expected):
    """By the migration that the database has seen last."""
    _made(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(statement)

    with look(path) as seen:
        assert expected is seen.tables()


def test_damage_is_told(path):
    """A page of zeros in the middle."""
    _made(path).close()
    whole = bytearray(path.read_bytes())
    whole[4096 * 3 : 4096 * 5] = bytes(4096 * 2)
    path.write_bytes(whole)

    with look(path) as seen:
        assert seen.damage(None)


def test_a_check_that_takes_too_long_says_nothing(path):
    """It is stopped: without WAL, a look holds writers up."""
    _made(path).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE much(a PRIMARY KEY)")
        other.executemany("INSERT INTO much VALUES (?)", ((each,) for each in range(20_000)))
        other.commit()

    with look(path) as seen:
        assert seen.damage(-1) is None


def test_what_is_no_database_is_refused_with_its_name(path):
    """As every error of ours."""
    path.write_bytes(b"no database at all" * 500)

    with pytest.raises(StateDamaged, match=r"state\.db: file is not a database"), look(path):
        pass


def test_what_a_crash_left_half_written_is_not_put_right(path):
    """Rolling back is writing: whoever opens it next does it."""
    _made(path).close()
    child = multiprocessing.get_context("spawn").Process(target=die_in_the_middle, args=(path,))
    child.start()
    child.join()
    before = _folder(path)

    with pytest.raises(StateUnfinished, match=r"state\.db"), look(path):
        pass

    assert before == _folder(path)


def die_in_the_middle(path):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = truncate")
    connection.execute("PRAGMA cache_size = 5")  # pages spill to the file before the commit
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TABLE much(a)")
    connection.executemany("INSERT INTO much VALUES (?)", [("x" * 4000,)] * 500)
    os._exit(0)


def test_what_is_not_there_is_not_made(path):
    """Looking is not making."""
    with pytest.raises(SentinelError, match="unable to open"), look(path):
        pass

    assert not path.exists()
