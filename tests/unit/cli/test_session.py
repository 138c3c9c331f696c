"""What every command begins with."""

import pytest

from sentinel import wiring
from sentinel.cli import session
from sentinel.errors import SentinelError


def test_a_name_that_is_given_is_the_name():
    """`--as` is believed: the history says who did it."""
    assert session.person("An") == "An"


def test_without_a_name_it_is_the_user_s(monkeypatch):
    """Of the operating system."""
    monkeypatch.setattr(session.getpass, "getuser", lambda: "binh")

    assert session.person(None) == "binh"


def test_a_user_without_a_name_has_to_say_one(monkeypatch):
    """In a container a user may be a number only."""

    def nobody() -> str:
        raise OSError("No username set in the environment")

    monkeypatch.setattr(session.getpass, "getuser", nobody)

    with pytest.raises(SentinelError, match="--as NAME"):
        session.person(None)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["alerts", "list"], None),
        (["--config", "one.yml", "alerts", "list"], "one.yml"),
        (["alerts", "list", "--config", "two.yml"], "two.yml"),
        (["--config", "one.yml", "alerts", "list", "--config", "two.yml"], "two.yml"),
    ],
)
def test_the_settings_file_may_stand_before_or_after_the_command(
    *, run, desk, settings, monkeypatch, arguments, expected
):
    """The one nearer to the command counts."""
    asked = []
    monkeypatch.setattr(wiring, "load", lambda config: asked.append(config) or settings)

    assert run(*arguments).code == 0
    assert [expected] == [config and str(config) for config in asked]
