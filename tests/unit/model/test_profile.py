"""What detection costs, as values."""

from datetime import timedelta

from sentinel.model.ids import RuleId
from sentinel.model.profile import MATCH, DetectionProfile, MemoryRate, Resting, StepCost
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
