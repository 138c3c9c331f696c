"""What Winlogbeat's modules moved to ECS names is found by its native name again."""

from sentinel.normalise.windows.ecs import ecs_fields
from sentinel.normalise.windows.native import native_fields

CHANNEL = "Microsoft-Windows-Sysmon/Operational"
MOVED = {
    "winlog": {"channel": CHANNEL, "event_id": 1, "event_data": {"IntegrityLevel": "High"}},
    "process": {
        "executable": "C:\\a.exe",
        "pid": 7,
        "command_line": "a -x",
        "parent": {"executable": "C:\\b.exe"},
        "hash": {"md5": "ab", "sha1": "cd"},
        "pe": {"imphash": "ef", "original_file_name": "A.EXE"},
    },
    "user": {"name": "bob", "domain": "SO-A"},
    "message": "Process Create",
}


def test_native_names_are_put_back():
    """Those that rules ask for."""
    fields = native_fields(MOVED)

    assert {
        "Image": "C:\\a.exe",
        "ProcessId": 7,
        "CommandLine": "a -x",
        "ParentImage": "C:\\b.exe",
        "OriginalFileName": "A.EXE",
        "IntegrityLevel": "High",
        "Hashes": "MD5=AB,SHA1=CD,IMPHASH=EF",
        "User": "SO-A\\bob",
        "Message": "Process Create",
    }.items() <= fields.items()


def test_a_direction_is_whether_it_was_initiated():
    """Both of the words that were in use."""
    event = {"winlog.channel": CHANNEL, "winlog.event_id": 3}

    assert native_fields(event | {"network.direction": "egress"})["Initiated"] == "true"
    assert native_fields(event | {"network.direction": "inbound"})["Initiated"] == "false"
    assert "Initiated" not in native_fields(event | {"network.direction": "unknown"})


def test_native_names_that_are_there_stay():
    """Winlogbeat without its modules keeps them."""
    event = {
        "winlog.channel": CHANNEL,
        "winlog.event_id": 1,
        "winlog.event_data.Image": "C:\\a.exe",
        "winlog.event_data.Hashes": "MD5=AB",
        "process.executable": "C:\\b.exe",
        "process.hash.md5": "cd",
    }
    fields = native_fields(event)

    assert (fields["Image"], fields["Hashes"]) == ("C:\\a.exe", "MD5=AB")


def test_the_way_there_and_back_keeps_what_rules_ask_for():
    """Native to ECS, the data taken out, and native again."""
    native = {
        "EventID": "1",
        "Channel": CHANNEL,
        "Image": "C:\\a.exe",
        "CommandLine": "a -x",
        "ParentImage": "C:\\b.exe",
        "User": "SO-A\\bob",
    }
    ecs = ecs_fields(native_fields(native))
    moved = {
        name: value
        for name, value in ecs.items()
        if not name.startswith(("winlog.event_data.", "sentinel."))
    }

    assert native.items() <= native_fields(moved).items()
