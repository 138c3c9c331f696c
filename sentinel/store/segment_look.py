"""A look at the event store's folder that changes nothing: for the doctor."""

from __future__ import annotations

from pathlib import Path

from sentinel.errors import StoreDamaged
from sentinel.ports import SegmentsSeen
from sentinel.store.segment import NAME, open_segment


def look(folder: Path) -> SegmentsSeen:
    """Read the footer of every segment, as the service does when it starts.

    Raises:
        OSError: the folder cannot be read, or a file in it may not be.
    """
    events = 0
    bytes_at: list[tuple[float, int]] = []
    broken: list[str] = []
    aside: list[str] = []
    for path in sorted(folder.iterdir()):
        if ".parquet.damaged" in path.name:
            aside.append(path.name)
        if not NAME.fullmatch(path.name):
            continue
        try:
            events += open_segment(path).count
        except StoreDamaged as error:
            broken.append(f"{path.name}: {error}")
        else:
            stat = path.stat()
            bytes_at.append((stat.st_mtime, stat.st_size))
    return SegmentsSeen(
        segments=len(bytes_at),
        events=events,
        bytes_at=tuple(bytes_at),
        broken=tuple(broken),
        aside=tuple(aside),
    )
