"""The tables of ECS names: each name is one that is known, and none is asked for in vain."""

import pytest

from sentinel.detect.bind import WINDOWS_SYSTEM
from sentinel.normalise.fields import field_of
from sentinel.normalise.windows.ecs_names import SYSTEM, ecs_names, every_name


def test_every_name_is_on_the_page_of_fields():
    """With its type: what cannot be of it stays in `winlog.event_data` alone."""
    assert [name for name in sorted(every_name()) if field_of(name) is None] == []


def test_rules_are_bound_to_the_same_names_of_system():
    """Two stages that do not see each other agree."""
    assert SYSTEM == WINDOWS_SYSTEM


@pytest.mark.parametrize(
    ("service", "event_id", "native", "expected"),
    [
        ("sysmon", 1, "CommandLine", "process.command_line"),
        ("sysmon", 1, "Image", "process.executable"),
        ("sysmon", 8, "SourceImage", "process.executable"),
        ("sysmon", 8, "Image", None),
        ("sysmon", 11, "TargetFilename", "file.path"),
        ("sysmon", 13, "TargetObject", "registry.path"),
        ("security", 4624, "TargetUserName", "user.name"),
        ("security", 4720, "TargetUserName", "user.target.name"),
        ("security", 4732, "TargetUserName", "group.name"),
        ("security", 5140, "SubjectUserName", "user.name"),
        ("powershell", 4104, "ScriptBlockText", "powershell.file.script_block_text"),
        ("system", 7045, "ImagePath", None),
    ],
)
def test_a_native_name_has_this_ecs_name(service, event_id, native, expected):
    """By service and number of the event."""
    assert expected == ecs_names(service, event_id).get(native)
