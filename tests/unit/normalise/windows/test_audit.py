"""The audit's events have Sysmon's names besides their own."""

from sentinel.normalise.windows.native import native_fields

CREATED = {
    "EventID": 4688,
    "Channel": "Security",
    "SubjectUserName": "bob",
    "SubjectDomainName": "SO-A",
    "SubjectLogonId": "0x3e7",
    "NewProcessName": "C:\\Windows\\System32\\cmd.exe",
    "ParentProcessName": "C:\\Windows\\explorer.exe",
    "CommandLine": "cmd /c whoami",
    "MandatoryLabel": "S-1-16-12288",
}
CHANGED = {
    "EventID": "4657",
    "Channel": "Security",
    "ProcessName": "C:\\Windows\\regedit.exe",
    "ObjectName": "\\REGISTRY\\MACHINE\\System\\CurrentControlSet\\Services\\x",
    "ObjectValueName": "Start",
    "NewValue": "4",
}


def test_a_process_creation_can_be_asked_by_sysmons_names():
    """Rules for process_creation ask for Image and ParentImage (taxonomy)."""
    fields = native_fields(CREATED)

    assert CREATED.items() <= fields.items()
    assert {
        "Image": "C:\\Windows\\System32\\cmd.exe",
        "ParentImage": "C:\\Windows\\explorer.exe",
        "IntegrityLevel": "S-1-16-12288",
        "LogonId": "0x3e7",
        "User": "SO-A\\bob",
        "sentinel.logsource.category": "process_creation",
    }.items() <= fields.items()


def test_a_registry_change_can_be_asked_by_sysmons_names():
    """The hive in Sysmon's spelling, the value behind its key."""
    fields = native_fields(CHANGED)

    assert fields["Image"] == "C:\\Windows\\regedit.exe"
    assert fields["TargetObject"] == "HKLM\\System\\CurrentControlSet\\Services\\x\\Start"
    assert fields["Details"] == "4"


def test_a_key_without_a_value_is_the_target_alone():
    """And another hive keeps its name."""
    fields = native_fields(CHANGED | {"ObjectName": "\\REGISTRY\\A\\x", "ObjectValueName": "-"})

    assert fields["TargetObject"] == "\\REGISTRY\\A\\x"


def test_other_events_of_these_numbers_are_left_alone():
    """Only the security log means this by them."""
    fields = native_fields(CREATED | {"Channel": "Application"})

    assert "Image" not in fields


def test_what_an_event_says_itself_stays():
    """A name that is there is not replaced."""
    assert native_fields(CREATED | {"Image": "x"})["Image"] == "x"
