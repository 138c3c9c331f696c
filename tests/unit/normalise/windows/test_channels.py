"""Which logsource a Windows event is."""

import pytest

from sentinel.detect.taxonomy import CATEGORIES as KNOWN_CATEGORIES
from sentinel.detect.taxonomy import SERVICES as KNOWN_SERVICES
from sentinel.normalise.windows.channels import (
    SERVICES,
    SYSMON,
    logsource_of,
    number_of,
    service_of,
)

SYSMON_CHANNEL = "Microsoft-Windows-Sysmon/Operational"


def _told(channel, provider, event_id):
    found = logsource_of(channel, provider, event_id)
    names = ("product", "category", "service")
    return tuple(found.get(f"sentinel.logsource.{name}") for name in names)


@pytest.mark.parametrize(
    ("channel", "provider", "event_id", "expected"),
    [
        (SYSMON_CHANNEL, None, 1, ("windows", "process_creation", "sysmon")),
        (SYSMON_CHANNEL.upper(), None, "11", ("windows", "file_event", "sysmon")),
        (
            SYSMON_CHANNEL,
            None,
            13,
            ("windows", ["registry_event", "registry_set"], "sysmon"),
        ),
        (SYSMON_CHANNEL, None, 26, ("windows", "file_delete", "sysmon")),
        (SYSMON_CHANNEL, None, 99, ("windows", "*", "sysmon")),
        (SYSMON_CHANNEL, None, None, ("windows", "*", "sysmon")),
        ("Security", "Microsoft-Windows-Security-Auditing", 4624, ("windows", None, "security")),
        ("security", None, 4688, ("windows", "process_creation", "security")),
        ("PowerShellCore/Operational", None, 4104, ("windows", "ps_script", "powershell")),
        (
            "Windows PowerShell",
            "PowerShell",
            400,
            ("windows", "ps_classic_start", "powershell-classic"),
        ),
        ("System", "Service Control Manager", 7045, ("windows", None, "system")),
        (
            "Microsoft-Windows-Windows Defender/Operational",
            None,
            1116,
            ("windows", "antivirus", "windefend"),
        ),
        (
            "Microsoft-Windows-LDAP-Client/Debug",
            None,
            30,
            ("windows", None, ["ldap", "ldap_debug"]),
        ),
        # A channel that was passed on: the provider is asked.
        (
            "ForwardedEvents",
            "Microsoft-Windows-Sysmon",
            3,
            ("windows", "network_connection", "sysmon"),
        ),
        (None, "Microsoft-Windows-TaskScheduler", 106, ("windows", None, "taskscheduler")),
        (None, "Service Control Manager", 7036, ("windows", None, "system")),
        # Nothing is known but that it is Windows.
        ("Vendor-Product/Operational", "Vendor", 5, ("windows", "*", "*")),
        # Sysmon runs on Linux, too.
        ("Linux-Sysmon/Operational", "Linux-Sysmon", 1, ("linux", "process_creation", "sysmon")),
        # Nothing is known at all.
        (None, "Vendor", 5, (None, None, None)),
        (None, None, 1, (None, None, None)),
        ("", "", "", (None, None, None)),
        (["a"], {"b": 1}, [1], (None, None, None)),
    ],
)
def test_an_event_is_of_this_logsource(channel, provider, event_id, expected):
    """By channel, else by provider, and by its number."""
    assert expected == _told(channel, provider, event_id)


def test_the_kernels_own_file_events_are_of_every_kind():
    """Its numbers are others than Sysmon's."""
    _, categories, service = _told("", "Microsoft-Windows-Kernel-File", 30)

    assert service is None
    assert {"file_access", "file_rename", "file_event"} <= set(categories)


def test_very_long_names_are_no_channels():
    """Nor are they remembered."""
    assert logsource_of("x" * 10_000, None, 1) == {}


def test_every_word_is_one_of_the_taxonomy():
    """A word that rules do not know would send events nowhere."""
    categories = {word for words in SYSMON.values() for word in words}

    assert set(SERVICES) <= KNOWN_SERVICES
    assert categories <= KNOWN_CATEGORIES


def test_no_channel_belongs_to_two_services():
    """Whatever its letters' case."""
    channels = [channel.lower() for each in SERVICES.values() for channel in each]

    assert len(channels) == len(set(channels))


@pytest.mark.parametrize(
    ("event_id", "expected"),
    [(1, 1), ("4688", 4688), ("-1", None), ("x", None), ("٤", None), (True, None), (1.0, None)],
)
def test_the_number_of_an_event(event_id, expected):
    """As a number or in plain digits."""
    assert expected == number_of(event_id)


def test_the_service_alone_can_be_asked_for():
    """As the ECS names do."""
    assert service_of("Security", None) == "security"
    assert service_of("ForwardedEvents", "Microsoft-Windows-Sysmon") == "sysmon"
    assert service_of(None, None) == ""
