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
