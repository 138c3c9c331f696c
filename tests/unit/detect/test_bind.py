"""Which ECS field a Sigma name is, by the rule's logsource."""

import pytest

from sentinel.detect.bind import BY_CATEGORY, bind, bound_name
from sentinel.detect.condition import NullAtom
from sentinel.detect.engine import Engine
from sentinel.detect.ruleset import Logsource
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText
from sentinel.model.ids import EventId, Offset
from sentinel.normalise.read import read
from tests.samples import a_record


@pytest.mark.parametrize(
    ("category", "name", "bound"),
    [
        ("webserver", "cs-method", "http.request.method"),
        ("webserver", "url.path", "url.path"),
        ("webserver", "unheard-of", "unheard-of"),
        ("proxy", "cs-method", "cs-method"),
        (None, "cs-method", "cs-method"),
    ],
)
def test_a_name_is_bound_by_category(category, name, bound):
    """Names outside of a category's table stay."""
    assert bound == bound_name(Logsource(category=category), name)


@pytest.mark.parametrize(
    ("logsource", "name", "bound"),
    [
        ({"product": "windows"}, "EventID", "winlog.event_id"),
        ({"product": "windows"}, "Provider_Name", "winlog.provider_name"),
        ({"product": "windows"}, "ComputerName", "winlog.computer_name"),
        ({"product": "windows"}, "CommandLine", "winlog.event_data.CommandLine"),
        ({"product": "windows"}, "Threat Name", "winlog.event_data.Threat Name"),
        ({"product": "windows"}, "unheard-of", "winlog.event_data.unheard-of"),
        ({"product": "windows"}, "process.executable", "process.executable"),
        ({"product": "windows"}, "@timestamp", "@timestamp"),
        (
            {"category": "process_creation"},
            "OriginalFileName",
            "winlog.event_data.OriginalFileName",
        ),
        ({"category": "process_creation"}, "unheard-of", "winlog.event_data.unheard-of"),
        ({}, "CommandLine", "winlog.event_data.CommandLine"),
        ({}, "unheard-of", "unheard-of"),
        ({"product": "our_own"}, "Image", "winlog.event_data.Image"),
        ({"product": "linux", "category": "process_creation"}, "CommandLine", "CommandLine"),
        ({"product": "zeek", "service": "dns"}, "query", "query"),
    ],
)
def test_names_of_windows_are_those_of_system_or_of_its_data(logsource, name, bound):
    """Where the rule is for Windows, or may be."""
    assert bound == bound_name(Logsource(**logsource), name)


def test_a_condition_is_bound_whole():
    """Binding goes through the condition tree."""
    bound = bind(NullAtom("cs-referer"), Logsource(category="webserver"))

    assert NullAtom("http.request.referrer") == bound


def test_no_binding_needs_a_second_one():
    """What a table leads to is no name that it would lead elsewhere."""
    for table in BY_CATEGORY.values():
        assert set(table) & set(table.values()) == set()


RULE = """title: Shell
logsource: {product: windows, category: process_creation}
detection:
  selection: {Image|endswith: cmd.exe, CommandLine|contains: whoami, EventID: 1}
  filter: {process.parent.name: explorer.exe}
  condition: selection and not filter
"""
LINE = (
    '<14>1 2026-11-22T12:00:00+07:00 ws01 Sysmon - - - {"EventID": 1, "Image": "C:\\\\cmd.exe",'
    ' "Channel": "Microsoft-Windows-Sysmon/Operational", "CommandLine": "cmd /c whoami",'
    ' "ParentImage": "C:\\\\%s", "Hostname": "ws01"}'
)


@pytest.mark.parametrize(("parent", "count"), [("winword.exe", 1), ("explorer.exe", 0)])
def test_a_rule_for_windows_meets_what_the_service_reads(parent, count):
    """Native names and ECS names side by side, of an event that came within syslog."""
    ruleset = load([SourceText("rule.yml", RULE)])
    event = read(a_record((LINE % parent).encode()), EventId("0a1b2c3d-000000000001"), Offset(1))
    found = Engine(ruleset).match(event)

    assert ruleset.refused == ()
    assert count == len(found)
    assert all(each.matched["winlog.event_data.CommandLine"] == "cmd /c whoami" for each in found)
