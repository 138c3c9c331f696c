"""Changes are seen from outside."""

import os
import shutil

import pytest

from sentinel.documents.watched import look_at


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "rules" / "linux").mkdir(parents=True)
    (tmp_path / "rules" / "a.yml").write_text("a")
    (tmp_path / "rules" / "linux" / "b.yaml").write_text("b")
    return tmp_path / "rules"


def replaced(file):
    """As an editor saves: a new file takes the old one's place, size and time."""
    before = file.stat()
    new = file.with_name("new")
    new.write_text("c")
    os.utime(new, ns=(before.st_atime_ns, before.st_mtime_ns))
    new.replace(file)


CHANGES = {
    "a file more": lambda folder: (folder / "linux" / "c.yml").write_text(""),
    "a file less": lambda folder: (folder / "a.yml").unlink(),
    "another size": lambda folder: (folder / "a.yml").write_text("ab"),
    "another time": lambda folder: os.utime(folder / "a.yml", ns=(1, 1)),
    "another name": lambda folder: (folder / "a.yml").rename(folder / "z.yml"),
    "another file in its place": lambda folder: replaced(folder / "a.yml"),
    "a folder more, with a file": lambda folder: shutil.copytree(folder / "linux", folder / "new"),
    "a folder less": lambda folder: shutil.rmtree(folder / "linux"),
    "the manifest": lambda folder: (folder / "linux" / ".manifest.json").write_text("{}"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_each_change_is_seen(folder, change):
    """Nobody has to say that he saved a file."""
    before = look_at([folder], [".manifest.json"])

    change(folder)

    assert look_at([folder], [".manifest.json"]) != before


def test_without_a_change_it_looks_the_same(folder):
    """What is no rule does not count, nor is a file that was read another."""
    before = look_at([folder])
    (folder / "a.yml").read_text()
    for name in ("notes.txt", ".a.yml.swp", "a.yml~"):
        (folder / name).write_text("x")

    assert look_at([folder]) == before
    assert sorted(before) == [str(folder / "a.yml"), str(folder / "linux" / "b.yaml")]


def test_a_root_may_be_a_file(folder):
    """`rules.paths` may name one."""
    before = look_at([folder / "a.yml"])
    (folder / "a.yml").write_text("abc")

    assert look_at([folder / "a.yml"]) != before


def test_a_root_that_is_gone_is_an_error(folder, tmp_path):
    """Then nobody knows which rules there should be."""
    with pytest.raises(FileNotFoundError):
        look_at([folder, tmp_path / "gone"])


def test_a_root_that_cannot_be_listed_is_an_error(folder, monkeypatch):
    """It is not the same as an empty one."""

    def refused(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refused)

    with pytest.raises(PermissionError):
        look_at([folder])


def test_a_folder_below_that_cannot_be_listed_is_seen_to_be(folder, monkeypatch):
    """The others are looked at; when it can be listed again, that is a change."""
    before = look_at([folder])
    scandir = os.scandir

    def refused(path):
        if str(path).endswith("linux"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)

    seen = look_at([folder])

    assert seen[str(folder / "linux")] == ()
    assert seen != before


def test_a_link_back_leads_nowhere_new(folder):
    """As where rules are read."""
    before = look_at([folder])
    (folder / "linux" / "back").symlink_to(folder)

    assert look_at([folder]) == before


def test_a_broken_link_is_seen(folder):
    """It is a rule that cannot be read."""
    (folder / "c.yml").symlink_to(folder / "gone")

    assert look_at([folder])[str(folder / "c.yml")] == ()
