"""What monitoring asks of a service besides its status: counters, and how much lies where."""

from __future__ import annotations

from pathlib import Path

from sentinel import assembly
from sentinel.ports import Measures


def measure(house: assembly.House) -> Measures:
    """Look everything up now. Raises OSError where a folder cannot be read."""
    with house.state.reading() as state:
        outbox = state.count_pending()
    return Measures(
        counts=house.meter.counts(),
        journal_records=house.journal.last(),
        journal_bytes=folder_bytes(assembly.journal_folder(house.settings)),
        store_records=house.store.sealed_through(),
        store_bytes=folder_bytes(assembly.events_folder(house.settings)),
        outbox=outbox,
        windows_dropped=len(house.pipeline.engine.dropped_windows),
    )


def folder_bytes(folder: Path) -> int:
    """The size of its files; one that goes away meanwhile counts nothing. Raises OSError."""
    return sum(_bytes(path) for path in folder.iterdir())


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
