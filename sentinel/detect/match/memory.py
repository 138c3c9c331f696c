"""What the matcher remembers, under one bound for all of it: full means that all is forgotten.

Forgetting costs time and never changes an answer: everything remembered can be worked out again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sentinel.model.profile import MemoryRate

ENTRY = 250  # bytes of an entry beside its text: a key, a set that is mostly shared, the table

Memory = dict[Any, Any]


@dataclass(slots=True)
class Kind:
    """Dictionaries that remember the same kind of thing, and how often they were asked."""

    name: str
    dictionaries: list[Memory] = field(default_factory=list)
    askers: list[Callable[[], int]] = field(default_factory=list)
    unknown: int = 0

    def new(self) -> Memory:
        """One more dictionary, empty."""
        made: Memory = {}
        self.dictionaries.append(made)
        return made


class Memories:
    """Dictionaries that together hold at most `most` bytes, as estimated."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self.forgotten = 0  # how often all was forgotten
        self.values = Kind("values")
        self.combinations = Kind("combinations")
        self.ways = Kind("ways")

    def keep(self, memory: Memory, key: Hashable, value: object, size: int) -> None:
        """Remember; `size` is the bytes of the key and the value beyond an entry of its own."""
        self._held += size + ENTRY
        if self._held > self._most:
            self._forget()
            self._held = size + ENTRY
        memory[key] = value

    def drop(self) -> None:
        """Forget all, and the dictionaries too: their owners are gone."""
        self._forget()
        self._held = 0
        for kind in self._kinds:
            kind.dictionaries.clear()
            kind.askers.clear()

    def rates(self) -> Sequence[MemoryRate]:
        """How full each kind is, and how often it knew. Any thread may ask."""
        return [
            MemoryRate(
                name=kind.name,
                asked=(asked := sum(asker() for asker in list(kind.askers))),
                known=max(asked - kind.unknown, 0),
                size=sum(map(len, list(kind.dictionaries))),
                most=self._most // ENTRY,
            )
            for kind in self._kinds
        ]

    @property
    def _kinds(self) -> Sequence[Kind]:
        return self.values, self.combinations, self.ways

    def _forget(self) -> None:
        for kind in self._kinds:
            for each in kind.dictionaries:
                each.clear()
        self.forgotten += 1
