"""The journal in memory: its room is counted in records; the rest is in test_journal.py."""

import pytest

from sentinel.errors import JournalFull
from sentinel.journal.memory import MemoryJournal
from sentinel.model.ids import JournalId, Offset
from tests.samples import a_record


def test_it_bears_the_name_it_was_given():
    """A test can foresee event ids."""
    assert MemoryJournal(JournalId("0a1b2c3d")).id == "0a1b2c3d"


def test_without_room_it_takes_nothing():
    """All or none: two records do not fit where there is room for one."""
    journal = MemoryJournal(room=1)

    with pytest.raises(JournalFull, match="room for 1 more records, not for 2"):
        journal.append([a_record("a"), a_record("b")])

    assert journal.read(Offset(0), 10) == []
    assert journal.append([a_record("c")]) == 1
