"""A file of placeholders: names, and what they stand for."""

from pathlib import Path

import pytest

from sentinel.detect.sigma.placeholders import Placeholders, named, read_placeholders
from sentinel.documents import SourceText
from sentinel.errors import InputError


def test_names_have_one_value_or_several():
    """Texts and numbers; the file's name is kept for messages."""
    text = "Administrators: [adm_*, root]\nPorts: 22\nNobody: []\n"
    expected = {"Administrators": ("adm_*", "root"), "Ports": (22,), "Nobody": ()}

    read = read_placeholders(SourceText("p.yml", text))

    assert expected == read.values
    assert "`Ports:` in p.yml" in read.way_out("Ports")


def test_an_empty_file_has_no_values():
    """It is no fault: the rules that need some will say so."""
    assert read_placeholders(SourceText("p.yml", "# none yet\n")).values == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A:\n  - a\n  - true\n", "p.yml:3: A[1]: this is neither text nor number"),
        ("A:\n  - {b: c}\n", "p.yml:2: A[0]: this is neither"),
        ("A: b\n'%C%': d\n", "p.yml:2: %C%: "),
        ("- a\n", "p.yml:1: "),
    ],
)
def test_what_is_no_such_file_is_told_with_its_line(text, said):
    """Each fault, with what is allowed."""
    with pytest.raises(InputError) as caught:
        read_placeholders(SourceText("p.yml", text))

    assert str(caught.value).startswith(said)


def test_the_names_in_a_detection_are_found():
    """Only under `expand`, wherever that stands; an escaped percent sign begins none."""
    detection = {
        "a": [{"user|expand": ["%A%", "x%B%y%A%"]}, {"user": "%C%"}],
        "c": {"user|re|expand": r"^D\\%F%$"},
        "b": {"user|contains|expand|all": r"\%D%E%", "port|expand": 22},
        "condition": "a and b",
    }

    assert list(named(detection)) == ["A", "B", "A", "F", "E"]


def test_without_a_file_the_way_out_is_still_said():
    """Rules may be read without any."""
    assert "a file of placeholders" in Placeholders().way_out("A")


def test_the_shipped_file_can_be_read_and_has_the_standard_names():
    """Those that the specification recommends (Rules, "Standard Placeholders")."""
    path = Path(__file__).parents[4] / "config" / "placeholders.yml"
    standard = {"Administrators", "JumpServers", "Workstations", "Servers", "DomainControllers"}

    read = read_placeholders(SourceText(path.name, path.read_text(encoding="utf-8")))

    assert standard - read.values.keys() == set()
    assert [name for name, values in read.values.items() if not values] == []
