"""What detection costs, as values."""

from datetime import timedelta

from sentinel.model.ids import RuleId
from sentinel.model.profile import (
    MATCH,
    DetectionProfile,
    MemoryRate,
    Resting,
    RuleCost,
    StepCost,
    together,
)
from tests.samples import NOON


def test_a_step_says_its_mean():
    """Two events in three microseconds."""
    assert StepCost(name="route", seconds=3e-6, events=2).microseconds == 1.5
    assert StepCost(name="route", seconds=0.0, events=0).microseconds == 0.0


def test_a_memory_says_how_often_it_knew():
    """Three of four; nothing before anybody asked."""
    assert MemoryRate(name="values", asked=4, known=3, size=1, most=9).rate == 0.75
    assert MemoryRate(name="values", asked=0, known=0, size=0, most=9).rate == 0.0


def test_a_rest_has_a_beginning_and_an_end():
    """What arrives at its end is held against the rule again."""
    minute = timedelta(minutes=1)
    rest = Resting(rule=RuleId("r"), title="slow", why="why", since=NOON, until=NOON + minute)

    times = [NOON - minute, NOON, NOON + minute / 2, NOON + minute]

    assert [rest.holds(at) for at in times] == [False, True, True, False]


def test_what_the_engine_knows_stands_for_the_step_that_it_is():
    """Where it knows nothing, the step stands itself."""
    read, match, commit, route, met = (
        StepCost(name=name, seconds=1.0, events=1)
        for name in ("read", MATCH, "commit", "route", "met")
    )

    known = DetectionProfile(steps=(route, met)).on_the_way([read, match, commit])
    unknown = DetectionProfile().on_the_way([read, match, commit])

    assert (known.steps, unknown.steps) == ((read, route, met, commit), (read, match, commit))


def _of_one(seconds, **rules):
    return DetectionProfile(
        events=10,
        steps=(StepCost(name="find", seconds=seconds, events=2),),
        rules=tuple(
            RuleCost(rule=name, title=name, place="", looked_at=3, met=1, seconds=cost)
            for name, cost in rules.items()
        ),
        memories=(MemoryRate(name="values", asked=4, known=3, size=1, most=9),),
    )


def test_what_several_cost_is_added_up():
    """Each rule once, the dearest of all first."""
    found = together([_of_one(1.0, a=2.0, b=3.0), _of_one(2.0, a=2.0, c=1.0)], dearest=2)

    assert (found.events, found.steps[0]) == (20, StepCost(name="find", seconds=3.0, events=4))
    assert [(rule.rule, rule.looked_at, rule.seconds) for rule in found.rules] == [
        ("a", 6, 4.0),
        ("b", 3, 3.0),
    ]
    assert found.memories == (MemoryRate(name="values", asked=8, known=6, size=2, most=18),)
