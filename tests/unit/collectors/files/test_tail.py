"""An open file gives its new lines, each with the checkpoint that follows it."""

import os

import pytest

from collectors.files import tail as tail_module
from collectors.files.checkpoint import Checkpoint
from collectors.files.source import open_source
from collectors.files.tail import Rewritten, Tail
from tests.samples import NOON


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "auth.log"
    path.touch()
    return path


@pytest.fixture
def opened(path):
    tails = []

    def open_tail(offset=0):
        tails.append(Tail(open_source(str(path)), str(path), 100, offset))
        return tails[-1]

    yield open_tail
    for tail in tails:
        tail.source.close()


def name(first):
    return f"stream of {first.decode().strip()}"


def append(path, content):
    with path.open("ab") as into:
        into.write(content)


def read(tail):
    return tail.read(NOON, name)


def test_new_lines_come_with_the_checkpoint_after_them(path, opened):
    """The stream is named by the first line; empty lines are no records."""
    append(path, b"one\n\ntwo\r\nhalf")

    tail = opened()
    received = read(tail)

    marks = [Checkpoint.of_mark(one.position.mark) for one in received]
    assert [one.raw for one in received] == [b"one", b"two"]
    assert [mark.offset for mark in marks] == [4, 10]
    assert {one.position.stream for one in received} == {"stream of one"}
    assert marks[1] == tail.checkpoint
    assert all(mark.fits(tail.source) for mark in marks)
    assert tail.unfinished == 4


def test_at_the_end_there_is_none_until_more_is_written(path, opened):
    """None is the end, [] is a line that has not ended."""
    tail = opened()

    answers = [read(tail)]
    append(path, b"half")
    answers += [read(tail), read(tail)]
    append(path, b" and half\n")
    answers += [[one.raw for one in read(tail)]]

    assert answers == [None, [], None, [b"half and half"]]


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_every_checkpoint_of_a_long_file_fits_it(path, opened, monkeypatch, chunk):
    """In whatever pieces it is read, and from each of them reading goes on with the next line."""
    monkeypatch.setattr(tail_module, "CHUNK", chunk)
    lines = [b"line %d %s" % (number, b"x" * (number % 90)) for number in range(60)]
    append(path, b"\n".join(lines) + b"\n")
    tail = opened()
    received = []
    while (more := read(tail)) is not None:
        received += more

    assert [one.raw for one in received] == lines
    for number, one in enumerate(received[:-1], start=1):
        mark = Checkpoint.of_mark(one.position.mark)
        assert mark.fits(tail.source)
        again = opened(mark.offset)
        rest = [line for line in iter(lambda again=again: read(again), None) if line]
        assert rest[0][0].raw == lines[number]


@pytest.mark.parametrize("content", [b"", b"on", b"two\nand more\n", b"x" * 500])
def test_a_file_written_anew_is_seen_before_anything_is_taken(path, opened, content):
    """Shorter, longer, or empty."""
    append(path, b"one\n")
    tail = opened()
    read(tail)
    os.truncate(path, 0)
    append(path, content)

    with pytest.raises(Rewritten):
        read(tail)


def test_the_rest_is_taken_when_asked_for(path, opened):
    """With a checkpoint at the very end of the file."""
    append(path, b"one\nrest")
    tail = opened()
    read(tail)

    rest = tail.rest(NOON, name)

    assert [one.raw for one in rest] == [b"rest"]
    assert tail.checkpoint.offset == 8
    assert tail.checkpoint.fits(tail.source)
    assert tail.as_read == (8, path.stat().st_mtime_ns)
