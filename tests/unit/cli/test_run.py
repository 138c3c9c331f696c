"""`sentinel run`."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from sentinel import service
from sentinel.cli.run import attack, hello
from sentinel.cli.screen import Screen
from sentinel.errors import AlreadyRunning
from sentinel.model.text import Language
from sentinel.ports import InputStatus

ENGLISH = Screen(Language.EN)


@dataclass
class Running:
    """A service as far as the greeting looks at it."""

    settings: object
    inputs: list
    first_token: str | None = None
    first_admin: tuple[str, str] | None = None

    @property
    def runner(self):
        return SimpleNamespace(status=lambda: self.inputs)

    @property
    def listeners(self):
        return [SimpleNamespace(name="soc", url="https://127.0.0.1:8443")]


def an_input(**changes) -> InputStatus:
    return InputStatus(name="syslog", collector="syslog", state="running", **changes)


@pytest.mark.parametrize("code", [0, 1])
def test_it_ends_as_the_service_ends(run, desk, settings, monkeypatch, code):
    """The service gets the settings and gives the exit code."""
    asked = []
    monkeypatch.setattr(service, "run", lambda given, greet: asked.append(given) or code)

    assert code == run("run").code
    assert [settings] == asked


def test_a_service_that_cannot_start_says_why(run, desk, monkeypatch):
    """In a sentence."""

    def refused(settings, greet):
        raise AlreadyRunning("process 7 has this data folder")

    monkeypatch.setattr(service, "run", refused)

    done = run("run")

    assert (done.code, done.err) == (1, "process 7 has this data folder\n")


def test_the_greeting(run, desk, settings, monkeypatch):
    """Where it listens, where its data are, who may log in, and how to see an alert."""
    inputs = [an_input(listening="tcp [::1]:514, udp 127.0.0.1:5514")]
    running = Running(settings, inputs, "secret", ("admin", "first-word"))
    monkeypatch.setattr(service, "run", lambda given, greet: greet(running) or 0)

    shown = run("run").out

    assert "Input syslog: tcp [::1]:514, udp 127.0.0.1:5514" in shown
    assert "Listener soc: https://127.0.0.1:8443" in shown
    assert "as admin, password (shown only this once): first-word" in shown
    assert f"Data: {settings.data}" in shown
    assert "API token (shown only this once): secret" in shown
    assert f"warnings are written to {settings.data / 'mail'} and reach nobody" in shown
    assert "/dev/udp/127.0.0.1/5514" in shown


def test_an_input_that_cannot_listen_says_why(capsys, settings):
    """Beside the ones that can; without UDP there is nothing to try."""
    hello(Running(settings, [an_input(last_error="port 5514 is taken")]), ENGLISH)

    shown = capsys.readouterr().out
    assert "Input syslog: port 5514 is taken" in shown
    assert "token" not in shown
    assert "/dev/udp" not in shown


def test_the_command_can_be_copied_from_a_narrow_terminal(capsys, settings, monkeypatch):
    """A line end inside it would be a syntax error in the reader's shell."""
    monkeypatch.setenv("COLUMNS", "60")

    hello(Running(settings, [an_input(listening="udp 127.0.0.1:5514")]), ENGLISH)

    assert attack("127.0.0.1:5514") in capsys.readouterr().out.splitlines()


def test_the_command_to_try_is_one_line_of_a_shell():
    """Addresses of IPv6 stand without brackets there."""
    line = attack("[::1]:5514")

    assert "\n" not in line
    assert line.endswith("> /dev/udp/::1/5514; done")
    assert "Failed password for invalid user admin from 203.0.113.45" in line
