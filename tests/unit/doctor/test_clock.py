"""Is the time right?"""

from contextlib import closing
from datetime import timedelta

import pytest

from sentinel.assembly import journal_folder
from sentinel.doctor import clock
from sentinel.doctor.clock import Latest, Sync, back, examine_clock, sync, synchronised, zones
from sentinel.journal.sqlite import SqliteJournal
from sentinel.wiring import open_state
from tests.samples import NOON, a_record, a_warning, an_alert


@pytest.mark.parametrize(
    ("answer", "stamp", "expected"),
    [
        (0, False, Sync.YES),
        (5, True, Sync.NO),
        (None, True, Sync.YES),
        (None, False, Sync.UNKNOWN),
    ],
    ids=["the kernel says yes", "it says no", "timesyncd says yes", "nobody says"],
)
def test_who_is_asked(tmp_path, monkeypatch, answer, stamp, expected):
    """The kernel first; systemd-timesyncd leaves a file where the kernel does not answer."""
    monkeypatch.setattr(clock, "_kernel", lambda: answer)
    file = tmp_path / "synchronized"
    if stamp:
        file.touch()

    assert sync(file) is expected


def test_the_kernel_answers_without_being_changed():
    """One of its clock states (adjtimex(2)), or nothing where it may not be asked."""
    assert clock._kernel() in {None, 0, 1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("found", "expected"), [(Sync.YES, "ok"), (Sync.NO, "warn"), (Sync.UNKNOWN, "unknown")]
)
def test_synchronised(found, expected):
    """Not to see is not "fine"."""
    assert synchronised(found).status.value == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [(("Asia/Ho_Chi_Minh", "UTC"), "ok"), (("Asia/Nowhere", "../etc"), "fail")],
)
def test_zones(names, expected):
    """Without their data no time can be shown."""
    assert zones(names).status.value == expected


@pytest.mark.parametrize(
    ("latest", "expected"),
    [
        (None, "ok"),
        (NOON, "ok"),
        (NOON + timedelta(minutes=1), "ok"),
        (NOON + timedelta(minutes=1, seconds=1), "warn"),
    ],
)
def test_times_that_are_ahead(latest, expected):
    """A minute is nothing; more means that the clock went back."""
    check = back(None if latest is None else Latest(at=latest, where="journal"), NOON)

    assert check.status.value == expected


def test_what_was_written_down(patient):
    """Arrivals and warnings are of our own clock; what log lines say is not."""
    with closing(SqliteJournal(journal_folder(patient.settings), reserve_bytes=0)) as journal:
        journal.append([a_record(at=NOON + timedelta(hours=1))])
    with closing(open_state(patient.settings)) as state, state.transaction() as writer:
        writer.put_alert(an_alert(last_seen=NOON + timedelta(days=9)))
        writer.put_warning(a_warning(created=NOON + timedelta(hours=2)))

    found = {check.id: check for check in examine_clock(patient)}

    assert found["clock.zones"].status.value == "ok"
    assert found["clock.back"].status.value == "warn"
    assert found["clock.back"].found.en == (
        "The newest entry in state.db is 7,200 seconds ahead of the clock."
    )
