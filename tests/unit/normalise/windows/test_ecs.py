"""Windows events in ECS: everything is kept, and what ECS has a name for has that name too."""

import pytest

from sentinel.normalise.windows.ecs import ecs_fields, typed
from sentinel.normalise.windows.native import native_fields

SYSMON = {
    "Channel": "Microsoft-Windows-Sysmon/Operational",
    "Provider_Name": "Microsoft-Windows-Sysmon",
    "Computer": "ws01.so-a.example",
}


def _ecs(**record):
    return ecs_fields(native_fields(SYSMON | record))


def test_a_process_creation():
    """Names, numbers, paths, hashes and users as ECS has them."""
    fields = _ecs(
        EventID=1,
        UtcTime="2026-11-22 05:00:00.000",
        Image="C:\\Windows\\System32\\cmd.exe",
        ProcessId="4711",
        CommandLine="cmd /c whoami",
        User="SO-A\\bob",
        ParentImage="C:\\Windows\\explorer.exe",
        Hashes="SHA1=AB,MD5=CD,SHA256=EF,IMPHASH=01",
        Company="-",
    )

    assert {
        "event.code": "1",
        "event.provider": "Microsoft-Windows-Sysmon",
        "event.category": ["process"],
        "event.type": ["start"],
        "host.name": "ws01.so-a.example",
        "process.executable": "C:\\Windows\\System32\\cmd.exe",
        "process.name": "cmd.exe",
        "process.pid": 4711,
        "process.command_line": "cmd /c whoami",
        "process.parent.name": "explorer.exe",
        "process.hash.sha1": "ab",
        "process.hash.md5": "cd",
        "process.hash.sha256": "ef",
        "process.pe.imphash": "01",
        "user.name": "bob",
        "user.domain": "SO-A",
        "winlog.channel": "Microsoft-Windows-Sysmon/Operational",
        "winlog.event_id": "1",
        "winlog.computer_name": "ws01.so-a.example",
        "winlog.event_data.Image": "C:\\Windows\\System32\\cmd.exe",
        "winlog.event_data.ProcessId": "4711",
        "winlog.event_data.Company": "-",
        "sentinel.logsource.category": "process_creation",
    }.items() <= fields.items()
    assert "process.pe.company" not in fields
    assert "sentinel.names" not in fields
    assert [name for name in fields if "." not in name] == []


def test_a_connection():
    """Addresses, direction, transport."""
    fields = _ecs(
        EventID=3,
        Initiated="true",
        Protocol="tcp",
        SourceIp="::ffff:192.0.2.7",
        SourcePort=51000,
        DestinationIp="203.0.113.9",
        DestinationPort="0x1bb",
        DestinationHostname="-",
    )

    assert {
        "network.direction": "egress",
        "network.transport": "tcp",
        "network.type": "ipv4",
        "source.ip": "192.0.2.7",
        "source.port": 51000,
        "destination.ip": "203.0.113.9",
        "destination.port": 443,
    }.items() <= fields.items()
    assert "destination.domain" not in fields


def test_files_and_the_registry():
    """A path with its parts."""
    file = _ecs(EventID=11, TargetFilename="C:\\Temp\\a.ps1", Image="x", Hash="SHA1=AB")
    key = _ecs(EventID=13, TargetObject="HKLM\\System\\x\\Start", Details="DWORD (0x4)")

    assert (file["file.name"], file["file.directory"]) == ("a.ps1", "C:\\Temp")
    assert (file["file.extension"], file["file.hash.sha1"]) == ("ps1", "ab")
    assert (key["registry.hive"], key["registry.key"]) == ("HKLM", "System\\x\\Start")
    assert (key["registry.value"], key["registry.data.strings"]) == ("Start", "DWORD (0x4)")


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            {"EventID": 4624, "Keywords": "0x8020000000000000", "TargetUserName": "bob"},
            {"user.name": "bob", "event.outcome": "success", "event.category": ["authentication"]},
        ),
        (
            {"EventID": 4625, "Keywords": -9218868437227405312, "IpAddress": "192.0.2.7"},
            {"event.outcome": "failure", "source.ip": "192.0.2.7", "event.type": ["start"]},
        ),
        (
            {"EventID": 4720, "SubjectUserName": "root", "TargetUserName": "bob"},
            {"user.name": "root", "user.target.name": "bob", "event.category": ["iam"]},
        ),
        (
            {"EventID": 4732, "TargetUserName": "Administrators"},
            {"group.name": "Administrators", "event.type": ["group"]},
        ),
        (
            {"EventID": 4688, "NewProcessId": "0x1a4", "NewProcessName": "C:\\a.exe"},
            {"process.pid": 420, "process.executable": "C:\\a.exe", "process.name": "a.exe"},
        ),
        ({"EventID": 4625, "IpAddress": "-"}, {"winlog.event_data.IpAddress": "-"}),
    ],
)
def test_events_of_the_audit(record, expected):
    """Who did it, to whom, and whether it worked."""
    fields = ecs_fields(native_fields({"Channel": "Security"} | record))

    assert expected.items() <= fields.items()


def test_sysmon_for_linux_keeps_its_names_too():
    """Rules for Linux are not bound: other logs there have no such names."""
    record = {"EventID": 1, "Channel": "Linux-Sysmon/Operational", "Image": "/bin/sh"}
    fields = ecs_fields(native_fields(record))

    assert fields["Image"] == fields["process.executable"] == "/bin/sh"


def test_what_is_ecs_already_is_left_alone():
    """Winlogbeat's own words win."""
    fields = ecs_fields(
        native_fields(
            {
                "winlog": {
                    "channel": SYSMON["Channel"],
                    "event_id": 1,
                    "event_data": {"Image": "C:\\a.exe"},
                },
                "process": {"executable": "C:\\b.exe", "name": "other"},
                "message": "m",
            }
        )
    )

    assert (fields["process.executable"], fields["process.name"]) == ("C:\\b.exe", "other")
    assert (fields["winlog.event_data.Image"], fields["message"]) == ("C:\\a.exe", "m")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("process.pid", "0x10", 16),
        ("process.pid", "x", None),
        ("process.pid", True, None),
        ("source.ip", "no address", None),
        ("source.ip", ["192.0.2.7", "-"], ["192.0.2.7"]),
        ("file.code_signature.signed", "true", True),
        ("file.code_signature.signed", "maybe", None),
        ("user.name", 5, "5"),
        ("user.name", "-", None),
    ],
)
def test_a_value_is_of_its_fields_type_or_not_there(name, value, expected):
    """It stays in winlog.event_data as it was written."""
    assert expected == typed(name, value)


@pytest.mark.parametrize(
    "record",
    [
        {"EventID": 1, "Hashes": ["x"], "User": ["a"], "Image": [1, None], "Initiated": None},
        {"EventID": 3, "DestinationIp": ["192.0.2.7"], "Initiated": 1},
        {"EventID": 13, "TargetObject": 5},
        {"EventID": 1, "Hashes": "=,SHA1,MD5=,SHA256=0000", "User": "\\"},
        {"EventID": 1, "Channel": "Security", "Keywords": ["Audit Success"]},
    ],
)
def test_values_of_other_kinds_break_nothing(record):
    """They are kept where they are."""
    assert "winlog.event_id" in ecs_fields(native_fields(SYSMON | record))
