"""Windows events by whomever they were written: the names that Sigma rules expect."""

import pytest

from sentinel.normalise.objects import TooDeep, time_of
from sentinel.normalise.windows import native
from sentinel.normalise.windows.native import is_windows, native_fields

SYSMON = "Microsoft-Windows-Sysmon/Operational"
EVENT = {
    "Event": {
        "#attributes": {"xmlns": "x"},
        "System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon", "Guid": "{1}"}},
            "EventID": 1,
            "TimeCreated": {"#attributes": {"SystemTime": "2026-11-22T05:00:00.123456Z"}},
            "Channel": SYSMON,
            "Computer": "ws01",
        },
        "EventData": {"Image": "C:\\x.exe", "Threat Name": "Worm", "Empty": None},
    }
}
# The same process creation as six programs write it.
WRITTEN = {
    "evtx": EVENT,
    "system and data": EVENT["Event"],
    "winlogbeat": {
        "@timestamp": "2026-11-22T05:00:00.123456Z",
        "winlog": {
            "channel": SYSMON,
            "event_id": 1,
            "computer_name": "ws01",
            "provider_name": "Microsoft-Windows-Sysmon",
            "event_data": {"Image": "C:\\x.exe", "Threat Name": "Worm"},
        },
    },
    "elastic agent": {
        "@timestamp": "2026-11-22T05:00:00.123456Z",
        "winlog.channel": SYSMON,
        "winlog.event_id": "1",
        "winlog.computer_name": "ws01",
        "winlog.provider_name": "Microsoft-Windows-Sysmon",
        "winlog.event_data.ThreatName": "Worm",
        "process.executable": "C:\\x.exe",
    },
    "nxlog": {
        "EventTime": "2026-11-22 05:00:00",
        "EventID": 1,
        "Channel": SYSMON,
        "SourceName": "Microsoft-Windows-Sysmon",
        "Hostname": "ws01",
        "tags": ["kept"],
        "Image": "C:\\x.exe",
        "Threat Name": "Worm",
    },
    "wazuh": {
        "data": {
            "win": {
                "system": {
                    "providerName": "Microsoft-Windows-Sysmon",
                    "eventID": "1",
                    "channel": SYSMON,
                    "computer": "ws01",
                },
                "eventdata": {"image": "C:\\x.exe", "threatName": "Worm"},
            }
        }
    },
    "powershell": {
        "Id": 1,
        "LogName": SYSMON,
        "ProviderName": "Microsoft-Windows-Sysmon",
        "MachineName": "ws01",
        "EventData": {"Image": "C:\\x.exe", "ThreatName": "Worm"},
    },
}


@pytest.mark.parametrize("record", WRITTEN.values(), ids=WRITTEN.keys())
def test_an_event_has_the_same_names_whoever_wrote_it(record):
    """System's and EventData's, without blanks, with its logsource and whose names they are."""
    fields = native_fields(record)

    assert is_windows(record)
    assert str(fields["EventID"]) == "1"
    assert {
        "Channel": SYSMON,
        "Computer": "ws01",
        "Provider_Name": "Microsoft-Windows-Sysmon",
        "Image": "C:\\x.exe",
        "ThreatName": "Worm",
        "sentinel.logsource.product": "windows",
        "sentinel.logsource.category": "process_creation",
        "sentinel.logsource.service": "sysmon",
        "sentinel.names": "native",
    }.items() <= fields.items()


def test_names_with_blanks_stay_beside_those_without():
    """A rule may be written in either."""
    fields = native_fields({"EventID": 1116, "Threat Name": "Worm", "Detection ID": "{1}"})

    assert fields["Threat Name"] == fields["ThreatName"] == "Worm"
    assert fields["DetectionID"] == fields["Detection_ID"] == "{1}"


def test_a_message_is_the_data_of_old_programs():
    """Their data has no names, and some senders pass on only what was made of it."""
    old = {"EventID": 400, "Channel": "Windows PowerShell", "Message": "HostName=ConsoleHost"}

    assert native_fields(old)["Data"] == "HostName=ConsoleHost"
    assert native_fields(old | {"Data": ["a"]})["Data"] == ["a"]
    assert "Data" not in native_fields(old | {"Channel": "System"})


def test_values_stay_as_they_were_written():
    """Numbers, hexadecimal text and lists as they were; the record itself is untouched."""
    record = {"EventID": "4663", "AccessMask": "0x2", "ProcessId": 712, "x": ["a", None]}
    before = dict(record)

    assert before.items() <= native_fields(record).items()
    assert before == record


@pytest.mark.parametrize(
    "record",
    [
        {"EventID": 1, "Image": "x"},
        {"EventID": 7, "SourceName": "firewall01"},
    ],
)
def test_an_event_that_says_too_little_gets_no_logsource(record):
    """It is tried with every rule."""
    fields = native_fields(record)

    assert [name for name in fields if name.startswith("sentinel.")] == []


def test_what_an_event_says_of_its_logsource_itself_stays():
    """Somebody knew better, and its names are those of that somebody."""
    own = {"EventID": 1, "Channel": "Security", "sentinel.logsource.product": "ours"}

    assert native_fields(own) == own


def test_flat_events_may_hold_objects():
    """They are joined by dots like everywhere; parts of Windows' own stand by their own names."""
    fields = native_fields(
        {
            "EventID": 4104,
            "Channel": "Microsoft-Windows-PowerShell/Operational",
            "EventData": {"ScriptBlockText": "x"},
            "agent": {"name": "a"},
            "answers": [{"ttl": 1}, {"ttl": 2}],
        }
    )

    assert (fields["ScriptBlockText"], fields["agent.name"]) == ("x", "a")
    assert fields["answers.ttl"] == [1, 2]
    assert fields["sentinel.logsource.category"] == "ps_script"


def test_a_name_that_is_there_is_never_changed():
    """Synonyms only fill what is missing."""
    fields = native_fields(
        {"EventID": 1, "Channel": "x", "Computer": "a", "Hostname": "b", "Provider_Name": "p"}
    )

    assert (fields["Computer"], fields["ComputerName"], fields["Provider_Name"]) == ("a", "a", "p")


def test_the_shape_of_an_event_is_remembered_but_never_its_values(monkeypatch):
    """Events with the same names in the same order are alike in shape alone."""
    first = native_fields({"EventID": 1, "Hostname": "a", "Channel": SYSMON})
    second = native_fields({"EventID": 3, "Hostname": "b", "Channel": SYSMON})
    monkeypatch.setattr(native, "_MOST_NAMES", 1)
    third = native_fields({"EventID": 3, "Hostname": "b", "Channel": SYSMON})

    assert (first["Computer"], second["Computer"]) == ("a", "b")
    assert second["sentinel.logsource.category"] == "network_connection"
    assert second == third


@pytest.mark.parametrize(
    "record",
    [
        {"EventID": ["1"], "Channel": {"a": 1}},
        {"EventID": None, "Channel": None, "Provider_Name": 5},
        {"Event": {"System": {"EventID": {}, "Provider": "x"}, "EventData": [1]}},
        {"Event": {"System": {}}, "winlog": 5},
        {"winlog": {"event_data": "x", "channel": ["a"]}},
        {"winlog.event_id": True, "winlog.channel": "x"},
        {"EventID": "٤", "Channel": "Security"},
        {"EventID": 10**30, "Channel": "Security"},
        {"": "", " ": " ", "EventID": 4688, "Channel": "Security", "NewProcessName": 5},
    ],
)
def test_events_made_to_break_the_reader_do_not(record):
    """Whatever stands there, there is an event."""
    assert isinstance(native_fields(record), dict)


def test_nesting_has_a_limit():
    """As everywhere."""
    record = {"a": 1}
    for _ in range(100):
        record = {"a": record}

    with pytest.raises(TooDeep):
        native_fields({"EventID": 1, "a": record})


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        *((record, True) for record in WRITTEN.values()),
        ({"winlog": {}}, True),
        ({"winlog.channel": "x"}, True),
        ({"EventID": 1}, True),
        ({"event_id": 1, "Channel": "System"}, True),
        ({"System": {"load": 1}}, False),
        ({"event_id": 1}, False),
        ({"eventName": "ConsoleLogin"}, False),
        ({}, False),
    ],
)
def test_windows_events_are_known_by_their_shape(record, expected):
    """Everything else keeps its names."""
    assert expected == is_windows(record)


def test_the_time_of_a_dumped_event_is_found():
    """TimeCreated's attribute."""
    assert str(time_of(native_fields(EVENT))) == "2026-11-22 05:00:00.123456+00:00"
