"""What lights up in a raw line."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.web.console.triage.hits import hits, hits_of
from tests.samples import an_alert


@pytest.mark.parametrize(
    ("raw", "values", "expected"),
    [
        ("Failed password for root", ["failed password"], ("failed password",)),
        ("GET /%2e%2e/etc", ["../etc"], ()),  # a dot needs no escape: any of many ways
        ("GET /a%20b?x=%3Cscript%3E", ["<script>", "a b"], ("%3Cscript%3E", "a%20b")),
        ("GET /?q=a+b+c", ["a b c"], ("a+b+c",)),
        (r'{"cmd": "echo \"hi\""}', ['echo "hi"'], (r"echo \"hi\"",)),
        (r'{"path": "C:\\Temp\\x.exe"}', [r"C:\Temp\x.exe"], (r"C:\\Temp\\x.exe",)),
        (r"name=\xe1\xbb\x87n", ["ện"], (r"\xe1\xbb\x87n",)),
        (
            "from 203.0.113.45 port",
            ["203.0.113.4", "203.0.113.45"],
            ("203.0.113.45", "203.0.113.4"),
        ),
        ("su: result", ["su", ""], ()),
    ],
)
def test_a_value_is_found_however_the_line_writes_it(raw, values, expected):
    """Case, percent signs, JSON, backslashes, bytes; the longest first, nothing short."""
    assert expected == hits(raw, values)


def test_evidence_brings_its_own_values():
    """The line and what matched in it."""
    evidence = replace(an_alert().evidence[0], matched={"user.name": "admin", "a": "not there"})

    assert hits_of(evidence) == ("admin",)


@given(st.text(), st.lists(st.text()))
def test_what_is_found_is_in_the_line(raw, values):
    """Whatever an attacker writes."""
    assert all(hit.casefold() in raw.casefold() for hit in hits(raw, values))
