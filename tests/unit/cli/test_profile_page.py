"""What detection has cost: tables beside the answer, JSON for machines."""

import json
from datetime import timedelta

from sentinel.cli import profile_page
from sentinel.cli.screen import Screen
from sentinel.model.ids import RuleId
from sentinel.model.profile import DetectionProfile, MemoryRate, Resting, RuleCost, StepCost
from sentinel.model.text import Language
from tests.samples import NOON

REST = Resting(
    rule=RuleId("r"), title="slow", why="a.yml:1: slow\x1b", since=NOON, until=NOON + timedelta(1)
)
PROFILE = DetectionProfile(
    events=4,
    steps=(StepCost(name="read", seconds=3e-6, events=2),),
    rules=(
        RuleCost(
            rule=RuleId("r"), title="slow", place="a.yml:1", looked_at=2, met=1, seconds=0.0005
        ),
    ),
    memories=(MemoryRate(name="values", asked=4, known=3, size=1, most=9),),
    resting=(REST,),
)


def test_the_tables_go_beside_the_answer(capsys):
    """Steps, rules, memories, what was switched off; nothing acts on a terminal."""
    profile_page.show(PROFILE, Screen(Language.EN))

    shown = capsys.readouterr()
    lines = [line.split() for line in shown.err.splitlines()]
    assert shown.out == ""
    assert ["read", "1.50", "2"] in lines
    assert ["slow", "0.50", "2", "1", "a.yml:1"] in lines
    assert ["values", "4", "75.0%", "1", "9"] in lines
    assert "Switched off for a while: a.yml:1: slow\\x1b" in shown.err


def test_what_was_not_measured_is_no_empty_table(capsys):
    """An engine that knows nothing of its rules says nothing of them."""
    profile_page.show(DetectionProfile(), Screen(Language.EN))

    assert capsys.readouterr().err == ""


def test_a_machine_reads_the_same(tmp_path):
    """Every value of the profile, means and rates worked out, times in ISO 8601."""
    path = tmp_path / "profile.json"

    profile_page.write(PROFILE, path)

    assert json.loads(path.read_text(encoding="utf-8")) == {
        "events": 4,
        "steps": [{"name": "read", "seconds": 3e-6, "events": 2, "microseconds": 1.5}],
        "rules": [
            {
                "rule": "r",
                "title": "slow",
                "place": "a.yml:1",
                "looked_at": 2,
                "met": 1,
                "seconds": 0.0005,
            }
        ],
        "memories": [
            {"name": "values", "asked": 4, "known": 3, "size": 1, "most": 9, "rate": 0.75}
        ],
        "resting": [
            {
                "rule": "r",
                "title": "slow",
                "why": "a.yml:1: slow\x1b",
                "since": "2026-11-22T05:00:00+00:00",
                "until": "2026-11-23T05:00:00+00:00",
                "times": 1,
            }
        ],
    }
