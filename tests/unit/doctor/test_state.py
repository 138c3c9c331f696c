"""The state database: whole, of this program, of this journal, and closed to others."""

import os
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from sentinel import wiring
from sentinel.assembly import journal_folder
from sentinel.doctor.linux import Presence
from sentinel.doctor.state import (
    belongs,
    damage,
    examine_state,
    file_rights,
    folder_mode,
    tables,
    unfinished,
    unreadable,
)
from sentinel.errors import StateUnfinished
from sentinel.journal.look import JournalSeen
from sentinel.journal.sqlite import SqliteJournal
from sentinel.model.ids import JournalId, Offset
from sentinel.ports import Tables
from sentinel.wiring import open_state, state_file
from tests.samples import NOON, a_record


def seen(**changes) -> JournalSeen:
    journal = JournalSeen(
        id=JournalId("0a1b2c3d"),
        last=Offset(7),
        newest=NOON,
        files=1,
        size=4096,
        broken=(),
        aside=(),
    )
    return replace(journal, **changes)


@pytest.fixture
def journalled(settings):
    """A journal that holds a record, and its name."""
    settings.data.mkdir(mode=0o700)
    with closing(SqliteJournal(journal_folder(settings), reserve_bytes=0)) as journal:
        journal.append([a_record()])
        return journal.id


@pytest.fixture
def stated(settings):
    """A state database; `put` writes its journal's name and offset."""

    def make(journal=None, offset=0):
        with closing(open_state(settings)) as state, state.transaction() as writer:
            if journal is not None:
                writer.put_secret("journal", journal)
            writer.advance(Offset(offset))

    return make


def test_before_the_first_start_there_is_nothing(patient, standing):
    """And that is well."""
    assert standing(examine_state(patient)) == [("state.file", "ok")]


def test_a_whole_one(patient, standing, journalled, stated):
    """Each look says so."""
    stated(journalled, 1)

    assert standing(examine_state(patient)) == [
        ("state.folder", "ok"),
        ("state.file", "ok"),
        ("state.tables", "ok"),
        ("state.damage", "ok"),
        ("state.journal", "ok"),
    ]


def test_a_service_that_runs_is_looked_at_beside_its_work(patient, standing, journalled, stated):
    """The lock of the journal is no hindrance."""
    stated(journalled, 1)
    running = replace(patient, presence=Presence.RUNNING)

    with (
        closing(SqliteJournal(journal_folder(patient.settings), reserve_bytes=0)),
        closing(open_state(patient.settings)),
    ):
        assert ("state.journal", "ok") in standing(examine_state(running))


def test_a_lost_one_is_told(patient, standing, journalled):
    """The journal says that there was one."""
    assert standing(examine_state(patient))[-1] == ("state.file", "fail")


def test_a_damaged_one(patient, standing, stated):
    """Not even its head can be read."""
    stated()
    state_file(patient.settings).write_bytes(b"no database" * 1000)

    assert standing(examine_state(patient))[-1] == ("state.damage", "fail")


def test_one_of_a_newer_program_is_not_read_further(patient, standing, journalled, stated):
    """Its tables mean what we do not know."""
    stated(journalled, 1)
    with closing(sqlite3.connect(state_file(patient.settings), isolation_level=None)) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")

    assert standing(examine_state(patient))[-2:] == [
        ("state.tables", "fail"),
        ("state.damage", "ok"),
    ]


@pytest.mark.parametrize(
    ("mode", "expected"), [(0o700, "ok"), (0o750, "warn"), (0o755, "warn"), (0o701, "warn")]
)
def test_who_can_look_into_the_folder(tmp_path, mode, expected):
    """Nobody else should; the remedy can be typed as it stands."""
    check = folder_mode(tmp_path, mode)

    assert check.status.value == expected
    assert check.remedy is None or f"chmod 0700 {tmp_path}" in check.remedy.vi


@pytest.mark.parametrize(("allowed", "expected"), [(True, "ok"), (False, "fail")])
def test_who_can_write_the_file(tmp_path, monkeypatch, allowed, expected):
    """As this user."""
    file = tmp_path / "state.db"
    file.touch()
    monkeypatch.setattr(os, "access", lambda path, mode: allowed)

    assert file_rights(file).status.value == expected


@pytest.mark.parametrize(
    ("standing_", "expected"),
    [
        (Tables.CURRENT, "ok"),
        (Tables.BEHIND, "warn"),
        (Tables.NONE, "warn"),
        (Tables.NEWER, "fail"),
    ],
)
def test_tables(tmp_path, standing_, expected):
    """Older ones are brought up to date, newer ones refused."""
    assert tables(tmp_path / "state.db", standing_).status.value == expected


@pytest.mark.parametrize(
    ("found", "expected"), [((), "ok"), (("row 7 missing from index",), "fail"), (None, "unknown")]
)
def test_what_the_quick_check_says(tmp_path, found, expected):
    """A check that was stopped is no check."""
    assert damage(tmp_path / "state.db", found).status.value == expected


def test_one_that_is_no_database():
    """With what SQLite says."""
    check = unreadable("file is not a database")

    assert (check.status.value, "file is not a database" in check.found.en) == ("fail", True)


def test_one_that_a_crash_left_unfinished(tmp_path, patient, standing, stated, monkeypatch):
    """It is no damage: nobody should put a backup over it."""
    stated()

    def half_written(settings):
        raise StateUnfinished("attempt to write a readonly database")

    monkeypatch.setattr(wiring, "look_at_state", half_written)

    assert standing(examine_state(patient))[-1] == ("state.damage", "unknown")
    assert unfinished(tmp_path / "state.db").status.value == "unknown"


@pytest.mark.parametrize(
    ("known", "offset", "journal", "expected"),
    [
        ("0a1b2c3d", 7, seen(), "ok"),
        ("0a1b2c3d", 3, seen(), "ok"),
        ("0a1b2c3d", 8, seen(), "fail"),
        ("0a1b2c3d", 8, seen(broken=("a file: odd",)), "ok"),
        ("ffffffff", 7, seen(), "fail"),
        (None, 0, seen(), "fail"),
        (None, 0, seen(last=Offset(0)), "ok"),
        ("0a1b2c3d", 0, seen(id=None, last=Offset(0)), "ok"),
    ],
    ids=[
        "level",
        "the detection is behind",
        "the journal is older",
        "the journal's end cannot be read",
        "another journal",
        "the state is new",
        "both are new",
        "the journal is empty",
    ],
)
def test_state_and_journal_belong_together(known, offset, journal, expected):
    """What the service would refuse at its start."""
    assert belongs(known, Offset(offset), journal).status.value == expected
