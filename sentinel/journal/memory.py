"""The journal in memory: what every journal must do, with no disk in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock

from sentinel.errors import JournalFull
from sentinel.model.ids import InputName, JournalId, Offset
from sentinel.model.record import Record
from sentinel.ports import Entry

NAMELESS = JournalId("00000000")


class MemoryJournal:
    """Implements `ports.Journal`; nothing outlives the process. `room` counts records."""

    def __init__(self, journal: JournalId = NAMELESS, *, room: int = 1 << 62) -> None:
        self._id = journal
        self.room = room
        self._lock = Lock()
        self._entries: list[Entry] = []
        self._last = Offset(0)
        self._positions: dict[InputName, dict[str, str]] = {}

    @property
    def id(self) -> JournalId:
        """Its name."""
        return self._id

    def append(self, records: Sequence[Record]) -> Offset:
        """Keep these records and return the offset of the last.

        Raises:
            JournalFull: there is no room for all of them. Nothing was taken.
        """
        with self._lock:
            if len(records) > self.room:
                raise JournalFull(
                    f"the journal in memory has room for {self.room} more records, not for "
                    f"{len(records)}: nothing was taken"
                )
            self.room -= len(records)
            for record in records:
                self._last = Offset(self._last + 1)
                self._entries.append(Entry(self._last, record))
                if record.position is not None:
                    streams = self._positions.setdefault(record.input, {})
                    streams[record.position.stream] = record.position.mark
            return self._last

    def read(self, after: Offset, limit: int) -> Sequence[Entry]:
        """The entries that follow `after`, at most `limit`."""
        with self._lock:
            start = max(0, after - (self._last - len(self._entries)))
            return self._entries[start : start + limit]

    def last(self) -> Offset:
        """The offset of the newest record, 0 before the first."""
        with self._lock:
            return self._last

    def positions(self, input_name: InputName) -> Mapping[str, str]:
        """The newest mark of each stream of this input."""
        with self._lock:
            return dict(self._positions.get(input_name, {}))

    def drop_through(self, offset: Offset) -> None:
        """Keep everything: only whole files may go, and here there are none."""

    def damaged(self) -> Sequence[str]:
        """Nothing breaks here."""
        return []

    def close(self) -> None:
        """Nothing to write."""
