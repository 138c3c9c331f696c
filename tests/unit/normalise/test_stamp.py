"""Time stamps: what is believed, and which year is meant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.normalise.stamp import (
    BSD,
    ISO,
    SKEW,
    bsd_time,
    clf_time,
    iso_time,
    utc_text,
    zone_named,
)

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
ARRIVAL = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
# Any second from 2005 to 2090.
ARRIVALS = st.integers(1_104_537_600, 3_786_912_000).map(lambda at: datetime.fromtimestamp(at, UTC))


def _bsd(text, arrival=ARRIVAL, zone=HANOI):
    match = BSD.match(text)
    assert match is not None
    return bsd_time(match, arrival, zone)


@given(ARRIVALS, st.timedeltas(min_value=timedelta(days=-363), max_value=SKEW))
def test_a_stamp_without_year_comes_back_whole(arrival, distance):
    """Whatever was written up to a year before, or a day after, arrival is read as it was meant."""
    meant = (arrival + distance).replace(microsecond=0)
    local = meant.astimezone(HANOI)
    written = f"{local:%b} {local.day:>2} {local:%H:%M:%S}"

    assert meant == _bsd(written, arrival)


@given(ARRIVALS, st.sampled_from(["Jan  1 00:00:00", "Feb 28 23:59:59", "Dec 31 23:59:59"]))
def test_a_stamp_without_year_is_never_more_than_a_day_ahead(arrival, written):
    """No year makes the future of an old line."""
    at = _bsd(written, arrival)

    assert at is not None
    assert arrival - timedelta(days=366) <= at <= arrival + SKEW


def test_an_impossible_day_is_no_time():
    """February 30th and 25 o'clock."""
    assert _bsd("Feb 30 00:00:00") is None
    assert _bsd("Nov 22 25:00:00") is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-22T11:59:58+07:00", "2026-11-22T04:59:58.000Z"),
        ("2026-11-22T04:59:58Z", "2026-11-22T04:59:58.000Z"),
        ("2026-11-22T11:59:58", "2026-11-22T04:59:58.000Z"),
        ("2026-11-22T04:59:58.123456789Z", "2026-11-22T04:59:58.123456Z"),
    ],
)
def test_rfc3339_is_read_with_or_without_zone(written, expected):
    """Nanoseconds are cut, a missing zone is the source's."""
    assert ISO.fullmatch(written)

    at = iso_time(written, ARRIVAL, HANOI)

    assert at is not None
    assert expected == utc_text(at)


@pytest.mark.parametrize(
    "written",
    ["1999-12-31T23:59:59Z", "2026-11-23T05:00:01Z", "0001-01-01T00:00:00+14:00", "2026-02-30T1Z"],
)
def test_what_cannot_be_is_not_believed(written):
    """Before 2000, more than a day ahead, out of range, or no date at all."""
    assert iso_time(written, ARRIVAL, HANOI) is None


def test_the_format_of_access_logs_is_read():
    """Day, month name, and a zone without colon."""
    assert datetime(2026, 11, 22, 4, 59, 58, tzinfo=UTC) == clf_time(
        "22/Nov/2026:11:59:58 +0700", ARRIVAL
    )
    assert clf_time("22/Nov/2026:11:59:58 -9900", ARRIVAL) is None
    assert clf_time("22/Foo/2026:11:59:58 +0700", ARRIVAL) is None


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../../etc/passwd", "/etc/passwd", "Asia"])
def test_an_unknown_zone_is_none(name):
    """Names that are no zone, paths among them, never raise."""
    assert zone_named(name) is None


def test_a_known_zone_is_found():
    """The zone most sources have."""
    assert zone_named("Asia/Ho_Chi_Minh") == HANOI
