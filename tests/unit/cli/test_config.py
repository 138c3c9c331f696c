"""`sentinel config check`."""

import pytest

from sentinel import wiring
from sentinel.errors import Fault, RegistryError, SettingsError
from sentinel.settings import InputSettings, MailSettings
from tests.samples import an_agency


@pytest.fixture
def files(desk, monkeypatch):
    """Policy and registry file can be read."""
    monkeypatch.setattr(wiring, "policy", lambda settings: None)
    monkeypatch.setattr(wiring, "first_agencies", lambda settings: (an_agency(),))


def test_settings_that_can_be_used(run, files, settings, monkeypatch):
    """Exit 0, what counts, and nothing on standard error."""
    whole = settings.model_copy(
        update={
            "inputs": (InputSettings(name="syslog-udp", collector="syslog"),),
            "mail": MailSettings(server="mail.example"),
        }
    )
    monkeypatch.setattr(wiring, "load", lambda config: whole)

    done = run("config", "check")

    assert (done.code, done.err) == (0, "")
    assert "The settings can be used." in done.out
    assert "Input: syslog-udp (syslog)" in done.out
    assert "Links in letters begin with: https://127.0.0.1:8444" in done.out
    assert "Note:" not in done.out


def test_what_is_allowed_and_may_not_be_meant_is_noted(run, files, settings):
    """No mail server, no input, a source of an input that is not there."""
    done = run("config", "check")

    assert done.code == 0
    assert "Note: there is no input" in done.out
    assert f"written to {settings.data}/mail and reach nobody" in done.out
    assert "Note: source so-a-syslog names the input syslog-udp" in done.out
    assert len(run("config", "check", "--json").json["notes"]) == 3


def test_faults_of_all_files_come_together(run, files, monkeypatch):
    """One run of the command, one list."""

    def no_policy(settings):
        raise SettingsError([Fault("policy.yml:1", "no")])

    def no_agencies(settings):
        raise RegistryError([Fault("agencies.yml:2", "no")])

    monkeypatch.setattr(wiring, "policy", no_policy)
    monkeypatch.setattr(wiring, "first_agencies", no_agencies)

    done = run("config", "check")

    assert (done.code, done.out, done.err) == (1, "", "policy.yml:1: no\nagencies.yml:2: no\n")


def test_the_shipped_settings_can_be_used(run, tmp_path, monkeypatch):
    """As they stand, from any folder."""
    monkeypatch.chdir(tmp_path)

    done = run("config", "check", "--json")

    assert (done.code, done.err) == (0, "")
    assert str(tmp_path / "data") == done.json["settings"]["data"]
