"""sshd's words; the forms are in the corpus, here is what holds for all names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.normalise.sshd import fields_of

# A user name as sshd logs it: no control characters, at most 100 characters, all else is free.
NAMES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=100)
TRAPS = st.lists(
    st.sampled_from(
        [
            *("root", "x", " ", " from ", "198.51.100.4", " port 22", " ssh2", ": ", "[preauth]"),
            *("invalid user ", "for ", "Accepted password for ", " not allowed because ", "(", ")"),
        ]
    ),
    max_size=12,
).map("".join)
FORMS = [
    "Failed password for invalid user {} from 203.0.113.9 port 5 ssh2",
    "Invalid user {} from 203.0.113.9 port 5",
    "Connection closed by invalid user {} 203.0.113.9 port 5 [preauth]",
    "Connection reset by authenticating user {} 203.0.113.9 port 5 [preauth]",
    "Disconnected from invalid user {} 203.0.113.9 port 5 [preauth]",
    "maximum authentication attempts exceeded for invalid user {} from 203.0.113.9 port 5 ssh2",
    "Disconnecting invalid user {} 203.0.113.9 port 5: Too many authentication failures [preauth]",
]


@pytest.mark.parametrize("form", FORMS)
@given(name=NAMES | TRAPS)
def test_no_user_name_changes_who_it_was(form, name):
    """The address is the connection's, the outcome no success, the name whole."""
    fields = fields_of(form.format(name))

    assert ("203.0.113.9", 5, name) == (
        fields["source.ip"],
        fields["source.port"],
        fields["user.name"],
    )
    assert fields["event.outcome"] != "success"


@given(first=NAMES | TRAPS, second=NAMES | TRAPS)
def test_two_chosen_names_never_forge_an_address(first, second):
    """The client chooses both names; the address is the connection's, or none is stated."""
    fields = fields_of(
        f"Disconnecting invalid user {first} 203.0.113.9 port 5: Change of username or service"
        f" not allowed: ({first},ssh-connection) -> ({second},ssh-connection) [preauth]"
    )

    assert fields.get("source.ip", "203.0.113.9") == "203.0.113.9"


def test_two_names_that_quote_the_whole_line_state_no_address():
    """Where sshd's own words stand twice, nobody can say which are sshd's."""
    trap = "b 198.51.100.4 port 22: Change of username or service not allowed: (b,x"

    fields = fields_of(
        f"Disconnecting invalid user {trap} 203.0.113.9 port 5: Change of username or service"
        f" not allowed: ({trap},ssh-connection) -> (c,ssh-connection) [preauth]"
    )

    assert "source.ip" not in fields


@given(NAMES | TRAPS)
def test_a_certificate_id_never_forges_an_address(key_id):
    """A key id is its maker's text and stands behind the address."""
    fields = fields_of(
        "Failed publickey for root from 203.0.113.9 port 5 ssh2: ED25519-CERT SHA256:abc"
        f" ID {key_id} (serial 1) CA ED25519 SHA256:def"
    )

    assert fields.get("source.ip", "203.0.113.9") == "203.0.113.9"
    assert fields["event.outcome"] == "failure"


@given(st.text())
def test_any_text_is_read_without_an_error(text):
    """What says nothing we know gives nothing."""
    assert isinstance(fields_of(text), dict)
