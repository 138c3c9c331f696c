"""The turns of one log; what happens over many looks and lives is in test_follower.py."""

import os
from pathlib import Path

import pytest

from collectors.files import group as group_module
from collectors.files import tail as tail_module
from collectors.files.group import Group, Manner
from collectors.files.sighting import Sighting, Troubles


class Scene:
    """A folder and a group that is shown all of it."""

    def __init__(self, folder, *, once=False):
        self.folder = folder
        self.group = Group({}, Manner(longest=1000, grace=30.0, once=once), Troubles())

    def write(self, name, content):
        with (self.folder / name).open("ab") as into:
            into.write(content)

    def look(self):
        paths = sorted(self.folder.iterdir())
        return [
            Sighting(
                path=str(path),
                shown=str(path),
                identity=(status.st_dev, status.st_ino),
                size=status.st_size,
                modified=status.st_mtime_ns,
                wanted=True,
            )
            for path in paths
            for status in [path.stat()]
        ]

    def turn(self, now=0.0):
        return [one.raw for batch in self.group.turn(self.look(), now) for one in batch]

    def names(self):
        return sorted(Path(path).name for path in self.group.reading)


@pytest.fixture
def scene(tmp_path):
    scene = Scene(tmp_path)
    yield scene
    scene.group.close()


def test_a_rotated_file_is_closed_after_its_grace_and_heard_again_when_it_grows(scene):
    """The log itself stays open; the rotated one is held for half a minute after its last byte."""
    scene.write("a.log.1", b"old\n")
    scene.write("a.log", b"new\n")

    lines = scene.turn(0.0)
    at_once = scene.names()
    lines += scene.turn(29.0)
    before = scene.names()
    lines += scene.turn(31.0)
    after = scene.names()
    scene.write("a.log.1", b"late\n")
    lines += scene.turn(100.0)

    assert lines == [b"old", b"new", b"late"]
    assert (at_once, before, after) == (["a.log", "a.log.1"], ["a.log", "a.log.1"], ["a.log"])


def test_the_log_waits_until_its_rotated_files_are_read(scene, monkeypatch):
    """A long backlog takes several turns; order is kept."""
    monkeypatch.setattr(tail_module, "CHUNK", 4)
    monkeypatch.setattr(group_module, "CHUNKS_A_TURN", 2)
    scene.write("a.log.1", b"1\n2\n3\n4\n5\n6\n7\n8\n")
    scene.write("a.log", b"9\n")

    turns = [scene.turn()]
    while scene.group.busy:
        turns.append(scene.turn())

    assert b"".join(line for turn in turns for line in turn) == b"123456789"
    assert len(turns) > 2


def test_a_truncated_log_asks_for_another_turn_at_once(scene):
    """What replaced it is not left waiting for the next look."""
    scene.write("a.log", b"one\ntwo\n")
    scene.turn()
    os.truncate(scene.folder / "a.log", 0)
    scene.write("a.log", b"three\n")

    lines = scene.turn()
    while scene.group.busy:
        lines += scene.turn()

    assert lines == [b"three"]


def test_once_leaves_nothing_open(tmp_path):
    """Every file is read to its end and closed."""
    scene = Scene(tmp_path, once=True)
    scene.write("a.log", b"one\nrest")

    assert scene.turn() == [b"one", b"rest"]
    assert scene.group.reading == []


def test_a_file_that_fails_while_it_is_read_is_told_and_tried_again(scene, monkeypatch):
    """A disk error is no end: the file is opened anew at the next turn, from its checkpoint."""
    scene.write("a.log", b"one\n")
    lines = scene.turn()
    scene.write("a.log", b"two\n")
    real = os.pread

    def fails(*arguments):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "pread", fails)
    lines += scene.turn()
    told = dict(scene.group._troubles.by_path)
    monkeypatch.setattr(os, "pread", real)
    lines += scene.turn()

    assert lines == [b"one", b"two"]
    assert told == {str(scene.folder / "a.log"): "Input/output error"}
    assert scene.group._troubles.by_path == {}
