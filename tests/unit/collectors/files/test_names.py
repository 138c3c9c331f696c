"""Rotated forms are known by their names, and names that only look so are left alone."""

import pytest

from collectors.files.names import base_of


@pytest.mark.parametrize(
    "rotated",
    [
        "auth.log.1",
        "auth.log.12.gz",
        "auth.log.gz",
        "auth.log-20261122",
        "auth.log-20261122.gz",
        "auth.log-20261122-1763787600",
        "auth.log.2026-11-22",
        "auth.log-20261122.1",
        "auth-20261122.log",
        "auth-2026-11-22.log.gz",
        "auth.1.log",
        "auth.log.old",
    ],
)
def test_a_rotated_form_leads_to_the_log(rotated):
    """Numbers, dates, "old", before or after the extension, compressed or not."""
    assert base_of(rotated) == "auth.log"


@pytest.mark.parametrize(
    "name",
    ["auth.log", "syslog", "web-01.log", "web-01", "192.0.2.1", "192.0.2.1.log", "app2.log",
     "release-2026.log", "1.log", "20261122.log"],
)  # fmt: skip
def test_a_name_that_is_no_rotated_form_is_its_own(name):
    """Hosts, addresses and versions have numbers too."""
    assert base_of(name) == name
