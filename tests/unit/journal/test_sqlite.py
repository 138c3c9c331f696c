"""The journal on disk: one holder, a reserve, files that roll and go, damage that is told."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentinel.errors import AlreadyRunning, JournalFull
from sentinel.journal import sqlite
from sentinel.journal.sqlite import GIB, MARK_MARGIN, SqliteJournal, free_bytes
from sentinel.model.ids import InputName, Offset
from sentinel.model.record import Position
from tests.samples import a_record

ROOT = Path(__file__).resolve().parents[3]
FILES = InputName("files")
SMALL = 31_000  # an empty file has 16,384 bytes; five records of ours fill the rest


def _fill(journal, amount, size=3000):
    """Append one by one; a record says its offset. Three files come of 15 such records."""
    for _ in range(amount):
        number = journal.last() + 1
        position = Position(stream="a", mark=str(number))
        journal.append([a_record(f"{number} ".ljust(size), input=FILES, position=position)])


def _read(journal, after=0):
    """What is there: offset -> the number its record bears."""
    entries = journal.read(Offset(after), 10_000)
    return {entry.offset: int(entry.record.raw.split()[0]) for entry in entries}


def _names(folder, ending=".journal"):
    return sorted(path.name for path in folder.iterdir() if path.name.endswith(ending))


def _same(*offsets):
    return {offset: offset for offset in offsets}


@pytest.fixture
def journal(tmp_path):
    journal = SqliteJournal(tmp_path, file_bytes=SMALL)
    yield journal
    journal.close()


@pytest.fixture
def closed(tmp_path):
    """A folder with three files of 5 records each, closed in order."""
    journal = SqliteJournal(tmp_path, file_bytes=SMALL)
    _fill(journal, 15)
    journal.close()
    assert _names(tmp_path) == [f"{first:012d}.journal" for first in (1, 6, 11)]
    return tmp_path


def test_large_records_are_read_in_portions_that_fit_into_memory(journal, monkeypatch):
    """Whatever the limit says: a reading ends where it weighs enough, and the next goes on."""
    monkeypatch.setattr(sqlite, "READ_BYTES", 7000)
    _fill(journal, 12)
    portions, after = [], Offset(0)
    while entries := journal.read(after, 1000):
        after = entries[-1].offset
        portions.append(len(entries))

    assert portions == [3, 3, 3, 3]
    assert after == 12


# -- one holder ----------------------------------------------------------------------------------


def test_a_folder_has_one_holder(journal, tmp_path):
    """The second is told which folder and what to do; the first goes on."""
    with pytest.raises(AlreadyRunning, match=f"{tmp_path}: another Sentinel .* stop it first"):
        SqliteJournal(tmp_path)

    assert journal.append([a_record()]) == 1


def test_a_closed_journal_lets_go_of_the_folder(tmp_path):
    """Nothing is left that stands in the next one's way."""
    SqliteJournal(tmp_path).close()

    SqliteJournal(tmp_path).close()

    assert _names(tmp_path, "") == ["000000000001.journal", "high-water", "lock"]


def test_a_journal_that_cannot_be_opened_lets_go_of_the_folder(closed):
    """The lock does not outlive a failure."""
    (closed / "000000000011.journal").unlink()
    (closed / "000000000011.journal").mkdir()
    with pytest.raises(OSError, match=r"000000000011\.journal"):
        SqliteJournal(closed)
    (closed / "000000000011.journal").rmdir()

    SqliteJournal(closed).close()


# -- room ----------------------------------------------------------------------------------------


def test_below_the_reserve_nothing_is_taken(tmp_path):
    """It says how much is free and how much should be, and goes on as soon as there is room."""
    free = [GIB - 1]
    journal = SqliteJournal(tmp_path, reserve_bytes=GIB, free=lambda folder: free[0])

    with pytest.raises(JournalFull, match=r"1023 MiB .* reserve of 1024 MiB"):
        journal.append([a_record()])
    assert journal.last() == 0
    assert journal.read(Offset(0), 10) == []

    free[0] = GIB
    assert journal.append([a_record()]) == 1
    journal.close()


def test_a_full_disk_does_not_keep_the_journal_from_opening(closed, monkeypatch):
    """What is there can be read and the service can say what is wrong; appending goes on later."""

    def no_room(*_):
        raise JournalFull("no room on the disk")

    (closed / "000000000011.journal").write_bytes(b"")
    with monkeypatch.context() as patch:
        patch.setattr(sqlite, "create", no_room)
        journal = SqliteJournal(closed, file_bytes=SMALL)
        assert _read(journal) == _same(*range(1, 11))
        assert journal.positions(FILES) == {"a": "10"}
        with pytest.raises(JournalFull):
            journal.append([a_record()])

    assert journal.append([a_record()]) == 16 + MARK_MARGIN
    assert journal.positions(FILES) == {"a": "10"}
    journal.close()


def test_free_bytes_asks_the_disk(tmp_path):
    """The default is what statvfs says an ordinary user may fill."""
    found = os.statvfs(tmp_path)

    assert 0 < free_bytes(tmp_path) <= found.f_bfree * found.f_frsize


# -- files roll and go ---------------------------------------------------------------------------


def test_a_file_that_has_grown_is_followed_by_a_new_one(journal, tmp_path):
    """Files are named by their first offset and keep the journal's name; reading crosses them."""
    _fill(journal, 15)

    assert _names(tmp_path) == [f"{first:012d}.journal" for first in (1, 6, 11)]
    assert _read(journal) == _same(*range(1, 16))
    assert _read(journal, 4) == _same(*range(5, 16))


def test_whole_files_are_dropped_and_never_the_newest(journal, tmp_path):
    """A file goes when every record in it may go."""
    _fill(journal, 15)
    journal.read(Offset(0), 1)

    journal.drop_through(Offset(9))
    assert _names(tmp_path) == ["000000000006.journal", "000000000011.journal"]

    journal.drop_through(Offset(15))
    assert _names(tmp_path) == ["000000000011.journal"]
    assert _read(journal) == _same(*range(11, 16))


def test_names_that_are_not_ours_are_left_alone(closed):
    """A person may keep a copy beside the files."""
    copy = closed / "copy-of-000000000001.journal"
    copy.write_bytes(b"mine")

    journal = SqliteJournal(closed)

    assert (journal.damaged(), copy.read_bytes()) == ([], b"mine")
    journal.close()


# -- crashes -------------------------------------------------------------------------------------

APPENDER = """
import sys
from pathlib import Path
from sentinel.journal.sqlite import SqliteJournal
from tests.samples import a_record

journal = SqliteJournal(Path(sys.argv[1]), file_bytes=40_000)
while True:
    number = journal.last() + 1
    records = [a_record(f"{number} ".ljust(3000)), a_record(str(number + 1))]
    print(journal.append(records), flush=True)
"""


def test_a_killed_process_loses_nothing_it_said_was_kept(tmp_path):
    """After SIGKILL in the midst of appending, every offset that was told holds its record."""
    process = subprocess.Popen(
        [sys.executable, "-c", APPENDER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    told = [int(process.stdout.readline()) for _ in range(40)]
    process.send_signal(signal.SIGKILL)
    told += [int(line) for line in process.communicate()[0].splitlines() if line]

    journal = SqliteJournal(tmp_path, file_bytes=SMALL)

    assert told == list(range(2, told[-1] + 1, 2))
    assert journal.last() in {told[-1], told[-1] + 2}
    assert _read(journal) == _same(*range(1, journal.last() + 1))
    assert journal.damaged() == []
    journal.close()


# -- damage --------------------------------------------------------------------------------------


def _flip(path, place):
    body = bytearray(path.read_bytes())
    body[place] ^= 0xFF
    path.write_bytes(body)


def _flip_record(path, number):
    _flip(path, path.read_bytes().index(f"{number}   ".encode()) + 20)


def test_a_broken_old_file_is_set_aside_at_the_opening(closed):
    """It says why, what it is called now and what it covers; the others serve."""
    (closed / "000000000006.journal").write_bytes(b"?" * 30_000)

    journal = SqliteJournal(closed, file_bytes=SMALL)

    assert _read(journal) == _same(*range(1, 6), *range(11, 16))
    (told,) = journal.damaged()
    assert told.startswith(str(closed / "000000000006.journal"))
    assert "set aside as 000000000006.journal.damaged" in told
    assert "offsets 6 to 10 are passed over (5 records)" in told
    assert (closed / "000000000006.journal.damaged").read_bytes() == b"?" * 30_000
    assert journal.append([a_record()]) == 16
    journal.close()


def test_damage_is_told_once(closed):
    """What was set aside before the opening is in the folder, not in the list."""
    (closed / "000000000006.journal").write_bytes(b"")
    SqliteJournal(closed).close()

    journal = SqliteJournal(closed)

    assert journal.damaged() == []
    journal.close()


def test_a_truncated_file_is_found(closed):
    """Half a file is damage, even where its beginning can be read."""
    path = closed / "000000000001.journal"
    os.truncate(path, path.stat().st_size // 2)

    journal = SqliteJournal(closed)

    assert _read(journal) == _same(*range(6, 16))
    assert len(journal.damaged()) == 1
    journal.close()


def test_a_flipped_byte_in_an_old_file_is_found_when_it_is_read(closed):
    """What stands before it in the same step is read; the rest of the file is passed over."""
    _flip_record(closed / "000000000006.journal", 8)
    journal = SqliteJournal(closed)
    assert journal.damaged() == []

    assert _read(journal) == _same(1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
    assert "checksum of the batch that ends at offset 8" in journal.damaged()[0]
    assert _read(journal) == _same(*range(1, 6), *range(11, 16))
    journal.close()


def test_a_flipped_byte_in_the_newest_file_does_not_stop_the_writer(closed):
    """The next file begins where the broken one ended; positions are not lost."""
    _flip_record(closed / "000000000011.journal", 13)
    journal = SqliteJournal(closed)

    assert _read(journal, 10) == _same(11, 12)
    assert "offsets 11 to 15 are passed over (5 records)" in journal.damaged()[0]
    assert (journal.last(), journal.positions(FILES)) == (15, {"a": "15"})

    _fill(journal, 1)
    assert _names(closed)[-1] == "000000000016.journal"
    assert _read(journal, 10) == _same(16)
    journal.close()


def test_a_newest_file_that_breaks_under_the_writer_is_replaced(journal, tmp_path):
    """An append that meets damage is made again in a new file: the caller sees nothing of it."""
    _fill(journal, 3)
    journal._newest._connection.execute("DROP TABLE batch")

    _fill(journal, 2)

    assert journal.last() == 5
    assert _read(journal) == _same(4, 5)
    assert _names(tmp_path) == ["000000000004.journal"]
    assert len(journal.damaged()) == 1


def test_a_broken_newest_file_never_gives_its_offsets_away_again(closed):
    """Numbering goes on above the mark with a margin; positions fall back to what is readable."""
    name = SqliteJournal(closed)
    known = name.id
    name.close()
    (closed / "000000000011.journal").write_bytes(b"?" * 30_000)

    journal = SqliteJournal(closed)

    assert journal.id == known
    assert journal.last() == 15 + MARK_MARGIN
    assert "offsets 11 to 15 are passed over (5 records at least)" in journal.damaged()[0]
    assert journal.positions(FILES) == {"a": "10"}
    assert journal.append([a_record()]) == 16 + MARK_MARGIN
    journal.close()


def test_without_the_mark_the_size_of_a_broken_file_bounds_its_offsets(closed):
    """Two faults at once: the newest file and the mark are gone. Still nothing is used twice."""
    (closed / "000000000011.journal").write_bytes(b"?" * 30_000)
    (closed / "high-water").unlink()

    journal = SqliteJournal(closed, file_bytes=SMALL)

    assert journal.last() == 10 + SMALL
    journal.close()


def test_when_every_file_is_broken_the_journal_keeps_its_name(closed):
    """The mark knows it: events of before and after are one row."""
    journal = SqliteJournal(closed)
    known = journal.id
    journal.close()
    for path in closed.glob("*.journal"):
        path.write_bytes(b"?")

    journal = SqliteJournal(closed)

    assert (journal.id, journal.last()) == (known, 15 + MARK_MARGIN)
    assert len(journal.damaged()) == 3
    journal.close()


def test_a_damaged_write_ahead_log_is_told_and_its_offsets_stay_used(journal, tmp_path):
    """SQLite takes a broken log for its end and says nothing; the mark knows better."""
    _fill(journal, 2)
    killed = tmp_path / "killed"
    killed.mkdir()
    for name in ("000000000001.journal", "000000000001.journal-wal", "high-water"):
        shutil.copy(tmp_path / name, killed)
    wal = killed / "000000000001.journal-wal"
    _flip_record(wal, 2)

    again = SqliteJournal(killed)

    assert _read(again) == _same(1)
    assert "offsets 2 to 2 were given out but are not in the files" in again.damaged()[0]
    assert again.append([a_record("3")]) == 3
    assert _read(again) == _same(1, 3)
    again.close()


def test_a_file_that_was_taken_away_is_told(closed):
    """Also where a person did it."""
    (closed / "000000000011.journal").unlink()

    journal = SqliteJournal(closed)

    assert "offsets 11 to 15 were given out" in journal.damaged()[0]
    assert journal.append([a_record()]) == 16
    journal.close()


def test_a_file_of_another_journal_is_set_aside(closed, tmp_path):
    """Its offsets mean other records: nobody may read them for ours."""
    other = SqliteJournal(tmp_path / "other")
    other.append([a_record("7")])
    other.close()
    shutil.copy(tmp_path / "other" / "000000000001.journal", closed)

    journal = SqliteJournal(closed)

    assert f"it belongs to journal {other.id}, this one is {journal.id}" in journal.damaged()[0]
    assert _read(journal) == _same(*range(6, 16))
    journal.close()


def test_a_name_that_is_taken_is_not_overwritten(closed):
    """Two files of one name were set aside: both are kept."""
    for body in (b"first", b"second"):
        (closed / "000000000001.journal").write_bytes(body)
        SqliteJournal(closed).close()

    kept = {path.read_bytes() for path in closed.glob("*.damaged*")}
    assert kept == {b"first", b"second"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Three files, the newest with a log that is not yet written back."""
    folder = tmp_path_factory.mktemp("whole")
    journal = SqliteJournal(folder, file_bytes=SMALL)
    _fill(journal, 13)
    copy = folder / "copy"
    copy.mkdir()
    for path in folder.iterdir():
        if path.is_file() and not path.name.endswith("-shm"):
            shutil.copy(path, copy)
    yield copy
    journal.close()


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_no_flipped_byte_makes_a_record_into_another(whole, data):
    """Wherever it is: what is read is what was written, what is missing is told, and numbering
    goes on above it."""
    with TemporaryDirectory() as name:
        folder = shutil.copytree(whole, Path(name) / "j")
        path = data.draw(st.sampled_from(sorted(folder.glob("*.journal*"))))
        _flip(path, data.draw(st.integers(0, path.stat().st_size - 1)))

        journal = SqliteJournal(folder, file_bytes=SMALL)
        read = _read(journal)

        assert read == {offset: offset for offset in read}
        assert set(read) <= set(range(1, 14))
        assert (journal.damaged() != []) or (set(read) == set(range(1, 14)))
        assert journal.append([a_record("0")]) > 13
        assert _read(journal, 13).popitem()[1] == 0
        journal.close()


def test_the_files_are_plain_sqlite(closed):
    """An operator can look at a file that was set aside with any SQLite tool."""
    connection = apsw.Connection(str(closed / "000000000001.journal"))

    assert connection.execute("SELECT min(first), max(last) FROM batch").fetchall() == [(1, 5)]
    assert connection.pragma("integrity_check") == "ok"
    connection.close()
