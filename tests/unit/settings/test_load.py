"""sentinel.yml becomes Settings, or one error with every fault."""

from pathlib import Path
from typing import ClassVar

import pytest
import yaml
from pydantic import Field

from sentinel.collect.contract import CollectorOptions
from sentinel.collect.registry import collectors as installed
from sentinel.documents import SourceText
from sentinel.errors import SettingsError
from sentinel.model.text import Language
from sentinel.resources import shipped
from sentinel.settings import Settings, load_settings

CORPUS = Path(__file__).resolve().parents[2] / "corpus" / "settings"
CASES = yaml.safe_load((CORPUS / "settings_faults.yml").read_text(encoding="utf-8"))


class LinesOptions(CollectorOptions):
    path: str
    port: int = Field(default=1, ge=1)


class LinesCollector:
    name: ClassVar[str] = "lines"
    Options: ClassVar[type[CollectorOptions]] = LinesOptions


class SyslogOptions(CollectorOptions):
    udp: str = ""
    tcp: str = ""


class SyslogCollector:
    name: ClassVar[str] = "syslog"
    Options: ClassVar[type[CollectorOptions]] = SyslogOptions


COLLECTORS = {"lines": LinesCollector, "syslog": SyslogCollector}


def load(text: str, base: Path) -> Settings:
    return load_settings(SourceText("sentinel.yml", text), base, COLLECTORS)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_every_fault_is_told_with_its_line(case, tmp_path):
    """All faults of a file at once, in order of line, each with what was found and is allowed."""
    with pytest.raises(SettingsError) as caught:
        load(case["file"], tmp_path)

    told = [str(fault).replace(str(tmp_path), "BASE") for fault in caught.value.faults]
    assert case["faults"] == told


def test_the_shipped_settings_are_the_defaults(tmp_path):
    """config/sentinel.yml says with words what an empty file means."""
    known = installed().by_name
    text = shipped("config").joinpath("sentinel.yml").read_text(encoding="utf-8")

    said = load_settings(SourceText("config/sentinel.yml", text), tmp_path, known)
    meant = load_settings(SourceText("empty.yml", ""), tmp_path, known)

    assert meant == said


def test_relative_paths_start_at_the_settings_folder(tmp_path):
    """Wherever the service is started, its data are beside its settings."""
    (tmp_path / "rules").mkdir()

    settings = load("data: kept\ninputs: []\nrules: {paths: [rules]}", tmp_path)

    assert tmp_path / "kept" == settings.data
    assert (tmp_path / "rules",) == settings.rules.paths


def test_an_absolute_path_stays(tmp_path):
    """A data disk of its own is named as it is."""
    assert Path("/srv/sentinel") == load("data: /srv/sentinel\ninputs: []", tmp_path).data


def test_an_input_carries_the_options_of_its_collector(tmp_path):
    """`options` is an instance of the collector's own model."""
    settings = load("inputs: [{name: a, collector: lines, options: {path: x, port: 7}}]", tmp_path)

    assert LinesOptions(path="x", port=7) == settings.inputs[0].options


def test_an_input_without_options_gets_the_defaults_of_its_collector(tmp_path):
    """A collector whose options all have defaults needs no `options`."""
    settings = load("inputs:\n- name: a\n  collector: syslog\n  options:", tmp_path)

    assert SyslogOptions() == settings.inputs[0].options


def test_absent_inputs_mean_syslog_and_an_empty_list_means_none(tmp_path):
    """A first run listens; a person who wants nothing says so."""
    known = installed().by_name

    first = load_settings(SourceText("a.yml", ""), tmp_path, known)
    none = load_settings(SourceText("a.yml", "inputs: []"), tmp_path, known)

    assert [(one.name, one.collector) for one in first.inputs] == [("syslog", "syslog")]
    assert first.inputs[0].options.udp == "127.0.0.1:5514"
    assert none.inputs == ()


def test_a_key_with_everything_below_it_commented_out_means_the_defaults(tmp_path):
    """`web:` with comments below it is not a mistake."""
    settings = load("inputs: []\nweb:\n  # soc: ...\nmail:\nlog:", tmp_path)

    assert (settings.web.soc.port, settings.web.public.port) == (8443, 8444)
    assert settings.mail is None


def test_settings_do_not_change(tmp_path):
    """What was read stays what was read."""
    settings = load("inputs: []", tmp_path)

    with pytest.raises(ValueError, match="frozen"):
        settings.language = Language.EN


def test_the_default_inputs_need_their_collector(tmp_path):
    """Without a syslog collector the defaults say so, they do not run without inputs."""
    with pytest.raises(SettingsError, match="none: no collector is installed"):
        load_settings(SourceText("a.yml", ""), tmp_path, {})
