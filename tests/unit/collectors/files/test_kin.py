"""Whose continuation is a file: the cases that decide between a lost line and a doubled one."""

import gzip
from contextlib import ExitStack

import pytest

from collectors.files.checkpoint import HEAD, TAIL, Checkpoint, digest
from collectors.files.kin import Finding, Known, Verdict, find
from collectors.files.sighting import Sighting
from collectors.files.source import open_source
from collectors.files.tail import Tail
from tests.samples import NOON

LONG = b"".join(b"line %d of the log\n" % number for number in range(200))
SHORT = b"#fields ts uid\n"
OTHER = b"".join(b"something %d else\n" % number for number in range(200))


class Folder:
    """Files, what was read of them, and which are open."""

    def __init__(self, path, stack):
        self.path = path
        self.stack = stack
        self.checkpoints, self.tails, self.sightings = {}, [], []

    def file(self, name, content):
        path = self.path / name
        path.write_bytes(content)
        status = path.stat()
        sighting = Sighting(
            path=str(path),
            shown=str(path),
            identity=(status.st_dev, status.st_ino),
            size=status.st_size,
            modified=status.st_mtime_ns,
            wanted=False,
        )
        self.sightings.append(sighting)
        return sighting

    def read(self, stream, content, identity=(0, 0)):
        """So much of this stream has been taken, from the file of this identity."""
        self.checkpoints[stream] = Checkpoint(
            path=str(self.path / "auth.log"),
            device=identity[0],
            inode=identity[1],
            offset=len(content),
            head=digest(content[:HEAD]),
            tail=digest(content[-TAIL:]),
            modified=0,
        )

    def open(self, sighting, stream="", offset=0):
        tail = Tail(open_source(sighting.path), sighting.path, 1000, offset)
        self.stack.callback(tail.source.close)
        tail.stream = stream
        self.tails.append(tail)
        return tail

    def ask(self, sighting, *, asked_for=True):
        source = open_source(sighting.path)
        self.stack.callback(source.close)
        known = Known(checkpoints=self.checkpoints, tails=self.tails, sightings=self.sightings)
        return find(source, sighting, known, asked_for=asked_for)


@pytest.fixture
def folder(tmp_path):
    with ExitStack() as stack:
        yield Folder(tmp_path, stack)


NEW = Finding(Verdict.READ)
DONE = Finding(Verdict.DONE)
WAIT = Finding(Verdict.WAIT)
S = Finding(Verdict.READ, "S")


def test_an_unknown_file_is_read_if_it_is_asked_for(folder):
    """And left alone if not."""
    sighting = folder.file("auth.log", LONG)

    assert folder.ask(sighting) == NEW
    assert folder.ask(sighting, asked_for=False) == DONE


def test_an_empty_file_is_opened_under_its_own_name_only(folder):
    """A rotated name waits: it may become a copy, or compressed."""
    assert folder.ask(folder.file("auth.log", b"")) == NEW
    assert folder.ask(folder.file("auth.log.1", b"")) == WAIT
    assert folder.ask(folder.file("auth.log.2.gz", b"")) == WAIT


@pytest.mark.parametrize("content", [SHORT, LONG])
@pytest.mark.parametrize("name", ["auth.log", "auth.log.1"])
def test_the_same_inode_with_the_same_content_goes_on(folder, name, content):
    """However little was read."""
    sighting = folder.file(name, content + b"more\n")
    folder.read("S", content, sighting.identity)

    assert folder.ask(sighting) == S


def test_the_same_inode_with_another_content_is_new(folder):
    """It was truncated, or the number was used again."""
    sighting = folder.file("auth.log", OTHER)
    folder.read("S", LONG, sighting.identity)

    assert folder.ask(sighting) == NEW


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("content", [SHORT, LONG])
def test_a_rotated_file_with_the_content_goes_on_whatever_its_inode(folder, pack, content):
    """Copied or compressed while nobody looked, asked for or not."""
    folder.read("S", content)
    sighting = folder.file("auth.log.1", pack(content + b"more\n"))

    assert folder.ask(sighting, asked_for=False) == S


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_rotated_file_without_anything_more_is_done(folder, pack):
    """Each finished archive, at each start."""
    folder.read("S", LONG)

    assert folder.ask(folder.file("auth.log.1", pack(LONG))) == DONE


def test_under_its_own_name_another_inode_needs_strong_evidence(folder):
    """A fresh log begins with the header the old one began with."""
    folder.read("S", SHORT)
    folder.read("T", LONG)

    assert folder.ask(folder.file("auth.log", SHORT + b"fresh\n")) == NEW
    assert folder.ask(folder.file("auth.log", LONG + b"more\n")) == Finding(Verdict.READ, "T")


def test_a_copy_of_a_stream_that_is_open_waits(folder):
    """copytruncate before the truncation; gzip before the original goes."""
    original = folder.file("auth.log", LONG)
    folder.read("S", LONG, original.identity)
    folder.open(original, "S", len(LONG))

    assert folder.ask(folder.file("auth.log.1", LONG)) == WAIT
    assert folder.ask(folder.file("auth.log.2.gz", gzip.compress(LONG))) == WAIT


@pytest.mark.parametrize("part", [5, 500, len(LONG)])
def test_a_copy_on_its_way_waits_although_nothing_was_read_yet(folder, part):
    """The original is open and holds at least as much."""
    folder.open(folder.file("auth.log", LONG))

    assert folder.ask(folder.file("auth.log.1", LONG[:part])) == WAIT


def test_a_file_that_is_longer_than_the_open_one_is_no_copy_of_it(folder):
    """Only the header is the same."""
    folder.open(folder.file("auth.log", SHORT))

    assert folder.ask(folder.file("auth.log.1", SHORT + LONG)) == NEW


def test_when_the_open_one_was_truncated_just_now_its_copy_waits(folder):
    """The next turn knows more."""
    original = folder.file("auth.log", LONG)
    tail = folder.open(original)
    tail.read(NOON, lambda first: "S")
    folder.file("auth.log", b"")

    assert folder.ask(folder.file("auth.log.1", LONG)) == WAIT


def test_a_copy_made_before_the_last_lines_is_done(folder):
    """All of it was read from the original."""
    folder.read("S", LONG)

    assert folder.ask(folder.file("auth.log.1", LONG[: HEAD + 100])) == DONE


def test_a_rotated_file_that_only_begins_like_another_one_is_new(folder):
    """The file that the little was read from is there and goes on differently."""
    own = folder.file("auth.log.2", SHORT + LONG)
    folder.read("S", SHORT, own.identity)

    assert folder.ask(folder.file("auth.log.1", SHORT + OTHER)) == NEW


def test_a_copy_of_a_short_log_goes_on_when_the_log_itself_was_truncated(folder):
    """The inode is there, its content is not."""
    own = folder.file("auth.log", b"fresh\n")
    folder.read("S", SHORT, own.identity)

    assert folder.ask(folder.file("auth.log.1", SHORT + b"more\n")) == S


def test_of_two_streams_that_fit_the_one_read_further_goes_on(folder):
    """The other one is where a former life had stopped."""
    folder.read("S", LONG)
    folder.read("T", LONG[: HEAD + 10])

    assert folder.ask(folder.file("auth.log.1", LONG + b"more\n")) == S
