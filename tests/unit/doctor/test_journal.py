"""Is what arrived still there, does anything arrive, does the detection keep up?"""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.assembly import journal_folder
from sentinel.doctor.journal import age, aside, backlog, examine_journal, files
from sentinel.journal.look import JournalSeen
from sentinel.journal.sqlite import SqliteJournal
from sentinel.model.ids import JournalId, Offset
from sentinel.wiring import open_state
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


def test_before_the_first_start_there_is_none(patient, standing):
    """And that is well."""
    assert standing(examine_journal(patient)) == [("journal.files", "ok")]


def test_a_whole_one_with_a_state(patient, standing):
    """Each look says so."""
    with closing(SqliteJournal(journal_folder(patient.settings), reserve_bytes=0)) as journal:
        journal.append([a_record(at=NOON - timedelta(minutes=3))])
    open_state(patient.settings).close()

    checks = list(examine_journal(patient))

    assert standing(checks) == [
        ("journal.files", "ok"),
        ("journal.damaged", "ok"),
        ("journal.age", "ok"),
        ("journal.backlog", "ok"),
    ]
    assert checks[2].found.en == "The newest record arrived 3 minutes ago."
    assert checks[3].found.en == "Records that are not detected on yet: 1."


def test_without_a_state_the_backlog_is_not_known(patient, standing):
    """The checks of the state say why."""
    SqliteJournal(journal_folder(patient.settings), reserve_bytes=0).close()

    assert "journal.backlog" not in dict(standing(examine_journal(patient)))


@pytest.mark.parametrize(
    ("broken", "expected"), [((), "ok"), (("000000000001.journal: odd",), "fail")]
)
def test_files(broken, expected):
    """Those that the next start would set aside, by name."""
    check = files(seen(broken=broken))

    assert check.status.value == expected
    assert all(each in check.found.en for each in broken)


@pytest.mark.parametrize(
    ("names", "expected"), [((), "ok"), (("000000000001.journal.damaged",), "warn")]
)
def test_what_was_set_aside(names, expected):
    """Somebody should know."""
    assert aside(seen(aside=names)).status.value == expected


@pytest.mark.parametrize(
    ("newest", "expected", "words"),
    [
        (None, "warn", "holds no record"),
        (NOON, "ok", "0 minutes ago"),
        (NOON + timedelta(minutes=5), "ok", "0 minutes ago"),
        (NOON - timedelta(hours=24), "ok", "24 hours ago"),
        (NOON - timedelta(hours=25), "warn", "25 hours ago"),
        (NOON - timedelta(days=9), "warn", "9 days ago"),
    ],
)
def test_whether_anything_arrives(newest, expected, words):
    """A day of silence is suspicious; a clock that went back is told elsewhere."""
    check = age(seen(newest=newest), NOON)

    assert (check.status.value, words in check.found.en) == (expected, True)


@pytest.mark.parametrize(
    ("behind", "running", "expected"),
    [
        (0, True, "ok"),
        (10_000, True, "ok"),
        (10_001, True, "warn"),
        (10_001, False, "warn"),
    ],
)
def test_whether_the_detection_keeps_up(behind, running, expected):
    """What is to be done depends on whether the service runs."""
    assert backlog(behind, running=running).status.value == expected


def test_a_backlog_of_a_stopped_service_needs_a_start():
    """And one of a running service a look at its log."""
    stopped, running = backlog(10_001, running=False), backlog(10_001, running=True)

    assert stopped.remedy is not None
    assert running.remedy is not None
    assert "Start the service" in stopped.remedy.en
    assert "step_failed" in running.remedy.en
