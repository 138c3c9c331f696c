"""Shipped files are found in a checkout and in a wheel."""

import pytest

from sentinel import resources


def test_a_checkout_ships_its_top_level_folders():
    """rules/ and config/ beside the package."""
    assert resources.shipped("config").joinpath("sentinel.yml").is_file()
    assert resources.shipped("rules").is_dir()


def test_a_wheel_ships_what_is_inside_the_package(monkeypatch, tmp_path):
    """`sentinel/_data/` wins: then there is no checkout around."""
    (tmp_path / "_data" / "config").mkdir(parents=True)
    monkeypatch.setattr(resources, "files", lambda package: tmp_path)

    assert tmp_path / "_data" / "config" == resources.shipped("config")


def test_a_folder_that_only_looks_like_a_checkout_is_none(monkeypatch, tmp_path):
    """In site-packages a neighbour may be called "config" as well: it is not ours."""
    (tmp_path / "config").mkdir()
    monkeypatch.setattr(resources, "_CHECKOUT", tmp_path)

    with pytest.raises(FileNotFoundError, match=r"no shipped config/: looked in .*_data"):
        resources.shipped("config")


def test_what_is_not_shipped_is_not_found():
    """The error names both places."""
    with pytest.raises(FileNotFoundError, match="no shipped nonsense/"):
        resources.shipped("nonsense")


def test_the_program_has_another_mark_when_its_sources_change(monkeypatch, tmp_path):
    """A file more, a file less, or another text: what was made before is not used any more."""
    for name in ("detect", "documents", "model", "_data/config"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setattr(resources, "files", lambda package: tmp_path)
    marks = [resources.program_mark()]
    for name, text in [("a.py", "x"), ("a.py", "y"), ("b.py", "y"), ("__pycache__/a.pyc", "z")]:
        (tmp_path / "detect" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "detect" / name).write_text(text)
        marks.append(resources.program_mark())

    assert len(set(marks)) == 4
    assert marks[3] == marks[4]


def test_the_program_has_another_mark_with_other_libraries():
    """Another pySigma may read a rule otherwise; one that is not installed has no version."""
    marks = [
        resources.program_mark(),
        resources.program_mark(["pysigma"]),
        resources.program_mark(["not-installed-here"]),
    ]

    assert len(set(marks)) == 3
    assert marks[0] == resources.program_mark()


def test_plugins_are_pysigma_s():
    """The field-name pipelines of the extra `pipelines`."""
    assert all(name.startswith("pysigma-") for name in resources.pysigma_plugins())
