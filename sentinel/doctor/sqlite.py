"""Which SQLites there are, and whether one of them can lose a commit (the WAL-reset bug).

Two live in this process: Python's own keeps the state database, apsw brings one for the journal.
The bug is described at sqlite.org/wal.html, "The WAL-Reset Bug": 3.7.0-3.51.2 have it, 3.51.3,
3.50.7 and 3.44.6 are repaired.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import apsw

from sentinel import wiring
from sentinel.doctor.patient import Patient
from sentinel.doctor.say import fail, ok, say
from sentinel.model.checkup import Check

Version = tuple[int, int, int]


def examine_sqlite(_patient: Patient) -> Iterator[Check]:
    """Python's, then apsw's."""
    yield wal_reset(sqlite3.sqlite_version_info)
    major, minor, patch = (int(part) for part in apsw.sqlite_lib_version().split(".")[:3])
    yield journal((major, minor, patch))


def wal_reset(found: Version) -> Check:
    """The state database goes round the bug where it is."""
    name, shown = "sqlite.wal-reset", _shown(found)
    if wiring.may_use_wal(found):
        return ok(
            name,
            say("Python's SQLite {version} is free of the WAL-reset bug.", version=shown),
            say(
                "The state database is kept in WAL mode: readers and the writer do not wait for"
                " each other."
            ),
        )
    return ok(
        name,
        say(
            "Python's SQLite {version} has the WAL-reset bug; the state database is kept in a"
            " way that the bug does not touch.",
            version=shown,
        ),
        say(
            "With a rollback journal instead of WAL mode no commit can be lost; it is a little"
            " slower. SQLite 3.51.3, 3.50.7 and 3.44.6 are repaired; nothing needs to be done."
        ),
    )


def journal(found: Version) -> Check:
    """The journal is always in WAL mode: its SQLite must be a repaired one."""
    name, shown = "sqlite.journal", _shown(found)
    if wiring.may_use_wal(found):
        return ok(
            name,
            say("apsw's SQLite {version} is free of the WAL-reset bug.", version=shown),
            say("The journal is kept in WAL mode by it."),
        )
    return fail(
        name,
        say("apsw's SQLite {version} has the WAL-reset bug.", version=shown),
        say("The journal is kept in WAL mode: records that were acknowledged could be lost."),
        say(
            "Install apsw from PyPI (pip install --upgrade apsw), which brings a repaired SQLite,"
            " instead of the system's package."
        ),
    )


def _shown(version: Version) -> str:
    return ".".join(str(part) for part in version)
