"""`sentinel token new`."""

import pytest

from sentinel import wiring


@pytest.fixture(autouse=True)
def _tokens(desk, monkeypatch):
    monkeypatch.setattr(wiring, "new_token", lambda settings, name: f"token-of-{name}")


def test_the_token_alone_is_the_answer(run):
    """`TOKEN=$(sentinel token new script)` works; the explanation is beside it."""
    done = run("token", "new", "script")

    assert (done.code, done.out) == (0, "token-of-script\n")
    assert "shown once" in done.err


def test_for_machines(run):
    """Name and token."""
    assert run("token", "new", "script", "--json").json == {
        "name": "script",
        "token": "token-of-script",
    }
