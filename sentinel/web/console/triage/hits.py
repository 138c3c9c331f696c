r"""Which parts of a raw line made the rule match: the matched values, as the line writes them.

A normaliser decodes: what a rule saw as `../etc` may stand in the line as `%2e%2e/etc`, a quote
in JSON as `\"`. Every way of writing that occurs in the line counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from urllib.parse import quote, quote_plus

from sentinel.model.alert import Evidence

SHORTEST = 3  # characters: "su" would light up half of "result"


def hits_of(evidence: Evidence) -> tuple[str, ...]:
    """Return the texts to mark in `evidence.raw`, longest first; case is not looked at."""
    return hits(evidence.raw, evidence.matched.values())


def hits(raw: str, values: Iterable[str]) -> tuple[str, ...]:
    """Return those ways of writing the values that occur in the line, longest first."""
    line = raw.casefold()
    found = {
        way
        for value in values
        for way in _ways(value)
        if len(way) >= SHORTEST and way.casefold() in line
    }
    return tuple(sorted(found, key=lambda way: (-len(way), way)))


def _ways(value: str) -> Sequence[str]:
    value = value.strip()
    return (
        value,
        value.replace("\\", "\\\\"),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        _percent(value),
        _percent(value, plus=True),
        value.encode("unicode_escape").decode("ascii"),
        "".join(f"\\x{byte:02x}" if byte >= 0x80 else chr(byte) for byte in _bytes(value)),  # noqa: PLR2004 - the end of ASCII
    )


def _percent(value: str, *, plus: bool = False) -> str:
    return quote_plus(_bytes(value)) if plus else quote(_bytes(value))


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")
