"""One document as the checks look at it: its keys, the items of its detection, their lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sentinel.detect.condition import Condition
from sentinel.detect.ruleset import Rule
from sentinel.detect.sigma.card import place_of
from sentinel.detect.sigma.marks import marks_of
from sentinel.documents import Document, Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a detection: `field|modifier: values`. Words without a field have "" for it."""

    detection: str
    where: Where
    field: str
    modifiers: tuple[str, ...]
    values: tuple[object, ...]
    listed: bool  # the values stand in a list, each in a line of its own

    def value_at(self, index: int) -> Where:
        """Where one of the values stands."""
        return (*self.where, index) if self.listed else self.where


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A document; `rule` is what runs of it, None for correlations, filters and what is refused."""

    document: Document
    data: dict[str, Any]
    rule: Rule | None

    @property
    def detection(self) -> dict[str, Any]:
        """What stands under `detection`."""
        detection = self.data.get("detection")
        return detection if isinstance(detection, dict) else {}

    def place(self, *where: str | int) -> str:
        """`file:line` of a key; of the document where none is named."""
        return self.document.place(where) if where else place_of(self.document)

    def items(self) -> Iterator[Item]:
        """Every item of the detection, in order."""
        for name, definition in self.detection.items():
            if name not in ("condition", "timeframe"):
                yield from _items(str(name), ("detection", name), definition)

    def place_of_part(self, condition: Condition, within: str = "") -> tuple[str, str]:
        """The line of a part of the rule's condition, and what it is called there."""
        if self.rule is None:
            return self.place(), ""
        marks = marks_of(self.document, self.rule.logsource).get(condition, ())
        for mark in sorted(marks, key=lambda mark: mark.detection != within):
            return mark.place, mark.name or mark.detection
        return self.place("detection", "condition"), ""


def _items(detection: str, where: Where, definition: object) -> Iterator[Item]:
    if isinstance(definition, dict):
        for key, value in definition.items():
            field, *modifiers = str(key).split("|")
            listed = isinstance(value, list)
            yield Item(
                detection=detection,
                where=(*where, key),
                field=field,
                modifiers=tuple(modifiers),
                values=tuple(value) if isinstance(value, list) else (value,),
                listed=listed,
            )
    elif isinstance(definition, list) and any(isinstance(each, dict) for each in definition):
        for index, each in enumerate(definition):
            yield from _items(detection, (*where, index), each)
    else:
        yield Item(
            detection=detection,
            where=where,
            field="",
            modifiers=(),
            values=tuple(definition) if isinstance(definition, list) else (definition,),
            listed=isinstance(definition, list),
        )
