"""One journal file: what it holds and what it says when it is broken."""

import shutil

import apsw
import pytest

from sentinel.errors import JournalDamaged, JournalFull
from sentinel.journal.file import (
    BATCH_RECORDS,
    Access,
    JournalFile,
    _meta_row,
    create,
    first_offset,
)
from sentinel.model.ids import InputName, JournalId, Offset
from sentinel.model.record import Position
from tests.samples import JOURNAL, a_record

STREAM = (InputName("files"), "a")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "000000000101.journal"


@pytest.fixture
def file(path):
    file = create(path, JOURNAL, {STREAM: "5"})
    yield file
    file.abandon()


def test_a_new_file_is_whole_and_empty(file, path):
    """It knows its place, its journal and the positions that were carried over."""
    assert (file.first, file.last, file.id) == (101, 100, JOURNAL)
    assert file.positions == {STREAM: "5"}
    assert list(file.read(Offset(0), 10)) == []
    assert {found.name for found in path.parent.iterdir()} <= {
        path.name,
        f"{path.name}-wal",
        f"{path.name}-shm",
    }


def test_what_a_crash_left_of_a_new_file_is_replaced(path):
    """A half-made file has another name, and does not stand in the way."""
    path.with_name(f"{path.name}.new").write_bytes(b"half")
    path.with_name(f"{path.name}.new-wal").write_bytes(b"half")

    file = create(path, JOURNAL, {})

    assert file.append([a_record()]) == 101
    file.close()
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_each_commit_reaches_the_disk(file):
    """SQLite says so itself: WAL, and synchronous FULL (2)."""
    assert file._connection.pragma("journal_mode") == "wal"
    assert file._connection.pragma("synchronous") == 2


def test_a_large_append_is_one_transaction_of_several_batches(file):
    """Batches stay small enough to be read one by one."""
    amount = BATCH_RECORDS * 2 + 1

    last = file.append([a_record(str(number)) for number in range(amount)])

    rows = file._connection.execute("SELECT first, last FROM batch ORDER BY last").fetchall()
    assert last == 100 + amount
    assert rows == [(101, 1100), (1101, 2100), (2101, 2101)]
    assert [entry.record.raw for entry in file.read(Offset(1099), 3)] == [b"999", b"1000", b"1001"]


def test_without_room_nothing_is_taken(file):
    """SQLITE_FULL is JournalFull; the records, the positions and the numbering are as before."""
    file._connection.pragma("max_page_count", file._connection.pragma("page_count") + 1)

    with pytest.raises(JournalFull, match="no room on the disk"):
        file.append([a_record(b"x" * 50_000, position=Position(stream="b", mark="1"))])

    assert file.last == 100
    assert file.positions == {STREAM: "5"}
    assert list(file.read(Offset(0), 10)) == []


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        ("UPDATE batch SET body = zeroblob(length(body)) WHERE last = 102", "offset 102 is wrong"),
        ("UPDATE batch SET body = 'text' WHERE last = 102", "offset 102 is wrong"),
        ("UPDATE batch SET crc = crc + 1 WHERE last = 102", "offset 102 is wrong"),
        ("UPDATE batch SET first = 101 WHERE last = 102", "offset 102 is wrong"),
        ("DELETE FROM batch WHERE last = 102", "offset 102 is missing"),
        ("DELETE FROM batch WHERE last = 103", "offset 103 is missing"),
        ("DROP TABLE batch", "no such table: batch"),
    ],
)
def test_what_stands_before_damage_is_read_and_then_it_is_told(file, harm, why):
    """A reader takes the good part; the reason names the place."""
    for raw in ("a", "b", "c"):
        file.append([a_record(raw)])
    file._connection.execute(harm)
    read = []

    with pytest.raises(JournalDamaged, match=why):
        read.extend(file.read(Offset(100), 10))

    assert read == [] or [entry.record.raw for entry in read][:1] == [b"a"]


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        ("UPDATE meta SET value = '0a1b2c3f' WHERE name = 'id'", "checksum of what it says"),
        ("DELETE FROM meta WHERE name = 'format'", "format None is not 1"),
        ("DELETE FROM meta WHERE name = 'first'", "does not fit its name"),
        ("DELETE FROM meta WHERE name = 'id'", "does not fit its name"),
        ("DELETE FROM position", "of 1 positions 0 are there"),
        ("UPDATE position SET mark = '\"6\"'", "checksum of a position"),
        ("UPDATE batch SET crc = 0", "checksum of the batch"),
        ("DROP TABLE position", "no such table: position"),
    ],
)
def test_a_file_that_is_not_what_was_written_is_not_opened(file, path, harm, why):
    """Opening looks at everything a writer leans on."""
    file.append([a_record()])
    file.close()
    connection = apsw.Connection(str(path))
    connection.execute(harm)
    connection.close()

    with pytest.raises(JournalDamaged, match=why):
        JournalFile(path)


def test_a_file_of_another_program_is_not_opened(path):
    """Not a database, an empty file, a folder: each is said, nothing is written."""
    path.write_bytes(b"no database at all " * 500)
    with pytest.raises(JournalDamaged, match="not a database"):
        JournalFile(path)

    path.write_bytes(b"")
    with pytest.raises(JournalDamaged, match="no such table: meta"):
        JournalFile(path)


def test_a_header_that_forbids_writing_is_damage(file, path):
    """Byte 18, the write version, makes SQLite read only: with leave to write, that is damage."""
    file.close()
    header = bytearray(path.read_bytes())
    header[18] = 3
    path.write_bytes(header)

    with pytest.raises(JournalDamaged, match="may not be written to"):
        JournalFile(path)


def test_a_file_of_a_later_format_is_not_opened(file, path):
    """It was written by a newer Sentinel: it says which format it has."""
    row = _meta_row("format", "2")
    file._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", row)
    file.close()

    with pytest.raises(JournalDamaged, match="format 2 is not 1, the one we read"):
        JournalFile(path)


def test_a_folder_in_place_of_a_file_is_the_disk_s_trouble(path):
    """What may be put right by a person is not called damage."""
    path.mkdir()

    with pytest.raises(OSError, match=str(path)):
        JournalFile(path)


def test_a_killed_process_leaves_exactly_what_was_committed(file, path, tmp_path):
    """The file and its write-ahead log, as they stand after a commit, are the whole truth."""
    file.append([a_record("a"), a_record("b")])
    file._connection.execute("BEGIN IMMEDIATE")
    file._connection.execute("DELETE FROM batch")
    killed = tmp_path / "killed"
    killed.mkdir()
    for found in (path, path.with_name(f"{path.name}-wal")):
        shutil.copy(found, killed)
    file._connection.execute("ROLLBACK")

    again = JournalFile(killed / path.name)

    assert [entry.record.raw for entry in again.read(Offset(0), 10)] == [b"a", b"b"]
    again.close()


def test_a_file_s_name_begins_with_its_first_offset(path):
    """So a folder listing shows what is where."""
    assert first_offset(path) == 101
    assert first_offset(path.with_name("000000000007.journal.damaged")) == 7


def test_the_name_of_the_journal_is_text(file):
    """It goes into each event's id."""
    assert isinstance(file.id, str)
    assert file.id == JournalId("0a1b2c3d")


def test_a_file_that_is_opened_for_reading_is_not_changed(file, path):
    """Neither what it holds nor what stands beside it, in use or not."""
    file.append([a_record()])
    beside = JournalFile(path, Access.READ)
    seen = [entry.offset for entry in beside.read(Offset(0), 10)]
    beside.close()
    file.close()
    before = {found.name: found.read_bytes() for found in path.parent.iterdir()}

    alone = JournalFile(path, Access.READ)
    with pytest.raises(OSError, match="readonly"):
        alone.append([a_record()])
    alone.close()

    assert seen == [101]
    assert before == {found.name: found.read_bytes() for found in path.parent.iterdir()}
