"""Hyperscan's databases: made once for the same texts, and kept for the next start.

Hyperscan (or Vectorscan, its portable form) looks for thousands of texts in one pass. A database is
bytes that only this machine's kind of processor can use; elsewhere it is made anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import hyperscan

CASELESS = hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_CASELESS
MAYBE = (  # yes too often rather than too seldom
    hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_PREFILTER | hyperscan.HS_FLAG_ALLOWEMPTY
)
OPTIONS = {
    "i": hyperscan.HS_FLAG_CASELESS,
    "m": hyperscan.HS_FLAG_MULTILINE,
    "s": hyperscan.HS_FLAG_DOTALL,
}

Expression = tuple[bytes, int]  # and its flags


class Refused(ValueError):  # noqa: N818 - reads as the sentence it is
    """Hyperscan cannot use one of these expressions."""


class Databases:
    """Makes databases. `kept` are those of an earlier start, by key; `made` those that were not."""

    def __init__(self, kept: Mapping[str, bytes] | None = None) -> None:
        self._kept = kept or {}
        self._ready: dict[str, hyperscan.Database] = {}
        self.made: dict[str, bytes] = {}

    def of_texts(self, texts: Sequence[bytes]) -> hyperscan.Database:
        """A database of plain texts that ignores ASCII's case; it reports a text's number once."""
        return self._get([(text, CASELESS) for text in texts], literal=True)

    def of_expressions(self, expressions: Sequence[Expression]) -> hyperscan.Database:
        """A database of regular expressions.

        Raises:
            Refused: one of them cannot be used.
        """
        return self._get(expressions, literal=False)

    def _get(self, expressions: Sequence[Expression], *, literal: bool) -> hyperscan.Database:
        key = sha256(repr((literal, expressions)).encode()).hexdigest()
        ready = self._ready.get(key)
        if ready is None:
            ready = self._ready[key] = self._load(key) or self._make(key, expressions, literal)
        return ready

    def _load(self, key: str) -> hyperscan.Database | None:
        kept = self._kept.get(key)
        if kept is None:
            return None
        try:
            database = hyperscan.loadb(kept, hyperscan.HS_MODE_BLOCK)
            database.scratch = hyperscan.Scratch(database)  # what is loaded comes without
        except hyperscan.error:
            return None  # of another processor or version, or damaged: it is made anew
        return database

    def _make(
        self,
        key: str,
        expressions: Sequence[Expression],
        literal: bool,  # noqa: FBT001 - one of two ways, chosen above
    ) -> hyperscan.Database:
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        try:
            database.compile(
                expressions=[text for text, _ in expressions],
                ids=list(range(len(expressions))),
                elements=len(expressions),
                flags=[flags for _, flags in expressions],
                literal=literal,
            )
        except hyperscan.error as cause:
            raise Refused(str(cause)) from cause
        self.made[key] = hyperscan.dumpb(database)
        return database


def numbers(database: hyperscan.Database, data: bytes) -> list[int]:
    """The numbers of what is found in the data."""
    found: list[int] = []
    database.scan(data, _note, context=found)
    return found


def _note(number: int, start: int, end: int, flags: int, found: Any) -> None:  # noqa: ANN401 - Hyperscan hands anything through
    del start, end, flags
    found.append(number)
