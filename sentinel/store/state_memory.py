"""The state as plain dicts: what every other state must do, and the one that tests use.

A transaction works on a copy, which takes the place of the original when the block ends well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sentinel.store.memory_reader import MemoryReader
from sentinel.store.memory_tables import MemoryTables
from sentinel.store.memory_writer import MemoryWriter


class MemoryState:
    """`ports.State` that is gone when the program ends."""

    def __init__(self) -> None:
        self._tables = MemoryTables()
        self._turn = Lock()

    @contextmanager
    def transaction(self) -> Iterator[MemoryWriter]:
        """See `ports.State.transaction`."""
        with self._turn:
            copy = self._tables.copy()
            yield MemoryWriter(copy)
            self._tables = copy

    @contextmanager
    def reading(self) -> Iterator[MemoryReader]:
        """See `ports.State.reading`."""
        yield MemoryReader(self._tables)

    def close(self) -> None:
        """See `ports.State.close`. There is nothing to let go of."""
