"""The words of logsources: plain lower case, as rules write them."""

import re

import pytest

from sentinel.detect.taxonomy import CATEGORIES, PRODUCTS, SERVICES


@pytest.mark.parametrize("words", [PRODUCTS, CATEGORIES, SERVICES])
def test_words_are_written_as_rules_write_them(words):
    """Lower case; a service may have a dash or a dot."""
    assert [word for word in words if not re.fullmatch(r"[a-z0-9_.-]+", word)] == []


def test_the_taxonomy_holds_what_the_specification_names():
    """Sigma taxonomy: a few of each."""
    assert {"windows", "linux", "macos", "zeek"} <= PRODUCTS
    assert {"process_creation", "webserver", "registry_set", "ps_script"} <= CATEGORIES
    assert {"security", "sysmon", "sshd", "cloudtrail", "windefend"} <= SERVICES
