"""Whatever happens to a log between two looks or two lives, each line is taken exactly once."""

import gzip
import os

import pytest

from tests.unit.collectors.files.rotation import Log, Reader


@pytest.fixture
def log(tmp_path):
    return Log(tmp_path)


def test_lines_are_taken_as_they_are_written(log):
    """A half line waits for its end."""
    reader = Reader(log.path)
    expected = log.add(2)
    log.write("half")
    reader.read()
    before = list(reader.lines)
    log.write(" and half\n")
    reader.read()

    assert before == expected
    assert reader.lines == [*expected, "half and half"]
    assert {record.origin for record in reader.records} == {str(log.path)}


def test_a_file_that_appears_later_is_found(log):
    """The pattern is asked at every look."""
    reader = Reader(log.path.parent / "*.log")
    reader.read()
    other = Log(log.path.parent, "other.log")
    expected = other.add(2)

    reader.read()

    assert reader.lines == expected


@pytest.mark.parametrize("change", ["rotate", "copytruncate"])
@pytest.mark.parametrize("meanwhile", ["running", "restarted"])
@pytest.mark.parametrize("compressed", ["plain", "compressed"])
def test_a_rotation_loses_and_doubles_nothing(log, change, meanwhile, compressed):
    """The old file is read to its end first, whether we saw the rotation or were down."""
    reader = Reader(log.path)
    expected = log.add(3)
    reader.read()
    expected += log.add(2)
    getattr(log, change)()
    if compressed == "compressed":
        log.compress()
    expected += log.add(4)
    if meanwhile == "restarted":
        reader.restart()

    reader.settle()

    assert reader.lines == expected


@pytest.mark.parametrize("meanwhile", ["running", "restarted"])
def test_two_rotations_between_two_looks_lose_nothing(log, meanwhile):
    """A file that came and went unseen is read whole, in its place."""
    reader = Reader(log.path)
    expected = log.add(3, width=600)
    reader.read()
    for _ in range(3):
        log.rotate()
        expected += log.add(3, width=600)
    log.compress(2)
    if meanwhile == "restarted":
        reader.restart()

    reader.settle()

    assert sorted(reader.lines) == sorted(expected)
    assert reader.lines[:3] == expected[:3]
    assert reader.lines[-3:] == expected[-3:]


def test_a_writer_that_goes_on_in_the_renamed_file_is_heard(log):
    """Until it is told to open the new one; even much later, and after the file was closed."""
    reader = Reader(log.path)
    expected = log.add(2)
    reader.read()
    log.rotate()
    expected += log.add(1, path=log.form(1))
    reader.settle()
    expected += log.add(1, path=log.form(1))

    reader.read()

    assert reader.lines == expected


def test_a_deleted_file_is_read_to_its_end(log):
    """The open descriptor holds what was written between the last look and the deletion."""
    reader = Reader(log.path)
    expected = log.add(2)
    reader.read()
    expected += log.add(2)
    log.write("and half a line")
    log.path.unlink()

    reader.settle()

    assert reader.lines == [*expected, "and half a line"]
    assert reader.follower.describe() == f"no file open; nothing matches {log.path}"


def test_history_from_before_the_first_day_stays_unread(log):
    """Only what the patterns name is read; old rotated files are not."""
    log.add(2)
    log.rotate()
    log.add(2)
    log.rotate()
    log.compress(2)
    expected = log.add(2)
    reader = Reader(log.path)
    reader.settle()
    log.shift()
    reader.settle()
    reader.restart()

    reader.settle()

    assert reader.lines == expected


def test_rotated_files_are_read_when_the_pattern_names_them(log):
    """Oldest first, compressed or not, each line once, also after compression and restart."""
    expected = log.add(2)
    log.rotate()
    expected += log.add(2)
    log.rotate()
    log.compress(2)
    expected += log.add(2)
    reader = Reader(f"{log.path}*")
    reader.settle()
    first = list(reader.lines)
    log.compress(1)
    reader.settle()
    reader.restart()
    reader.settle()

    assert first == expected
    assert reader.lines == expected


def test_a_truncated_file_is_read_anew(log):
    """`> file` begins a new stream."""
    reader = Reader(log.path)
    expected = log.add(5)
    reader.read()
    os.truncate(log.path, 0)
    expected += log.add(1)

    reader.read()

    assert reader.lines == expected


@pytest.mark.parametrize("meanwhile", ["running", "restarted"])
def test_a_file_written_anew_beyond_the_old_size_is_read_anew(log, meanwhile):
    """The same inode with another content is another file, however long."""
    reader = Reader(log.path)
    expected = log.add(5)
    reader.read()
    os.truncate(log.path, 0)
    expected += log.add(50)
    if meanwhile == "restarted":
        reader.restart()

    reader.read()

    assert reader.lines == expected


def test_an_inode_used_again_is_another_file(log):
    """Even with the same first line: the stream gets another name, so both marks are kept."""
    reader = Reader(log.path)
    header = "#fields ts uid\n"
    log.write(header)
    log.add(3, width=500)
    reader.read()
    os.truncate(log.path, 0)
    log.write(header)
    reader.read()
    log.add(1)

    reader.read()

    assert reader.lines.count(header.strip()) == 2
    assert len(reader.marks) == 2


def test_logs_that_begin_alike_are_not_taken_for_each_other(log):
    """A header shared by a log and its rotated form is no proof of a copy."""
    header = "#fields ts uid\n"
    log.write(header)
    reader = Reader(log.path)
    reader.read()
    expected = log.add(2)
    log.rotate()
    log.write(header)
    expected += log.add(2)
    log.rotate()
    log.write(header)
    expected += log.add(2)
    reader.restart()

    reader.settle()

    assert [line for line in reader.lines if line != header.strip()] == expected


def test_a_symbolic_link_is_followed_and_shown(log):
    """The origin is the path people know."""
    link = log.path.with_name("current")
    link.symlink_to(log.path)
    expected = log.add(2)
    reader = Reader(link)

    reader.read()

    assert reader.lines == expected
    assert {record.origin for record in reader.records} == {str(link)}


def test_a_file_named_by_two_patterns_is_read_once(log):
    """So is one that is also reached by a link."""
    log.path.with_name("link.log").symlink_to(log.path)
    expected = log.add(2)
    reader = Reader(log.path, log.path.parent / "*.log")

    reader.read()

    assert reader.lines == expected


def test_a_file_that_cannot_be_read_is_told_and_does_not_stop_the_others(log, monkeypatch):
    """And it is tried again."""
    closed = Log(log.path.parent, "closed.log")
    lines = closed.add(1)
    expected = log.add(1)
    real = os.open
    allowed = []

    def refuse(path, *arguments):
        if str(path) == str(closed.path) and not allowed:
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments)

    monkeypatch.setattr(os, "open", refuse)
    reader = Reader(log.path.parent / "*.log")
    reader.read()
    told = reader.follower.describe()
    before = list(reader.lines)
    allowed.append(True)
    reader.read()

    assert before == expected
    assert f"cannot read {closed.path}: Permission denied" in told
    assert reader.lines == expected + lines
    assert "cannot read" not in reader.follower.describe()


def test_a_trouble_ends_with_the_file(log, monkeypatch):
    """What is gone cannot be read, and need not be."""

    def refuse(path, *arguments):
        raise PermissionError(13, "Permission denied")

    log.add(1)
    reader = Reader(log.path)
    monkeypatch.setattr(os, "open", refuse)
    reader.read()
    before = reader.follower.describe()
    log.path.unlink()
    reader.read()

    assert before == f"no file open; cannot read {log.path}: Permission denied"
    assert reader.follower.describe() == f"no file open; nothing matches {log.path}"


def test_a_long_line_is_cut_and_marked(log):
    """And the next line is whole."""
    reader = Reader(log.path, longest=64)
    log.write("y" * 500_000 + "\nnext\n")

    reader.read()

    assert [(r.raw, r.truncated) for r in reader.records] == [(b"y" * 64, True), (b"next", False)]


def test_once_reads_all_and_takes_the_last_line_as_it_is(log):
    """A second run has nothing left to do."""
    expected = log.add(2)
    log.rotate()
    log.compress()
    expected += log.add(2)
    log.write("no end")
    reader = Reader(f"{log.path}*", once=True)
    reader.read()
    reader.restart()
    reader.read()

    assert reader.lines == [*expected, "no end"]


def test_an_archive_that_is_still_written_is_read_on(log):
    """What can be expanded is taken, the rest when it is there."""
    whole = "".join(f"line {number} {os.urandom(30).hex()}\n" for number in range(2000))
    data = gzip.compress(whole.encode())
    archive = log.path.with_name("old.log.gz")
    archive.write_bytes(data[: len(data) // 2])
    reader = Reader(archive)
    reader.read()
    half = len(reader.lines)
    told = reader.follower.describe()
    archive.write_bytes(data)
    reader.read()
    reader.read()

    assert 0 < half < 2000
    assert "end too early" in told
    assert reader.lines == whole.splitlines()


@pytest.mark.parametrize("fault", ["cut", "damaged"])
def test_an_archive_that_is_broken_for_good_is_told_as_a_loss(log, fault):
    """Once: nothing will come any more; what could be expanded is kept."""
    whole = "".join(f"line {number} {os.urandom(30).hex()}\n" for number in range(2000))
    data = bytearray(gzip.compress(whole.encode()))
    half = len(data) // 2
    if fault == "cut":
        del data[half:]
    else:
        data[half : half + 50] = b"\xff" * 50
    archive = log.path.with_name("old.log.gz")
    archive.write_bytes(data)
    reader = Reader(archive, once=True)

    reader.read()

    assert reader.lines[:500] == whole.splitlines()[:500]
    assert len(reader.follower.troubles.lost) == 1


def test_a_mark_nobody_can_read_does_not_stop_the_rest(log):
    """It is logged; the file is read anew."""
    expected = log.add(1)
    reader = Reader(log.path)
    reader.marks = {"file:1:2:x": "not a mark", "file:1:3:x": "{}"}
    reader.restart()
    reader.marks = {}

    reader.read()

    assert reader.lines == expected
