"""Indicators that nobody can click."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.warn.defang import defang, refang

# Fragments that indicators are made of, and those that could confuse a second pass.
PIECES = (
    *("http", "hxxp", "HtTp", "s", "S", "://", "[.]", "[:]", ".", "[", "]", ":", "::", " ", "@"),
    *("a", "com", "vn", "1", "203.0.113.45", "2001:db8::1", "F", "db8", "Đ", "evil.example"),
    *("/", "\\", "-", "_", "auth.log", "run.sh", "xn--a"),
)
FRAGMENTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
TEXTS = FRAGMENTS | st.text(max_size=40)


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        ("http://evil.example/x.php?a=1", "hxxp://evil[.]example/x.php?a=1"),
        ("HTTPS://Evil.Example", "HXXPS://Evil[.]Example"),
        ("ftp://files.evil.example", "ftp[:]//files[.]evil[.]example"),
        ("//evil.example/x", "//evil[.]example/x"),
        ("www.evil.example.", "www[.]evil[.]example."),
        ("mail to a.b@evil.example", "mail to a.b@evil[.]example"),
        ("từ 203.0.113.45.", "từ 203.0.113[.]45."),
        ("src=203.0.113.45,dst=192.0.2.1", "src=203.0.113[.]45,dst=192.0.2[.]1"),
        ("203.0.113.45:8080", "203.0.113[.]45:8080"),
        ("2001:db8::1", "2001:db8:[:]1"),
        ("[2001:db8::2:1]:443", "[2001:db8::2[:]1]:443"),
        ("::ffff:203.0.113.45", "::ffff[:]203.0.113[.]45"),
        ("máy-chủ.xn--p1ai", "máy-chủ[.]xn--p1ai"),
        ("curl run.sh", "curl run[.]sh"),
    ],
)
def test_an_indicator_is_broken_and_can_be_put_together_again(plain, expected):
    assert defang(plain) == expected
    assert refang(expected) == plain


@pytest.mark.parametrize(
    "harmless",
    [
        "",
        "12:00:05",
        "00:11:22:33:44:55",
        "/var/log/auth.log",
        "/tmp/run.sh",
        r"C:\Users\Public\run.com",
        "OpenSSH_9.2p1",
        "sshd.service",
        "std::vector",
        "Xong. Tiếp theo",
    ],
)
def test_what_is_no_indicator_stays_readable(harmless):
    assert defang(harmless) == harmless


@given(TEXTS)
def test_defanging_twice_is_defanging_once(text):
    assert defang(defang(text)) == defang(text)


@given(TEXTS)
def test_refanging_gives_the_indicator_back(text):
    """For any text; one that holds marks of its own already loses those as well."""
    assert refang(defang(text)) == refang(text)


@given(TEXTS)
def test_no_url_and_no_address_remains(text):
    safe = defang(text)

    assert not re.search(r"://", re.sub(r"hxxps?://", "", safe, flags=re.IGNORECASE))
    assert not re.search(r"(?<![\d.\]])203\.0\.113\.45(?!\d)", safe)


def test_a_very_long_line_takes_no_longer_than_it_is_long():
    """Ten times the text is about ten times the matching steps: no quadratic pattern.

    Each of these made a naive pattern try every start against the whole rest.
    """
    for fragment in ("a", "a.", "://", ":", "1.", "a-", "f:", "h"):
        line = fragment * 100_000

        assert refang(defang(line)) == line
