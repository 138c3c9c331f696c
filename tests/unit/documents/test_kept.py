"""What is kept comes back whole, is this user's own, and is never in the way."""

import os
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.documents import SourceText
from sentinel.documents import kept as kept_module
from sentinel.documents.kept import KeptFiles, key_of
from sentinel.errors import Fault

SECTIONS = {"rules": b"\x00rules", "matcher": b"", "more": b"\xff" * 1000}


def silent(sentence):
    raise AssertionError(sentence)


@pytest.fixture
def told():
    return []


@pytest.fixture
def kept(tmp_path, told):
    return KeptFiles(tmp_path / "cache" / "sentinel", told.append)


def the_file(kept, key):
    return kept._folder / f"{key}.kept"


def test_sections_come_back_as_they_were(kept, told):
    """Under their key, each section by name."""
    kept.put("a", SECTIONS)
    kept.put("b", {})

    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (SECTIONS, {}, None)
    assert told == []


def test_what_is_kept_is_for_this_user_alone(kept):
    """Rules may be confidential; folders that had to be made are private as well."""
    kept.put("a", SECTIONS)

    folder = kept._folder
    modes = [each.stat().st_mode & 0o777 for each in (the_file(kept, "a"), folder, folder.parent)]
    assert modes == [0o600, 0o700, 0o700]
    assert [each.name for each in folder.iterdir()] == ["a.kept"]


def test_later_sections_take_the_place_of_earlier_ones(kept):
    """One key, one file."""
    kept.put("a", SECTIONS)
    kept.put("a", {"rules": b"new"})

    assert kept.get("a") == {"rules": b"new"}


def test_what_was_not_used_for_longest_goes_first(kept):
    """A bounded number stays; being read counts as being used."""
    for number in range(8):
        kept.put(str(number), SECTIONS)
        os.utime(the_file(kept, number), (number, number))
    assert kept.get("0")

    kept.put("8", SECTIONS)

    assert kept.get("1") is None
    assert [each for each in "02345678" if kept.get(each)] == list("02345678")


@given(st.binary(max_size=64), st.integers(0), st.integers(0, 64))
def test_a_damaged_file_is_none(tmp_path_factory, noise, at, gone):
    """Whichever bytes are changed, missing or too many."""
    told = []
    kept = KeptFiles(tmp_path_factory.mktemp("kept"), told.append)
    kept.put("a", SECTIONS)
    data = the_file(kept, "a").read_bytes()
    at %= len(data)
    changed = data[:at] + noise + data[at + gone :]
    the_file(kept, "a").write_bytes(changed)

    found = kept.get("a")

    if changed == data:
        assert found == SECTIONS
    else:
        assert found is None
        (sentence,) = told
        assert "is damaged" in sentence


def test_a_file_under_another_name_is_none(kept, told):
    """What was made of other rules cannot pass for what was made of these."""
    kept.put("a", SECTIONS)
    the_file(kept, "a").rename(the_file(kept, "b"))

    assert kept.get("b") is None
    assert "is damaged" in told[0]


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_is_not_read(kept, told, mode):
    """They could have written other rules into it."""
    kept.put("a", SECTIONS)
    the_file(kept, "a").chmod(mode)

    assert kept.get("a") is None
    assert "belongs to another user, or others may write to it" in told[0]


def test_a_file_of_another_user_is_not_read(kept, told, monkeypatch):
    """In a shared folder somebody else may have been quicker."""
    kept.put("a", SECTIONS)
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)

    assert kept.get("a") is None
    assert "belongs to another user" in told[0]


def test_a_link_is_not_followed(kept, told, tmp_path):
    """Nor is anything else read that is no plain file."""
    kept.put("a", SECTIONS)
    the_file(kept, "a").rename(tmp_path / "elsewhere")
    the_file(kept, "a").symlink_to(tmp_path / "elsewhere")
    the_file(kept, "b").mkdir()

    assert (kept.get("a"), kept.get("b")) == (None, None)
    assert len(told) == 2


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path, told):
    """A read-only disk: nothing is kept, and somebody hears of it."""
    (tmp_path / "file").write_text("")
    kept = KeptFiles(tmp_path / "file" / "cache", told.append)

    kept.put("a", SECTIONS)

    assert kept.get("a") is None
    assert "nothing can be kept here" in told[0]


def test_a_disk_that_became_read_only_is_read(kept, told, monkeypatch):
    """What was kept before serves; that it was used cannot be noted, and need not be."""
    kept.put("a", SECTIONS)

    def read_only(*arguments):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(kept_module.os, "utime", read_only)

    assert (kept.get("a"), told) == (SECTIONS, [])


def test_a_full_disk_leaves_what_was_there(kept, told, monkeypatch):
    """Writing aside fails: the file of before is whole."""
    kept.put("a", SECTIONS)

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_module.os, "fsync", full)
    kept.put("a", {"rules": b"new"})

    assert kept.get("a") == SECTIONS
    assert "No space left on device" in told[0]


def test_what_a_dead_process_left_is_swept_up(kept):
    """An unfinished file of an hour ago is nobody's any more; one of now is at work."""
    kept.put("a", SECTIONS)
    old, new = kept._folder / "b.1.part", kept._folder / "b.2.part"
    for each in (old, new):
        each.write_bytes(b"")
    os.utime(old, (1, 1))

    kept.put("a", SECTIONS)

    assert (old.exists(), new.exists()) == (False, True)


def test_who_reads_while_another_writes_finds_one_or_the_other(tmp_path):
    """Nobody ever reads half of a file."""
    kept = KeptFiles(tmp_path, silent)
    kept.put("a", {"rules": b"0" * 5000})
    done = Event()
    found = []

    def read():
        while not done.is_set():
            found.append(kept.get("a"))

    reader = Thread(target=read)
    reader.start()
    for number in range(50):
        KeptFiles(tmp_path, silent).put("a", {"rules": b"%d" % (number % 10) * 5000})
    done.set()
    reader.join()

    assert found
    assert all(len(each["rules"]) == 5000 and len(set(each["rules"])) == 1 for each in found)


def test_a_key_is_of_paths_contents_and_what_else_matters():
    """Anything that changes gives another key, and so does text that moves from one to the next."""
    some = [
        [SourceText("a.yml", "x"), SourceText("b.yml", "y")],
        [SourceText("b.yml", "y"), SourceText("a.yml", "x")],
        [SourceText("a.yml", "xb.ymly")],
        [SourceText("a.ym", "lx"), SourceText("b.yml", "y")],
        [SourceText("a.yml", "x"), SourceText("b.yml", "y", unreadable=Fault("b.yml", "no"))],
        [],
    ]
    keys = [key_of(texts, *more) for texts in some for more in ([], ["ecs"], ["e", "cs"])]

    assert len(set(keys)) == len(keys)
    assert all(len(key) == 40 for key in keys)
    assert key_of(some[0]) == key_of(some[0])
