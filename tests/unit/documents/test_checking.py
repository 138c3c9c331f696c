"""A document against a model: every fault with its line, in words."""

from typing import Annotated

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict

from sentinel.documents import Allowed, SourceText, check, dotted, parse, read, refuse, show
from sentinel.errors import Fault, InputError, SettingsError


def _even(number: int) -> int:
    if number % 2:
        raise ValueError("this number is odd")
    return number


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Strict()]
    count: Annotated[int, AfterValidator(_even), Allowed("an even number")] = 0


class Box(BaseModel):
    model_config = ConfigDict(extra="forbid")
    items: list[Item] = []
    by_number: dict[int, Item] = {}
    label: str = Field(default="", max_length=3, pattern="^[a-z]*$")


def told(text: str, **options) -> list[str]:
    with pytest.raises(InputError) as caught:
        check(parse(SourceText("a.yml", text)), Box, **options)
    return [str(fault) for fault in caught.value.faults]


def test_a_right_document_becomes_the_model():
    """With its defaults; an empty one too."""
    made = check(parse(SourceText("a.yml", "items: [{name: x, count: 2}]")), Box)

    assert Box(items=[Item(name="x", count=2)]) == made
    assert Box() == check(parse(SourceText("a.yml", "")), Box)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("items:\n- count: 1\n", [
            "a.yml:2: items[0].name: this key is missing; allowed: a text",
            "a.yml:2: items[0].count: this number is odd; found '1'; allowed: an even number",
        ]),
        ("items:\n- name: x\n  cuont: 2\n", [
            ("a.yml:3: items[0].cuont: there is no such key, did you mean 'count'?"
            "; allowed: name, count"),
        ]),
        ("itms: 1\nxyz: 2\n", [
            ("a.yml:1: itms: there is no such key, did you mean 'items'?"
            "; allowed: items, by_number, label"),
            "a.yml:2: xyz: there is no such key; allowed: items, by_number, label",
        ]),
        ("items: {name: x}\n", [
            ("a.yml:1: items: this is the wrong kind of value; found a mapping"
            "; allowed: a list, each item a mapping with the keys name, count"),
        ]),
        ("items:\n- name: 2026-11-22\n", [
            ("a.yml:2: items[0].name: this is the wrong kind of value; found '2026-11-22'"
            "; allowed: a text"),
        ]),
        ("by_number:\n  one: {name: x}\n", [
            ("a.yml:2: by_number.one: this is the wrong kind of value; found 'one'"
            "; allowed: a whole number"),
        ]),
        ("label: abcd\n", [
            "a.yml:1: label: there is too much of it; found 'abcd'; allowed: a text",
        ]),
        ("label: A\n", [
            "a.yml:1: label: this text does not have the right form; found 'A'; allowed: a text",
        ]),
    ],
)  # fmt: skip
def test_every_fault_is_told(text, faults):
    """Place, key, what was found, what is allowed; the nearest key where one is misspelt."""
    assert faults == told(text)


def test_faults_found_elsewhere_come_in_order_of_line():
    """One error for everything that is wrong with a file; each fault once."""
    other = Fault("a.yml:1", "this too")

    assert [text.split("; ")[0] for text in told("# x\nxyz: 1\n", others=[other, other])] == [
        "a.yml:1: this too",
        "a.yml:2: xyz: there is no such key",
    ]


def test_faults_elsewhere_alone_are_faults():
    """A document that fits its model can still be wrong."""
    assert told("label: a", others=[Fault("a.yml:1", "no")]) == ["a.yml:1: no"]


def test_the_error_is_the_caller_s_kind():
    """A fault in the settings is a SettingsError."""
    with pytest.raises(SettingsError):
        check(parse(SourceText("a.yml", "x: 1")), Box, error=SettingsError)


def test_a_part_of_a_document_is_read_with_its_own_places():
    """Options of a collector stand deep in the settings."""
    document = parse(SourceText("a.yml", "one:\n- options:\n    count: 2\n"))

    made, faults = read(document, Item, at=("one", 0, "options"))

    assert made is None
    assert [str(fault) for fault in faults] == [
        "a.yml:2: one[0].options.name: this key is missing; allowed: a text"
    ]


def test_a_part_that_is_not_there_counts_as_empty():
    """Then its defaults count."""
    document = parse(SourceText("a.yml", "one: [7]\n"))

    assert (Box(), []) == read(document, Box, at=("one", 3, "x"))


def test_a_hostile_value_is_repeated_short_and_harmless():
    """A message may end up on a terminal."""
    document = parse(SourceText("a.yml", 'a: "\\e[2J' + "x" * 200 + '"\nb: {}\n'))

    shown = show(document, ("a",))

    assert shown.startswith("'\\x1b[2Jxxx")
    assert shown.endswith("'...")
    assert len(shown) < 80
    assert show(document, ("b",)) == "a mapping"


def test_refuse_does_nothing_without_faults():
    """It is called at the end of every check."""
    refuse(parse(SourceText("a.yml", "")), [])


def test_a_way_down_is_written_as_people_write_it():
    """Keys with dots, indexes in brackets."""
    assert dotted(("web", "soc", "port")) == "web.soc.port"
    assert dotted(("inputs", 0, "name")) == "inputs[0].name"
    assert dotted(()) == ""
