"""What the matcher worked out of rules, as bytes for the next start.

Each rule's hints are a JSON list: null where they are not known, false where JSON has no words for
them, so that they are worked out again. Hyperscan's databases are bytes already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from sentinel.detect.match.clues import Clue, Clues, Empty, Literal, Number, Pattern, Presence
from sentinel.detect.match.hints import Hints
from sentinel.detect.values import RegexTest

FORMAT = 1
NATIVE, BOUND = "native", "bound"

_HINTS = "hints."
_DATABASE = "scan."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What is worked out of rules when their first events come.

    `hints` are those of every rule in order, by whose names they ask for (NATIVE, BOUND): None for
    one that is not known, or that has no words to be kept in (`speechless`, by place). `databases`
    are Hyperscan's, by what is in them.
    """

    hints: Mapping[str, Sequence[Hints | None]] = field(default_factory=dict)
    speechless: Mapping[str, frozenset[int]] = field(default_factory=dict)
    databases: Mapping[str, bytes] = field(default_factory=dict)


def to_sections(ready: Ready) -> dict[str, bytes]:
    """The named sections to keep."""
    sections = {f"{_DATABASE}{key}": data for key, data in ready.databases.items()}
    for names, hints in ready.hints.items():
        rules = [None if each is None else _written(each) for each in hints]
        sections[f"{_HINTS}{names}"] = orjson.dumps({"format": FORMAT, "rules": rules})
    return sections


def from_sections(sections: Mapping[str, bytes]) -> Ready:
    """What is usable of these sections; the rest is left out."""
    hints: dict[str, Sequence[Hints | None]] = {}
    speechless: dict[str, frozenset[int]] = {}
    for names in (NATIVE, BOUND):
        try:
            kept = orjson.loads(sections[f"{_HINTS}{names}"])
            if kept["format"] == FORMAT:
                hints[names] = [_read(each) for each in kept["rules"]]
                speechless[names] = frozenset(
                    number for number, each in enumerate(kept["rules"]) if each is False
                )
        except (LookupError, TypeError, ValueError, AttributeError):
            continue
    databases = {
        name.removeprefix(_DATABASE): data
        for name, data in sections.items()
        if name.startswith(_DATABASE)
    }
    return Ready(hints=hints, speechless=speechless, databases=databases)


def _written(hints: Hints) -> object:
    """The hints as JSON; False where it has no words for them."""
    clues = [[_clue(clue) for clue in each.any_of] for each in hints.options]
    if any(None in each for each in clues):
        return False
    options = [[each.rate, some] for each, some in zip(hints.options, clues, strict=True)]
    written = [options, [[name, list(values)] for name, values in hints.asked.items()]]
    try:
        orjson.dumps(written)
    except orjson.JSONEncodeError:  # a huge number, or half of a letter
        return False
    return written


def _clue(clue: Clue) -> object:
    match clue:
        case Literal(name, text, ascii_only):
            return ["text", name, text, ascii_only]
        case Number(name, number):
            return ["number", name, number]
        case Pattern(name, test):
            return ["pattern", name, test.pattern, test.flags]
        case Empty(name):
            return ["empty", name]
        case Presence(name, expected):
            return ["there" if expected else "missing", name]
    return None


def _read(written: Any) -> Hints | None:  # noqa: ANN401 - JSON
    if not written:
        return None
    options, asked = written
    return Hints(
        tuple(Clues(frozenset(_clues(clues)), rate) for rate, clues in options),
        {name: tuple(values) for name, values in asked},
    )


def _clues(written: Iterable[Sequence[Any]]) -> Iterable[Clue]:
    for kind, name, *rest in written:
        if kind == "text":
            yield Literal(name, *rest)
        elif kind == "number":
            yield Number(name, *rest)
        elif kind == "pattern":
            yield Pattern(name, RegexTest(*rest))
        elif kind == "empty":
            yield Empty(name)
        elif kind in {"there", "missing"}:
            yield Presence(name, kind == "there")
        else:
            raise ValueError(kind)
