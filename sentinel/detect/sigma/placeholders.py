"""What `%Administrators%` stands for: values that rules leave to the house they run in.

Sigma rules specification 2.1, "Placeholders": a rule with `expand` names a placeholder, and a tool
that has no values for it must refuse the rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, RootModel

from sentinel.documents import Allowed, SourceText, check, parse

_PIECE = re.compile(r"(?P<plain>\\\\)|\\(?P<percent>%)|%(?P<name>[^%]+)%")

Value = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholders:
    """The values of each placeholder by its exact name; `path` is the file that gives them."""

    path: str = ""
    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)

    def way_out(self, name: str) -> str:
        """Where values for this placeholder can be put."""
        where = self.path or "a file of placeholders"
        return f"a list of values under `{name}:` in {where}"


NO_PLACEHOLDERS = Placeholders()


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _text_or_number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("this is neither text nor number; put it in quotes where a text is meant")  # noqa: TRY004 - pydantic tells ValueError as a fault
    return value


_Name = Annotated[str, Field(pattern=r"^[^%]+$"), Allowed("a placeholder's name without %")]
_One = Annotated[Any, AfterValidator(_text_or_number), Allowed("a text or a number")]
_Values = Annotated[
    tuple[_One, ...],
    BeforeValidator(_listed),
    Allowed("a text, a number, or a list of them"),
]


class _File(RootModel[dict[_Name, _Values]]):
    """Names and their values."""


def read_placeholders(source: SourceText) -> Placeholders:
    """Read a file of placeholders: a mapping of names to one value or a list of them.

    Raises:
        InputError: it is no such file; every fault with its line.
    """
    made = check(parse(source), _File)
    return Placeholders(path=source.path, values=made.root)


@dataclass(frozen=True, slots=True)
class Named:
    """A placeholder in a text, by its name."""

    name: str


def pieces(text: str) -> Iterator[str | Named]:
    r"""A text under `expand`, cut at its placeholders.

    `\%` is a plain percent sign. `\\` is a backslash that escapes nothing, so that one can stand
    before a placeholder (`DOMAIN\\%Administrators%`): pySigma 1.5 finds none there.
    """
    plain, end = "", 0
    for found in _PIECE.finditer(text):
        plain += text[end : found.start()] + (found["plain"] or found["percent"] or "")
        end = found.end()
        if found["name"] is not None:
            yield plain
            yield Named(found["name"])
            plain = ""
    yield plain + text[end:]


def named(definition: Any) -> Iterator[str]:  # noqa: ANN401 - whatever stands under `detection:`
    """The placeholders that a detection names, as often as it does."""
    if isinstance(definition, list):
        for each in definition:
            yield from named(each)
    elif isinstance(definition, dict):
        for key, value in definition.items():
            if "expand" in str(key).split("|")[1:]:
                yield from _named_in(value)
            else:
                yield from named(value)


def _named_in(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield from (piece.name for piece in pieces(each) if isinstance(piece, Named))
