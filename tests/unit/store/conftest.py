"""Every state there is, for the behaviour suites that run over all of them."""

import pytest

from sentinel.store.state_memory import MemoryState
from sentinel.store.state_sql import SqlState


@pytest.fixture(params=["memory", "sqlite"])
def state(request, tmp_path):
    opened = (
        MemoryState() if request.param == "memory" else SqlState(f"sqlite:///{tmp_path}/state.db")
    )
    yield opened
    opened.close()
