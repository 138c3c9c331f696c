"""Are the collectors there that the inputs need?"""

from dataclasses import replace

import pytest

from sentinel.collect.registry import Found
from sentinel.collect.registry import collectors as installed
from sentinel.doctor.collectors import examine_collectors, inputs, loading, missing
from sentinel.doctor.reading import read_settings
from sentinel.errors import Fault


@pytest.mark.parametrize(
    ("faults", "expected"), [((), "ok"), ((Fault("entry point", "cannot be loaded"),), "warn")]
)
def test_plug_ins_that_do_not_load(faults, expected):
    """The others work."""
    found = Found(by_name=installed().by_name, faults=faults)

    assert loading(found).status.value == expected


@pytest.mark.parametrize(("names", "expected"), [((), "ok"), (("kafka",), "fail")])
def test_collectors_that_nobody_installed(names, expected):
    """The settings ask for them."""
    check = missing(names, installed())

    assert check.status.value == expected
    assert check.remedy is None or "files, stdin, syslog" in check.remedy.en


@pytest.mark.parametrize(("names", "expected"), [([], "fail"), (["syslog"], "ok")])
def test_inputs(names, expected):
    """Without one nothing is collected."""
    assert inputs(names).status.value == expected


def test_what_the_settings_ask_for(patient, tmp_path, standing):
    """Inputs that are at fault are not judged by the default ones."""
    config = tmp_path / "s.yml"
    config.write_text("inputs: [{name: a, collector: kafka}]\n", encoding="utf-8")
    reading = read_settings(config)

    checks = examine_collectors(replace(patient, reading=reading, settings=reading.settings))

    assert standing(checks) == [("collectors.load", "ok"), ("collectors.missing", "fail")]


def test_from_inside_the_service(patient, standing):
    """What it runs with is there."""
    assert standing(examine_collectors(patient)) == [
        ("collectors.load", "ok"),
        ("collectors.missing", "ok"),
        ("collectors.inputs", "fail"),
    ]
