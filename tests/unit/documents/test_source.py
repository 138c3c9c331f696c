"""Files that people write are read as UTF-8, in order of name."""

import pytest

from sentinel.documents import SourceText, read_source, yaml_texts
from sentinel.errors import RegistryError


def test_a_folder_is_read_in_order_of_name_and_deep(tmp_path):
    """Rules load in the same order on every machine; what is hidden or no YAML is left alone."""
    (tmp_path / "b").mkdir()
    for name in ("c.yml", "b/x.yaml", "a.yml", ".hidden.yml", "readme.md"):
        (tmp_path / name).write_text(name, encoding="utf-8")

    read = list(yaml_texts([tmp_path]))

    assert [source.text for source in read] == ["a.yml", "b/x.yaml", "c.yml"]
    assert str(tmp_path / "a.yml") == read[0].path


def test_a_named_file_is_read_whatever_its_name(tmp_path):
    """Who names a file means it."""
    (tmp_path / "rule.txt").write_text("title: x", encoding="utf-8")

    assert [SourceText(str(tmp_path / "rule.txt"), "title: x")] == list(
        yaml_texts([tmp_path / "rule.txt"])
    )


def test_a_file_that_is_not_utf_8_is_named(tmp_path):
    """Python's own error does not say which file it was."""
    (tmp_path / "a.yml").write_bytes(b"title: \xff")

    with pytest.raises(UnicodeDecodeError) as caught:
        list(yaml_texts([tmp_path / "a.yml"]))

    assert [str(tmp_path / "a.yml")] == caught.value.__notes__


def test_an_unreadable_file_in_a_folder_does_not_hide_the_others(tmp_path):
    """Each comes with its fault, and the rest is read."""
    (tmp_path / "a.yml").write_bytes(b"title: \xff")
    (tmp_path / "b.yml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c.yml").write_text("title: c", encoding="utf-8")

    first, second, third = yaml_texts([tmp_path])

    assert f"{tmp_path}/a.yml:1: the file is not valid UTF-8" in str(first.unreadable)
    assert f"{tmp_path}/b.yml: the file cannot be read: No such file" in str(second.unreadable)
    assert (third.text, third.unreadable) == ("title: c", None)


def test_a_link_back_to_a_folder_above_is_followed_nowhere(tmp_path):
    """Else each file came forty times."""
    (tmp_path / "a.yml").write_text("title: a", encoding="utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "loop").symlink_to("..")

    assert [SourceText(str(tmp_path / "a.yml"), "title: a")] == list(yaml_texts([tmp_path]))


def test_read_source_says_which_line_is_not_utf_8(tmp_path):
    """A file saved in an old Vietnamese code page is found at its first letter."""
    (tmp_path / "a.yml").write_bytes(b"name:\n  vi: S\xdf\n")

    with pytest.raises(RegistryError, match=r"agencies\.yml:2: .*found byte 0xdf"):
        read_source(tmp_path / "a.yml", "agencies.yml", error=RegistryError)


def test_read_source_says_why_a_file_cannot_be_read(tmp_path):
    """The sentence has the path as a person typed it."""
    with pytest.raises(RegistryError, match="nowhere: the file cannot be read: No such file"):
        read_source(tmp_path / "nowhere", error=RegistryError)


def test_read_source_calls_a_file_by_its_path(tmp_path):
    """Without another name."""
    (tmp_path / "a.yml").write_text("x", encoding="utf-8")

    assert SourceText(str(tmp_path / "a.yml"), "x") == read_source(tmp_path / "a.yml")


def test_every_way_to_end_a_line_is_one(tmp_path):
    """As Python reads text files: rules come from all systems."""
    (tmp_path / "a.yml").write_bytes(b"a\r\nb\rc\n\xc4\x91\r\n")

    assert read_source(tmp_path / "a.yml").text == "a\nb\nc\n\u0111\n"
    assert [source.text for source in yaml_texts([tmp_path])] == ["a\nb\nc\n\u0111\n"]
