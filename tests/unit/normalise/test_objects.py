"""JSON objects of any program: flat names, and when it happened."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.normalise.objects import TooDeep, flatten, time_of

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3))


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.one_of(SCALARS, st.lists(SCALARS))))
def test_flat_objects_stay_as_they_are(record):
    """No nesting, no change."""
    assert record == flatten(record)


def test_nested_objects_become_dotted_keys():
    """Objects in lists give their keys lists."""
    record = {
        "a": {"b": {"c": 1}},
        "answers": [{"data": "x", "ttl": 1}, {"data": "y"}],
        "mixed": [1, {"z": 2}],
    }
    expected = {"a.b.c": 1, "answers.data": ["x", "y"], "answers.ttl": 1, "mixed": 1, "mixed.z": 2}

    assert expected == flatten(record)


def test_a_flat_key_wins_over_a_nested_one():
    """What is written exactly is meant."""
    assert flatten({"a": {"b": 1}, "a.b": 2}) == {"a.b": 2}


def test_nesting_has_a_limit():
    """An object made to break the reader is refused."""
    record = {"a": 1}
    for _ in range(100):
        record = {"a": record}

    with pytest.raises(TooDeep):
        flatten(record)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"@timestamp": "2026-11-22T05:00:00Z"}, datetime(2026, 11, 22, 5, tzinfo=UTC)),
        ({"UtcTime": "2026-11-22 05:00:00.000"}, datetime(2026, 11, 22, 5, tzinfo=UTC)),
        ({"EventTime": "2026-11-22T12:00:00+07:00"}, datetime(2026, 11, 22, 5, tzinfo=UTC)),
        ({"ts": 1795323600.0}, datetime(2026, 11, 22, 5, tzinfo=UTC)),
        ({"ts": "XXXX", "time": ["2026-11-22T05:00:00Z"]}, datetime(2026, 11, 22, 5, tzinfo=UTC)),
        ({"eventTime": "2026-11-22T05:00:00Z"}, datetime(2026, 11, 22, 5, tzinfo=UTC)),
        ({"TimeCreated": "/Date(1795323600000)/"}, datetime(2026, 11, 22, 5, tzinfo=UTC)),
        ({"time": 1795323600000}, datetime(2026, 11, 22, 5, tzinfo=UTC)),
        ({"ts": 5, "time": True}, None),
        ({"@timestamp": "0001-01-01T00:00:00+10:00"}, None),
        ({}, None),
    ],
)
def test_when_an_event_happened(fields, expected):
    """The surest field that says a time; without zone it is UTC."""
    assert expected == time_of(fields)


def test_a_time_without_zone_is_one_of_the_zone_that_is_told():
    """But for those that Windows writes in UTC whether it says so or not."""
    zone = timezone(timedelta(hours=7))

    assert time_of({"EventTime": "2026-11-22 12:00:00"}, zone) == datetime(
        2026, 11, 22, 5, tzinfo=UTC
    )
    assert time_of({"UtcTime": "2026-11-22 05:00:00"}, zone) == datetime(
        2026, 11, 22, 5, tzinfo=UTC
    )
