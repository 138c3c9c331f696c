"""JSON of other programs: the names that Sigma rules expect."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.normalise.windows.native import TooDeep, flatten, is_windows, native_fields, time_of

EVENT = {
    "Event": {
        "#attributes": {"xmlns": "x"},
        "System": {
            "Provider": {"#attributes": {"Name": "Sysmon", "Guid": "{1}"}},
            "EventID": 1,
            "TimeCreated": {"#attributes": {"SystemTime": "2026-11-22T05:00:00.123456Z"}},
            "Execution": {"#attributes": {"ProcessID": 788}},
            "Channel": "Microsoft-Windows-Sysmon/Operational",
            "Computer": "ws01",
            "Correlation": None,
        },
        "EventData": {"Image": "C:\\x.exe", "Threat Name": "Worm", "Empty": None},
    }
}
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


def test_a_windows_event_gets_the_names_of_rules():
    """EventData names, System tags, attributes joined by an underscore, blanks stripped."""
    fields = native_fields(EVENT)

    assert {
        "EventID": 1,
        "Channel": "Microsoft-Windows-Sysmon/Operational",
        "Computer": "ws01",
        "Provider_Name": "Sysmon",
        "Execution_ProcessID": 788,
        "Image": "C:\\x.exe",
        "ThreatName": "Worm",
        "Threat Name": "Worm",
    }.items() <= fields.items()
    assert "Empty" in fields


@pytest.mark.parametrize(
    "data",
    [
        {"Data": [{"#attributes": {"Name": "Image"}, "#text": "x"}]},
        {"Data": {"#attributes": {"Name": "Image"}, "#text": "x"}},
        {"Data": [{"@Name": "Image", "#text": "x"}]},
    ],
)
def test_named_data_elements_are_fields(data):
    """Some tools keep the XML's own shape."""
    event = {"Event": {"System": {"EventID": {"#text": 1}}, "EventData": data}}
    fields = native_fields(event)

    assert (fields["Image"], fields["EventID"]) == ("x", 1)


def test_user_data_is_read_below_its_one_element():
    """The names of the leaves are the fields."""
    event = {
        "Event": {
            "System": {"EventID": 1102},
            "UserData": {"LogFileCleared": {"#attributes": {"xmlns": "x"}, "SubjectUserName": "a"}},
        }
    }

    assert native_fields(event) == {"EventID": 1102, "SubjectUserName": "a"}


def test_winlogbeat_events_have_both_names():
    """The shipper's, and those of rules."""
    nested = {
        "@timestamp": "2026-11-22T05:00:00Z",
        "winlog": {"event_id": 1, "channel": "c", "event_data": {"CommandLine": "x"}},
    }
    fields = native_fields(nested)
    flat = native_fields({"winlog.event_id": 1, "winlog.event_data.CommandLine": "x"})

    assert (fields["EventID"], fields["Channel"], fields["CommandLine"]) == (1, "c", "x")
    assert fields["winlog.event_data.CommandLine"] == "x"
    assert (flat["EventID"], flat["CommandLine"]) == (1, "x")


def test_flat_windows_events_stay():
    """As collections of recorded attacks have them."""
    record = {"EventID": 1, "Image": "x", "Hostname": "ws01"}

    assert record == native_fields(record)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (EVENT, True),
        ({"winlog": {}}, True),
        ({"winlog.channel": "x"}, True),
        ({"EventID": 1}, True),
        ({"eventName": "ConsoleLogin"}, False),
        ({}, False),
    ],
)
def test_windows_events_are_known_by_their_shape(record, expected):
    """Everything else keeps its names."""
    assert expected == is_windows(record)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"@timestamp": "2026-11-22T05:00:00Z"}, datetime(2026, 11, 22, 5, tzinfo=UTC)),
        ({"UtcTime": "2026-11-22 05:00:00.000"}, datetime(2026, 11, 22, 5, tzinfo=UTC)),
        ({"EventTime": "2026-11-22T12:00:00+07:00"}, datetime(2026, 11, 22, 5, tzinfo=UTC)),
        ({"ts": 1795323600.0}, datetime(2026, 11, 22, 5, tzinfo=UTC)),
        ({"ts": "XXXX", "time": ["2026-11-22T05:00:00Z"]}, datetime(2026, 11, 22, 5, tzinfo=UTC)),
        ({"ts": 5, "time": True}, None),
        ({"@timestamp": "0001-01-01T00:00:00+10:00"}, None),
        ({}, None),
    ],
)
def test_when_an_event_happened(fields, expected):
    """The surest field that says a time; without zone it is UTC."""
    assert expected == time_of(fields)


def test_a_windows_event_says_its_time():
    """The attribute of TimeCreated."""
    expected = datetime(2026, 11, 22, 5, 0, 0, 123456, tzinfo=UTC)

    assert expected == time_of(native_fields(EVENT))
