"""A look at the event store's folder that changes nothing: for the doctor, and for commands."""

from __future__ import annotations

from contextlib import closing
from glob import escape
from pathlib import Path

import duckdb

from sentinel.errors import StoreDamaged
from sentinel.model.event import Event
from sentinel.model.ids import EventId
from sentinel.ports import SegmentsSeen
from sentinel.store.segment import NAME, ROW, open_segment, read_row

_BY_ID = f"SELECT {ROW} FROM read_parquet(?) WHERE id = ?"  # noqa: S608 - a constant


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


def find(folder: Path, event: EventId) -> Event | None:
    """The event of this id, whoever's it is; None where no sealed segment holds it.

    Raises:
        OSError: the folder cannot be read.
        StoreDamaged: the event's row is not what was written.
    """
    for path in sorted(folder.iterdir()):
        if not NAME.fullmatch(path.name):
            continue
        try:
            segment = open_segment(path)
        except (StoreDamaged, FileNotFoundError):
            continue  # `look` names it
        if segment.lowest_id <= event <= segment.highest_id:
            with closing(duckdb.connect(":memory:")) as connection:
                row = connection.execute(_BY_ID, [escape(str(path)), event]).fetchone()
            if row is not None:
                return read_row(row)
    return None
