"""JSON objects out of a file's lines: one a line, in arrays, or written over many lines.

One object a line is read as it comes; anything else is read whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

_LINE_END = "\n"
_BEGINS = re.compile(r"\n\x1e?[{\[]")
_BLANK = re.compile(r"[\s\x1e]*")  # RFC 7464 puts 0x1E between texts


@dataclass(frozen=True, slots=True)
class Found:
    """One object."""

    record: dict[str, object]


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that is no object, the line it begins in, and why it cannot be used."""

    line: int
    why: str


class NotJson(ValueError):  # noqa: N818 - reads as the sentence it is
    """Nothing in the text is a JSON object. `lines` are those that were read, without blanks."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("nothing in it is a JSON object")


def records(lines: Iterable[str]) -> Iterator[Found | Broken]:
    """Every object of the lines in order, and what stands between them that is none.

    After something broken, reading goes on with the next line that begins with a bracket.

    Raises:
        NotJson: there is something, and nothing of it is an object.
    """
    numbered = ((number, line) for number, line in enumerate(lines, start=1) if not _blank(line))
    first = next(numbered, None)
    if first is None:
        return iter(())
    if isinstance(_value(first[1]), dict):
        return _by_line(chain([first], numbered))
    everything = [first, *numbered]
    found = list(_anyhow(everything))
    if not any(isinstance(each, Found) for each in found):
        raise NotJson([line for _, line in everything])
    return iter(found)


def _by_line(numbered: Iterator[tuple[int, str]]) -> Iterator[Found | Broken]:
    for number, line in numbered:
        value = _value(line)
        if value is None:
            yield from _anyhow([(number, line), *numbered])
        else:
            yield from _objects(value, number)


def _anyhow(numbered: list[tuple[int, str]]) -> Iterator[Found | Broken]:
    """Values one after the other, each on as many lines as it needs."""
    text = "".join(f"{line.rstrip(_LINE_END)}\n" for _, line in numbered)
    decoder = json.JSONDecoder()
    at = _skip(text, 0)
    before = counted = 0
    while at < len(text):
        before += text.count("\n", counted, at)
        counted = at
        line = numbered[before][0]
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield Broken(line, f"this is no JSON: {error}")
            begins = _BEGINS.search(text, text.find("\n", at))
            end = len(text) if begins is None else begins.end() - 1
        else:
            yield from _objects(value, line)
        at = _skip(text, end)


def _objects(value: object, line: int) -> Iterator[Found | Broken]:
    if isinstance(value, list):
        for each in value:
            yield from _objects(each, line)
    elif isinstance(value, dict):
        yield Found(value)
    else:
        yield Broken(line, f"this is no object: {str(value)[:40]!r}")


def _value(line: str) -> object:
    """The object or list that the line is; None where it is none."""
    try:
        value = json.loads(line.strip("\x1e \t\r\n"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) else None


def _blank(line: str) -> bool:
    return _BLANK.fullmatch(line) is not None


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return at if blank is None else blank.end()
