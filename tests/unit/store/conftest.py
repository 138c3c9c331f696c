"""Every state there is, for the behaviour suites that run over all of them."""

import pytest

from sentinel.store import sqlite_engine
from sentinel.store.sqlite_engine import JournalMode
from sentinel.store.state_memory import MemoryState
from sentinel.store.state_sql import SqlState


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/state.db"


@pytest.fixture(params=["memory", *JournalMode])
def state(request, url, monkeypatch):
    """In memory, and in SQLite as it is opened with an old and with a repaired version of it."""
    if request.param != "memory":
        monkeypatch.setattr(sqlite_engine, "journal_mode", lambda version: request.param)
    opened = MemoryState() if request.param == "memory" else SqlState(url)
    yield opened
    opened.close()
