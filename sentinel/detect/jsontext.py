"""JSON objects out of a file's lines: one a line, in arrays, or written over many lines.

One object a line is read as it comes; anything else is read whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

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

    Raises:
        NotJson: there is something, and nothing of it is JSON.
    """
    numbered = ((number, line) for number, line in enumerate(lines, start=1) if not _blank(line))
    first = next(numbered, None)
    if first is None:
        return iter(())
    if isinstance(_value(first[1]), dict):
        return _by_line(chain([first], numbered))
    return _whole([first, *numbered])


def _by_line(numbered: Iterable[tuple[int, str]]) -> Iterator[Found | Broken]:
    for number, line in numbered:
        yield from _objects(_value(line), number)


def _whole(numbered: list[tuple[int, str]]) -> Iterator[Found | Broken]:
    """Values one after the other; where the first is broken already, perhaps they are lines."""
    text = "".join(f"{line.rstrip(chr(10))}\n" for _, line in numbered)
    decoder = json.JSONDecoder()
    values: list[object] = []
    at = _skip(text, 0)
    while at < len(text):
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            if not values:
                return _by_line(_with_some_json(numbered))
            values.append(Broken(_line_at(numbered, text, at), f"no JSON from here on: {error}"))
            break
        values.append(value)
        at = _skip(text, end)
    return chain.from_iterable(_objects(value, numbered[0][0]) for value in values)


def _with_some_json(numbered: list[tuple[int, str]]) -> list[tuple[int, str]]:
    if not any(isinstance(_value(line), dict) for _, line in numbered):
        raise NotJson([line for _, line in numbered])
    return numbered


def _objects(value: object, line: int) -> Iterator[Found | Broken]:
    if isinstance(value, Broken):
        yield Broken(value.line or line, value.why)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each, line)
    elif isinstance(value, dict):
        yield Found(value)
    else:
        yield Broken(line, f"this is no object: {str(value)[:40]!r}")


def _value(line: str) -> object:
    try:
        return json.loads(line.strip("\x1e \t\r\n"))
    except (ValueError, RecursionError) as error:
        return Broken(0, f"this is no JSON: {error}")


def _blank(line: str) -> bool:
    return _BLANK.fullmatch(line) is not None


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return at if blank is None else blank.end()


def _line_at(numbered: list[tuple[int, str]], text: str, at: int) -> int:
    return numbered[min(text.count("\n", 0, at), len(numbered) - 1)][0]
