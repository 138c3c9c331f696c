"""What detection costs, as lengths and shares."""

from dataclasses import replace

from sentinel.model.ids import RuleId
from sentinel.model.profile import DetectionProfile, MemoryRate, RuleCost, StepCost
from sentinel.web.console.overview.costs import BAR, DEAREST, costs, rule_path

RULE = RuleCost(rule=RuleId("r-1"), title="t", place="p", looked_at=4, met=1, seconds=8e-6)


def test_each_step_has_its_mean_its_share_and_its_bar():
    """The longest fills the bar; shares are of the whole way, however many events were measured."""
    profile = DetectionProfile(
        steps=(
            StepCost(name="read", seconds=10e-6, events=1),
            StepCost(name="match", seconds=300e-6, events=10),
        )
    )

    found = costs(profile)

    assert found.microseconds == 40
    assert [(row.step.name, round(row.share, 3), row.bar) for row in found.steps] == [
        ("read", 0.25, 33.3),
        ("match", 0.75, BAR),
    ]


def test_the_ten_dearest_rules_are_enough():
    """In the order of the profile, the mean of a look beside the sum."""
    cheap = replace(RULE, seconds=2e-6, looked_at=0)

    found = costs(DetectionProfile(rules=(RULE, *[cheap] * 20)))

    assert len(found.rules) == DEAREST
    assert [(row.look, row.bar) for row in found.rules[:2]] == [(2, BAR), (0, 25)]


def test_a_memory_s_bar_is_its_rate():
    """All of it is one that always knew."""
    memory = MemoryRate(name="values", asked=4, known=3, size=1, most=9)

    assert [row.bar for row in costs(DetectionProfile(memories=(memory,))).memories] == [75]


def test_before_the_first_event_there_is_nothing():
    """And nothing is divided by it."""
    found = costs(DetectionProfile(steps=(StepCost(name="read", seconds=0.0, events=0),)))

    assert (found.microseconds, found.rules, found.memories) == (0, [], [])
    assert [(row.share, row.bar) for row in found.steps] == [(0, 0)]


def test_a_rule_leads_to_all_its_alerts():
    """Whatever its id is made of."""
    assert rule_path("r-1") == "/?q=status%3Aany+rule%3Ar-1"
    assert rule_path('a "b') == "/?q=status%3Aany+rule%3A%22a+%5C%22b%22"
