"""What DuckDB may leave out: conditions that let through every row that fits, and few others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from sentinel.ports import EventQuery
from sentinel.store.events_memory import folded
from sentinel.store.segment import ASKED, Segment


@dataclass(frozen=True, slots=True)
class Narrowing:
    """SQL that lets through every row that fits; `exact` where it lets through no other."""

    conditions: list[str]
    values: list[object]
    exact: bool


def narrow(segments: Sequence[Segment], query: EventQuery) -> Narrowing:
    """Turn a query over these files into conditions on a row, all of which must hold."""
    conditions = ["agency IS NULL" if query.agency is None else "agency = ?"]
    values: list[object] = [] if query.agency is None else [query.agency]
    exact = True
    if query.since is not None:
        conditions.append('"at" >= ?')
        values.append(query.since)
    if query.until is not None:
        conditions.append('"at" < ?')
        values.append(query.until)
    for name, text in (query.fields or {}).items():
        if name in ASKED and not any(name in segment.lists for segment in segments):
            conditions.append(f'"{name}" = ?')
            values.append(folded(text))
        else:
            condition, needles = _narrow_text(name, text)
            conditions.append(f"(starts_with(fields, ' ') OR ({condition}))")
            values += needles
            exact = False
    return Narrowing(conditions, values, exact)


def _narrow_text(name: str, text: str) -> tuple[str, list[object]]:
    """What the JSON text of fields must contain; the caller lets through text that is not orjson's.

    DuckDB folds case otherwise than Python outside of ASCII, so a value with letters narrows ASCII
    text alone. Nothing outside of ASCII folds to an ASCII digit or sign: a value without letters
    stands in the text as it is. The text of a float may differ (1e16, 1e+16): it narrows nothing.
    """
    key: list[object] = [orjson.dumps(name).decode() + ":"]
    if not text.isascii() or _may_be_float(text):
        return "contains(fields, ?)", key
    needle = orjson.dumps(text.lower()).decode()[1:-1]
    if text.lower() == text.upper():
        return "contains(fields, ?) AND contains(fields, ?)", [*key, needle]
    return (
        "contains(fields, ?) AND (contains(lower(fields), ?) OR strlen(fields) <> length(fields))",
        [*key, needle],
    )


def _may_be_float(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return not text.removeprefix("-").isdecimal()
