"""The settings as far as they can be used."""

import pytest

from sentinel.doctor.reading import ALL, read_settings


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Write ./sentinel.yml and read it as a command would."""
    monkeypatch.chdir(tmp_path)

    def write(text, config=None):
        (tmp_path / "sentinel.yml").write_text(text, encoding="utf-8")
        return read_settings(config)

    return write


def test_a_file_that_is_right(written, tmp_path):
    """All of it counts."""
    reading = written("data: kept\n")

    assert (reading.place, reading.faults, reading.broken) == ("sentinel.yml", (), frozenset())
    assert reading.settings.data == tmp_path / "kept"


def test_without_a_file_the_defaults_are_used(tmp_path, monkeypatch):
    """And no place is named."""
    monkeypatch.chdir(tmp_path)

    reading = read_settings(None)

    assert (reading.place, reading.faults) == (None, ())
    assert reading.settings.data == tmp_path / "data"


def test_what_is_wrong_is_left_out_and_the_rest_is_used(written, tmp_path):
    """Every fault has its line; the faulty keys are named, so that no default is judged."""
    reading = written("data: kept\nlanguage: en\nmail:\n  server: 7\nrules: 8\nnonsense: 9\n")

    assert [fault.place for fault in reading.faults] == [
        "sentinel.yml:4",
        "sentinel.yml:5",
        "sentinel.yml:6",
    ]
    assert reading.broken == {"mail", "rules"}
    assert reading.settings.data == tmp_path / "kept"
    assert reading.settings.language == "en"


@pytest.mark.parametrize("text", ["data: [\n", "just text\n", "data: a\ndata: b\n", "- a\n"])
def test_what_is_no_mapping_is_used_in_nothing(written, text):
    """There is nothing to go by."""
    reading = written(text)

    assert reading.faults
    assert reading.broken == ALL


def test_a_file_that_is_not_there(tmp_path):
    """It was named, so the defaults are not what was meant."""
    reading = read_settings(tmp_path / "nowhere.yml")

    assert reading.place == str(tmp_path / "nowhere.yml")
    assert "cannot be read" in reading.faults[0].message
    assert reading.broken == ALL


def test_collectors_that_nobody_installed_are_named(written):
    """Once each, beside the fault with its line."""
    reading = written(
        "inputs:\n"
        "  - {name: a, collector: kafka}\n"
        "  - {name: b, collector: kafka}\n"
        "  - {name: c, collector: syslog, options: {udp: '127.0.0.1:5514'}}\n"
    )

    assert reading.missing == ("kafka",)
    assert reading.broken == {"inputs"}
