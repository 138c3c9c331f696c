"""PAM's words; the forms are in the corpus, here is what holds for all names."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sentinel.normalise.pam import fields_of, is_pam

TRAPS = st.lists(
    st.sampled_from(["root", " ", " rhost=", "198.51.100.4", " user=", "ruser=", ";"]), max_size=8
).map("".join)


@given(TRAPS)
def test_no_user_name_forges_the_address_of_a_log_in(name):
    """sshd passes no ruser on, so the first rhost is PAM's own."""
    fields = fields_of(
        "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser="
        f" rhost=203.0.113.9  user={name}"
    )

    assert fields["source.ip"] == "203.0.113.9"


@given(TRAPS)
@example(" rhost=198.51.100.4 user=")
def test_a_remote_user_never_forges_an_address(name):
    """ruser stands before the address: then it is PAM's own, or none is stated."""
    fields = fields_of(
        f"pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser={name}"
        " rhost=203.0.113.9  user=x"
    )

    assert fields.get("source.ip", "203.0.113.9") == "203.0.113.9"


@pytest.mark.parametrize(
    "message",
    ["pam_unix: hello", "pam_", "PAM is great", "pam_unix(sshd): x", "said pam_unix(a:auth): x"],
)
def test_only_a_module_speaks_for_pam(message):
    """The form "module(service:type): " is the sign."""
    assert not is_pam(message)
    assert fields_of(message) == {}


@given(st.text())
def test_any_text_is_read_without_an_error(text):
    """What says nothing we know gives at most the module."""
    assert isinstance(fields_of(f"pam_unix(sshd:auth): {text}"), dict)
