"""Which program's words are read, and as which log source."""

import pytest

from sentinel.normalise.programs import PROGRAMS, WEB_PRODUCTS, message_fields


def test_every_program_is_of_syslog_and_written_in_lower_case():
    """A rule for all of syslog must see each of them."""
    assert all("syslog" in program.services for program in PROGRAMS.values())
    assert all(name == name.lower() for name in [*PROGRAMS, *WEB_PRODUCTS])


def test_an_unknown_program_is_a_plain_event_of_syslog():
    """It has a provider and a log source, and nothing is guessed."""
    assert message_fields("example", "Failed password for root from 203.0.113.9 port 5 ssh2") == {
        "event.dataset": "system.syslog",
        "event.provider": "example",
        "sentinel.logsource.product": "linux",
        "sentinel.logsource.service": ["syslog"],
    }


def test_a_pam_line_keeps_its_program_and_is_of_pam_too():
    """Rules for sshd and rules for PAM both see it."""
    fields = message_fields("sshd", "pam_unix(sshd:session): session closed for user alice")

    assert fields["sentinel.logsource.service"] == ["sshd", "auth", "syslog", "pam"]


@pytest.mark.parametrize(
    "message", ["message repeated 2 times: [", "message repeated x times: [ a]"]
)
def test_a_broken_repetition_is_a_message(message):
    """Nothing is counted that cannot be read."""
    assert "sentinel.repeated" not in message_fields("sshd", message)


def test_values_are_not_shared_between_events():
    """Changing one event's list must not change the next one's."""
    first = message_fields("sshd", "Invalid user a from 203.0.113.9 port 5")
    first["event.category"].append("changed")
    first["sentinel.logsource.service"].append("changed")

    second = message_fields("sshd", "Invalid user a from 203.0.113.9 port 5")

    assert second["event.category"] == ["authentication"]
    assert second["sentinel.logsource.service"] == ["sshd", "auth", "syslog"]
