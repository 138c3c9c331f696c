"""Who is examined."""

import os
from contextlib import closing

import pytest

from sentinel.assembly import journal_folder
from sentinel.doctor.linux import Presence
from sentinel.doctor.patient import from_outside, there
from sentinel.doctor.reading import Reading
from sentinel.journal.sqlite import SqliteJournal
from tests.samples import FixedClock


def test_a_service_is_seen_by_the_lock_it_holds(settings):
    """And its process, where we may see it."""
    reading = Reading(place=None, settings=settings)
    before = from_outside(reading, FixedClock())
    with closing(SqliteJournal(journal_folder(settings))):
        during = from_outside(reading, FixedClock())
    after = from_outside(reading, FixedClock())

    assert [(each.presence, each.pid, each.running) for each in (before, during, after)] == [
        (Presence.STOPPED, None, False),
        (Presence.RUNNING, os.getpid(), True),
        (Presence.STOPPED, None, False),
    ]


def test_whether_something_is_there(tmp_path):
    """Not to know is no answer."""
    (tmp_path / "file").touch()
    loop = tmp_path / "loop"
    loop.symlink_to(loop)

    assert [there(tmp_path), there(tmp_path / "none"), there(tmp_path / "file" / "below")] == [
        True,
        False,
        False,
    ]
    with pytest.raises(OSError, match="Too many levels"):
        there(loop)
