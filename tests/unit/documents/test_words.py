"""What may stand at a key, in words."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from sentinel.documents import Allowed
from sentinel.documents.words import Expected, expected_at, in_words, key_expected_at, keys


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Leaf(BaseModel):
    start: int = Field(default=0, alias="from")


class Tree(BaseModel):
    leaves: tuple[Leaf, ...] = ()
    named: dict[Colour, Leaf] = {}
    best: Annotated[Leaf | None, Field(description="x")] = None


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (int, "a whole number"),
        (Annotated[int, Field(ge=1)], "a whole number from 1"),
        (Annotated[int, Field(ge=1, le=9)], "a whole number from 1 to 9"),
        (Annotated[float, Field(gt=0, lt=1)], "a number above 0 below 1"),
        (bool, "true or false"),
        (date, "a date like 2026-11-22"),
        (str | None, "a text"),
        (str | int, "a text or a whole number"),
        (Literal["a", "b"], "one of: a, b"),
        (Colour, "one of: red, blue"),
        (list, "a list"),
        (list[Colour], "a list, each item one of: red, blue"),
        (tuple[Annotated[str, Allowed("a name")], ...], "a list, each item a name"),
        (dict[str, int], "a mapping"),
        (Mapping, "a mapping"),
        (Leaf, "a mapping with the keys from"),
        (Annotated[str, Allowed("a name")] | None, "a name"),
        (bytes, "another kind of value"),
    ],
)
def test_a_type_is_said_to_a_person(annotation, words):
    """Kinds, ranges and choices, without a word of Python."""
    assert words == in_words(Expected(annotation))


@pytest.mark.parametrize(
    ("where", "annotation"),
    [
        (("leaves", 0, "from"), int),
        (("named", "red", "from"), int),
        (("best", "from"), int),
        (("best", "start"), None),
        (("leaves", 0, "from", "below"), None),
        (("nowhere",), None),
    ],
)
def test_the_type_at_a_way_down(where, annotation):
    """Through lists, mappings and "or None"; by the key that a file uses."""
    found = expected_at(Tree, where)

    assert annotation == (found and found.annotation)


def test_the_type_of_a_mapping_s_keys():
    """A wrong key is told from the keys that are allowed."""
    found = key_expected_at(Tree, ("named",))

    assert found is not None
    assert in_words(found) == "one of: red, blue"
    assert key_expected_at(Tree, ("nowhere",)) is None


def test_keys_go_by_the_name_in_the_file():
    """Python's name of a key that is a Python word never shows."""
    assert list(keys(Leaf)) == ["from"]
