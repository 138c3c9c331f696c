"""The envelope; most of its cases are in the corpus."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.normalise.syslog import (
    FACILITIES,
    MOST_PARAMETERS,
    SEVERITIES,
    STRUCTURED_DATA_UNREAD,
    envelope_of,
)
from tests.samples import NOON

WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def _envelope(line, *, told=False):
    return envelope_of(line, NOON, UTC, told=told)


def test_there_are_24_facilities_and_8_severities():
    """RFC 5424, tables 1 and 2."""
    assert (len(FACILITIES), len(SEVERITIES)) == (24, 8)
    assert (
        FACILITIES[11],
        FACILITIES[15],
        FACILITIES[16],
        FACILITIES[23],
    ) == ("ftp", "clock", "local0", "local7")


@given(st.integers(0, 191))
def test_each_priority_is_facility_and_severity(value):
    """Facility times eight plus severity (6.2.1)."""
    envelope = _envelope(f"<{value}>Nov 22 05:00:00 web01 example: hello")

    assert envelope is not None
    code, severity = (
        envelope.fields["log.syslog.facility.code"],
        envelope.fields["log.syslog.severity.code"],
    )
    assert value == code * 8 + severity


@given(st.dictionaries(st.from_regex(r"[A-Za-z@0-9]{1,20}", fullmatch=True), VALUES, max_size=5))
def test_structured_data_comes_back_whole(parameters):
    """What is escaped as RFC 5424 6.3.3 says is read as it was."""
    data = "".join(
        ' {}="{}"'.format(name, value.replace("\\", r"\\").replace('"', r"\"").replace("]", r"\]"))
        for name, value in parameters.items()
    )

    envelope = _envelope(f"<13>1 2026-11-22T04:00:00Z web01 example - - [x@1{data}] hello")

    assert envelope is not None
    prefix = "log.syslog.structured_data.x@1."
    read = {
        name.removeprefix(prefix): value
        for name, value in envelope.fields.items()
        if name.startswith(prefix)
    }
    assert (parameters, "hello") == (read, envelope.message)


def test_a_flood_of_parameters_stays_message():
    """One sender cannot fill the store with field names."""
    data = "".join(f' p{number}="x"' for number in range(MOST_PARAMETERS + 1))

    envelope = _envelope(f"<13>1 2026-11-22T04:00:00Z web01 example - - [x@1{data}] hello")

    assert envelope is not None
    assert envelope.tags == (STRUCTURED_DATA_UNREAD,)
    assert envelope.message.startswith("[x@1 p0=")
    assert not [name for name in envelope.fields if name.startswith("log.syslog.structured")]


@pytest.mark.parametrize("line", ["", "hello", "1 2 3", "2026-11-22 05:00:00 web01 example: x"])
def test_what_is_no_syslog_is_none(line):
    """A file line without priority needs a syslog time stamp."""
    assert _envelope(line) is None


def test_the_program_is_the_tag_without_path_in_lower_case():
    """CRON and /usr/sbin/cron are cron."""
    tags = ("CRON[1]", "/usr/sbin/cron[1]", "cron")

    programs = [_envelope(f"<13>Nov 22 05:00:00 web01 {tag}: x") for tag in tags]

    assert [envelope.program for envelope in programs if envelope] == ["cron"] * 3


@given(WORDS.filter(lambda word: not word.endswith(":") and "[" not in word and "]" not in word))
def test_a_host_is_kept_as_sent(host):
    """Nothing is changed in a host's name."""
    envelope = _envelope(f"<13>Nov 22 05:00:00 {host} example[7]: hello")

    assert envelope is not None
    assert (host, "hello") == (envelope.fields["host.hostname"], envelope.message)
