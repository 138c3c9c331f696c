"""One machine has one address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.normalise.address import canonical_ip, source_fields


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:0DB8:0::9", "2001:db8::9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::1"),
        ("gate.example", ""),
        ("203.0.113.999", ""),
        ("", ""),
    ],
)
def test_an_address_has_one_spelling(written, expected):
    """Mapped, scoped and long spellings mean the same; what is no address is empty."""
    assert expected == canonical_ip(written)


def test_a_port_is_a_number_up_to_65535():
    """A larger number is no port; the address is still good."""
    assert source_fields("203.0.113.9", "65536") == {
        "source.address": "203.0.113.9",
        "source.ip": "203.0.113.9",
    }
    assert source_fields("203.0.113.9", "65535")["source.port"] == 65535


@given(st.ip_addresses(v=4))
def test_every_ipv4_address_is_itself_and_its_mapped_form(address):
    """::ffff:a.b.c.d is a.b.c.d."""
    assert str(address) == canonical_ip(str(address)) == canonical_ip(f"::ffff:{address}")
