"""Desks over every state there is."""

import pytest

from sentinel.store.state_memory import MemoryState
from sentinel.store.state_sql import SqlState
from tests.unit.desk.rooms import Room


@pytest.fixture(params=["memory", "sqlite"])
def state(request, tmp_path):
    opened = MemoryState() if request.param == "memory" else SqlState(f"sqlite:///{tmp_path}/s.db")
    yield opened
    opened.close()


@pytest.fixture
def room(state):
    return Room(state)


@pytest.fixture
def desk(room):
    return room.desk
