"""policy.yml becomes a Policy."""

from datetime import timedelta

import pytest
import yaml

from sentinel.documents import SourceText
from sentinel.errors import SettingsError
from sentinel.model.agency import SecurityLevel, Tlp
from sentinel.model.rule import Confidence
from sentinel.model.severity import Severity
from sentinel.resources import shipped
from sentinel.settings import load_policy

TEXT = shipped("config").joinpath("policy", "vn", "policy.yml").read_text(encoding="utf-8")


def changed(**changes) -> SourceText:
    """The shipped policy with some of its top keys replaced."""
    return SourceText("policy.yml", yaml.safe_dump(yaml.safe_load(TEXT) | changes))


def test_the_shipped_policy_says_what_the_law_says():
    """Five days for the initial report, with the article; numbers of series CB."""
    policy = load_policy(SourceText("policy.yml", TEXT))

    assert (policy.name, policy.version, policy.series) == ("vn", "2026-11-21", "CB")
    assert timedelta(days=5) == policy.deadlines.report
    assert "Circular 20/2017/TT-BTTTT, Art. 9" in policy.deadlines.source.en
    assert "Điều 9 Thông tư 20/2017/TT-BTTTT" in policy.deadlines.source.vi


def test_what_is_worse_is_due_sooner():
    """The time to acknowledge, and the desk's time to look, shrink with every step of severity."""
    deadlines = load_policy(SourceText("policy.yml", TEXT)).deadlines

    for limits in (deadlines.acknowledge, deadlines.triage):
        due = [limits[severity] for severity in Severity]
        assert sorted(set(due), reverse=True) == due


def test_the_shipped_weights():
    """Points for levels, systems and confidence; more for what goes on."""
    weights = load_policy(SourceText("policy.yml", TEXT)).weights

    assert [weights.level[severity] for severity in Severity] == [5, 20, 40, 60, 80]
    assert [weights.asset[level] for level in SecurityLevel] == [5, 0, 4, 12, 16, 20]
    assert [weights.confidence[confidence] for confidence in Confidence] == [0, -5, -15]
    assert weights.repetition == ((5, 3), (20, 6), (100, 10))


def test_each_tlp_label_has_a_meaning_in_both_languages():
    """A label that a letter carries can be explained to its reader."""
    meanings = load_policy(SourceText("policy.yml", TEXT)).tlp_meaning

    assert set(Tlp) == set(meanings)
    assert all(
        meaning.vi and meaning.en and meaning.vi != meaning.en for meaning in meanings.values()
    )


def test_a_severity_without_a_time_limit_is_a_fault():
    """A warning of that severity would have no deadline."""
    deadlines = yaml.safe_load(TEXT)["deadlines"]
    del deadlines["acknowledge"]["hours"]["high"]

    with pytest.raises(SettingsError, match="there is no entry for: high"):
        load_policy(changed(deadlines=deadlines))


def test_a_level_that_does_not_exist_is_a_fault():
    """Systems have the levels 1-5 or unknown."""
    score = yaml.safe_load(TEXT)["score"]
    score["asset"][6] = 30

    with pytest.raises(SettingsError, match=r"there is no such level.*1, 2, 3, 4, 5 or unknown"):
        load_policy(changed(score=score))


def test_a_severity_that_does_not_exist_is_a_fault():
    """Severities are Sigma's levels."""
    score = yaml.safe_load(TEXT)["score"]
    score["level"]["terrible"] = 90

    with pytest.raises(SettingsError, match=r"score\.level\.terrible: .*informational, low"):
        load_policy(changed(score=score))


@pytest.mark.parametrize(
    "steps",
    [
        [{"detections": 5, "points": 3}, {"detections": 5, "points": 4}],
        [{"detections": 5, "points": 3}, {"detections": 9, "points": 3}],
    ],
)
def test_repetition_must_rise(steps):
    """More detections never mean the same points, nor fewer detections more."""
    with pytest.raises(SettingsError, match="the steps must rise"):
        load_policy(changed(score=yaml.safe_load(TEXT)["score"] | {"repetition": steps}))


@pytest.mark.parametrize("series", ["cb", "CB-1", "", "TOOLONGXX", "CB\n"])
def test_a_series_is_capital_letters(series):
    """It becomes part of a number that people read aloud."""
    with pytest.raises(SettingsError, match=r"series: .*1-8 capital letters"):
        load_policy(changed(series=series))
