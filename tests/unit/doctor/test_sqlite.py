"""The WAL-reset bug: 3.7.0-3.51.2, but for 3.50.7 and 3.44.6 and what follows in their rows."""

import pytest

from sentinel.doctor.sqlite import examine_sqlite, journal, wal_reset

BROKEN = [(3, 7, 0), (3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 2)]
REPAIRED = [(3, 44, 6), (3, 50, 7), (3, 51, 3), (3, 54, 1)]


@pytest.mark.parametrize("version", BROKEN)
def test_the_state_goes_round_the_bug_and_the_journal_cannot(version):
    """The state leaves WAL mode, so all is well there; the journal needs another SQLite."""
    shown = ".".join(map(str, version))

    assert wal_reset(version).status.value == "ok"
    assert f"{shown} has the WAL-reset bug" in wal_reset(version).found.en
    assert journal(version).status.value == "fail"
    assert shown in journal(version).found.vi


@pytest.mark.parametrize("version", REPAIRED)
def test_repaired_ones(version):
    """Both are in WAL mode."""
    assert (wal_reset(version).status.value, journal(version).status.value) == ("ok", "ok")
    assert "free of" in wal_reset(version).found.en


def test_those_that_are_here(patient, standing):
    """apsw brings a repaired one."""
    assert standing(examine_sqlite(patient)) == [
        ("sqlite.wal-reset", "ok"),
        ("sqlite.journal", "ok"),
    ]
