"""JSON objects out of a file's lines: one a line, in arrays, or written over many lines.

One object a line is read as it comes; anything else is read whole. The quick reader goes first;
what it refuses (bytes that are no UTF-8, NaN, halves of letters) is read again by a patient one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

import orjson

_LINE_END = "\n"
_BEGINS = re.compile(r"\n\x1e?[{\[]")
_BLANK = re.compile(r"[\s\x1e]*")  # RFC 7464 puts 0x1E between texts
_UNDECODED = re.compile("[\udc80-\udcff]")
_BRACKETS = (b"{", b"[")
_AROUND = b"\x1e \t\r\n"
_MAY_HOLD = frozenset((float, dict, list))  # a number that was rounded
_EXACT = 2.0**53  # from here on a float may be a whole number that the quick reader rounded


@dataclass(slots=True)  # not frozen: one is made for each line, and that would double its cost
class Found:
    """One object. `flat` where it was seen that none of its values holds another object.

    `text` is the line it stands on, where it stands on a line of its own.
    """

    record: dict[str, object]
    flat: bool = field(default=False, compare=False)
    text: bytes | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that is no object, the line it begins in (0: no line), and why it is no use."""

    line: int
    why: str


class NotJson(ValueError):  # noqa: N818 - reads as the sentence it is
    """Nothing in the text is a JSON object. `lines` are those that were read, without blanks."""

    def __init__(self, lines: list[bytes]) -> None:
        self.lines = lines
        super().__init__("nothing in it is a JSON object")


def records(lines: Iterable[bytes]) -> Iterator[Found | Broken]:
    """Every object of the lines in order, and what stands between them that is none.

    After something broken, reading goes on with the next line that begins with a bracket.

    Raises:
        NotJson: there is something, and nothing of it is an object.
    """
    numbered = enumerate(lines, start=1)
    first = next(_filled(numbered), None)
    if first is None:
        return iter(())
    if isinstance(value_in(first[1]), dict):
        return by_line(chain([first], numbered))
    everything = [first, *_filled(numbered)]
    found = list(_anyhow(everything))
    if not any(isinstance(each, Found) for each in found):
        raise NotJson([line for _, line in everything])
    return iter(found)


def value_of(text: bytes) -> object:
    """The object or list that a text is; None where it is none."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return _patient(text)
    if isinstance(value, dict):
        return _patient(text) if _rounded(value) else value
    return value if isinstance(value, list) else None


def value_in(line: bytes) -> object:
    """The same of a line, with whatever stands around it."""
    return value_of(line.strip(_AROUND))


def by_line(numbered: Iterator[tuple[int, bytes]]) -> Iterator[Found | Broken]:
    """The same of lines with their numbers, of which some before were one object each."""
    left = yield from whole_lines(numbered)
    if left is not None:
        yield from _anyhow([left, *_filled(numbered)])


def whole_lines(
    numbered: Iterable[tuple[int, bytes]],
) -> Generator[Found | Broken, None, tuple[int, bytes] | None]:
    """The same up to the first line that is no value by itself: that line is returned, unread."""
    for number, line in numbered:
        found = _quick(line)
        if found is not None:
            yield found
            continue
        if _blank(line):
            continue
        value = value_in(line)
        if value is None:
            return number, line
        yield from _objects(value, number)
    return None


def _filled(numbered: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    return ((number, line) for number, line in numbered if not _blank(line))


def _quick(line: bytes) -> Found | None:
    """The object that a line is, if that can be said quickly: nearly always."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if type(record) is not dict:
        return None
    kinds = set(map(type, record.values()))
    if float in kinds or dict in kinds:
        return None if _rounded(record) else Found(record, text=line)
    if list in kinds and not _MAY_HOLD.isdisjoint(_kinds_within(record)):
        return None
    return Found(record, True, line)


def _kinds_within(record: dict[str, object]) -> set[type]:
    """The types of what the record's lists hold."""
    values = list(record.values())
    kinds = list(map(type, values))
    found: set[type] = set()
    at = -1
    for _ in range(kinds.count(list)):
        at = kinds.index(list, at + 1)
        found.update(map(type, values[at]))  # type: ignore[call-overload]  # it is a list
    return found


def _anyhow(numbered: list[tuple[int, bytes]]) -> Iterator[Found | Broken]:
    """Values one after the other, each on as many lines as it needs."""
    text = "".join(f"{_text(line).rstrip(_LINE_END)}\n" for _, line in numbered)
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


def _patient(text: bytes) -> object:
    try:
        value = json.loads(_text(text))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) else None


def _rounded(value: dict[str, object]) -> bool:
    """Say whether a number may have been rounded: a float that is large enough for it."""
    if not _MAY_HOLD & set(map(type, value.values())):
        return False
    return any(_large(each) for each in value.values() if type(each) in _MAY_HOLD)


def _large(value: object) -> bool:
    if isinstance(value, float):
        return abs(value) >= _EXACT
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, list) and any(
        _large(each) for each in value if type(each) in _MAY_HOLD
    )


def _text(line: bytes) -> str:
    """The line as text; bytes that are no UTF-8 become their number in hexadecimal digits."""
    text = line.decode("utf-8", "surrogateescape")
    return _UNDECODED.sub(lambda found: f"\\\\x{ord(found[0]) - 0xDC00:02x}", text)


def _blank(line: bytes) -> bool:
    # Nearly every line begins with a bracket, and needs no look at the rest.
    return line[:1] not in _BRACKETS and not line.strip(_AROUND)


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return at if blank is None else blank.end()
