"""Values that say something else than they seem to: wildcards, backslashes, unseen characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from sentinel.detect.lint.finding import Finding, hint, say, warning
from sentinel.detect.lint.subject import Item, Subject
from sentinel.model.text import LocalText

_PLACED = ("contains", "startswith", "endswith")
_NO_TEXT = {"re", "cidr", "expand", "fieldref", "exists", "lt", "lte", "gt", "gte", "base64"}
# One backslash makes a wildcard a character. With three somebody has meant just that.
_ESCAPED = re.compile(r"(?<!\\)\\([*?])")
_EDGE_STAR_START = re.compile(r"\*")
_EDGE_STAR_END = re.compile(r"(?:^|[^\\])(?:\\\\)*\*$")
_PATH = re.compile(r"(?:[a-z]:|%\w+%|\w)\\[^*?\\]|\\\w+\\", re.IGNORECASE)
# Two backslashes at the beginning and single ones later: an escaped path would double them all.
_UNC = re.compile(r"\\\\[^\\*?]+(?<!\\)\\[^\\*?]")
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
_NO_BREAK = "\u00a0"


def check_patterns(subject: Subject) -> Iterator[Finding]:
    """Each text of the detection, as it will be understood."""
    for item in subject.items():
        for index, value in enumerate(item.values):
            if isinstance(value, str) and value:
                place = subject.place(*item.value_at(index))
                yield from _unseen(place, value)
                if not _NO_TEXT.intersection(item.modifiers):
                    yield from _stars(place, item, value)
                    yield from _backslashes(place, item, value)


def _unseen(place: str, value: str) -> Iterator[Finding]:
    """What nobody sees, right beside a letter; by itself, or in a smiley, it is meant."""
    for before, each, after in zip(f" {value[:-1]}", value, f"{value[1:]} ", strict=True):
        odd = each == _NO_BREAK or unicodedata.category(each) in _UNSEEN
        if odd and each not in "\t\r\n" and (before.isalnum() or after.isalnum()):
            code = f"U+{ord(each):04X}"
            yield warning(
                "unseen-character",
                place,
                say("the value holds a character that nobody sees: {code}", code=code),
                say("It often comes with copied text; write it as an expression if it is meant."),
            )
            return


def _stars(place: str, item: Item, value: str) -> Iterator[Finding]:
    if not item.field or value.strip("*") == "":
        return
    start, end = bool(_EDGE_STAR_START.match(value)), bool(_EDGE_STAR_END.search(value))
    placed = [name for name in _PLACED if name in item.modifiers]
    if not placed:
        inner = value[1 if start else 0 : -1 if end else None]
        if (start or end) and "*" not in inner and "?" not in inner:
            yield hint(
                "star-for-modifier",
                place,
                say("a star at the edge of a text says what a modifier says"),
                say("Write {field}|{modifier}.", field=item.field, modifier=_meant(start, end)),
            )
        return
    useless = (start and placed[0] != "startswith") or (end and placed[0] != "endswith")
    if useless:
        yield warning(
            "star-at-open-edge",
            place,
            say("a star at an edge that `{modifier}` leaves open adds nothing", modifier=placed[0]),
            say("Leave the star away, or escape it where it is meant as a character."),
        )


def _meant(start: bool, end: bool) -> str:  # noqa: FBT001 - the two edges
    if start and end:
        return "contains"
    return "endswith" if start else "startswith"


def _backslashes(place: str, item: Item, value: str) -> Iterator[Finding]:
    escaped = _ESCAPED.search(value)
    if escaped is not None and _PATH.search(value):
        yield warning(
            "escaped-wildcard",
            place,
            _literal(escaped[1]),
            say(
                "For a backslash and then anything write {written}.",
                written="\\\\" + escaped[1],
            ),
        )
    if _UNC.match(value) and item.field and "contains" not in item.modifiers:
        yield warning(
            "unc-backslashes",
            place,
            say("two backslashes at the beginning are one backslash: the first escapes the second"),
            say("For a path like {path} write four.", path="\\\\server\\share"),
        )


def _literal(mark: str) -> LocalText:
    return say("the {mark} in this path is the character itself: a backslash escapes it", mark=mark)
