"""Rules change while events flow: none is lost, none is judged twice, counts go on."""

import pytest

from sentinel.detect.engine import Engine
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText
from sentinel.errors import SentinelError
from sentinel.pipeline import EVENTS_KEPT, OFFSET_WRITTEN
from tests.unit.pipeline_house import GUESSING, House, StoppedError

GUESSED = "22222222-2222-4222-8222-222222222222"


def renewed(house, text):
    """Other rules, as a reload hands them in."""
    house.rules = load([SourceText("guessing.yml", text)])
    assert house.rules.refused == ()
    house.pipeline.renew(lambda windows, rules=house.rules: Engine(rules, windows))


def found(house):
    """How many events each alert's rule has met."""
    return {alert.card.id: alert.detections for alert in house.alerts()}


def a_rule(number):
    """Meets every failed log-in."""
    return f"""
---
title: Failure {number}
id: 44444444-4444-4444-8444-{number:012}
level: low
logsource: {{product: linux, service: sshd}}
detection:
  selection: {{event.outcome: failure}}
  condition: selection
"""


def test_a_correlation_that_stays_goes_on_counting():
    """Three failures before the change and two after it are five."""
    house = House()
    house.failures(3)
    house.pipeline.step()
    renewed(house, GUESSING + a_rule(1))
    house.failures(2, first=3)

    house.pipeline.step()

    assert sorted(str(each) for each in found(house)) == [
        GUESSED,
        "44444444-4444-4444-8444-000000000001",
    ]


def test_a_correlation_that_changed_begins_afresh():
    """What it counted before was counted by another rule; nothing of it is kept."""
    house = House()
    house.failures(3)
    house.pipeline.step()
    with house.state.reading() as state:
        before = set(state.windows())
    renewed(house, GUESSING.replace("gte: 5", "gte: 4"))
    house.failures(3, first=3)
    house.pipeline.step()
    assert found(house) == {}
    house.failures(1, first=6)

    house.pipeline.step()

    assert [str(each) for each in found(house)] == [GUESSED]
    with house.state.reading() as state:
        assert not before & set(state.windows())


def test_what_came_before_is_not_held_against_the_new_rules():
    """Each event is judged once, by the rules of its step."""
    house = House()
    house.failures(4)
    house.pipeline.step()
    renewed(house, GUESSING + a_rule(1))
    house.pipeline.step()
    assert found(house) == {}
    house.failures(1, address="198.51.100.7", first=10)

    house.pipeline.step()

    assert list(found(house).values()) == [1]


def test_new_rules_are_at_work_although_nothing_comes():
    """Who asks the engine for its rules gets the new ones, and its last ones where it was fast."""
    house = House()
    renewed(house, GUESSING + a_rule(1))
    renewed(house, GUESSING + a_rule(1) + a_rule(2))

    assert house.pipeline.step() == 0

    assert len(house.pipeline.engine.cards) == 5


@pytest.mark.parametrize("point", [EVENTS_KEPT, OFFSET_WRITTEN])
def test_rules_may_change_while_a_step_fails(point):
    """The step is begun again with the new rules; its events count once."""
    house = House()
    house.failures(3)
    house.pipeline.step()
    house.stop_at = point
    house.failures(2, first=3)
    with pytest.raises(StoppedError):
        house.pipeline.step()
    renewed(house, GUESSING + a_rule(1))
    with pytest.raises(StoppedError):
        house.pipeline.step()
    house.stop_at = ""

    house.pipeline.step()

    by_rule = {str(rule)[0]: count for rule, count in found(house).items()}
    assert by_rule == {"2": 1, "4": 2}


def test_rules_change_when_the_state_can_be_read_again(monkeypatch):
    """A state that is away for a moment delays the change and loses nothing."""
    house = House()
    house.failures(3)
    house.pipeline.step()
    renewed(house, GUESSING + a_rule(1))
    house.failures(2, first=3)
    with monkeypatch.context() as away:

        def unreadable():
            raise SentinelError("the state database is locked")

        away.setattr(house.state, "reading", unreadable)
        with pytest.raises(SentinelError, match="locked"):
            house.pipeline.step()

    house.pipeline.step()

    assert len(house.pipeline.engine.cards) == 4
    assert {str(rule)[0]: count for rule, count in found(house).items()} == {"2": 1, "4": 2}


def test_many_changes_lose_nothing_and_double_nothing():
    """One failure for each change: the rule that is always there meets all, the others their own.

    The correlation is there all along and sees every event, so it completes as without changes.
    """
    house = House()
    for number in range(1, 21):
        renewed(house, GUESSING + a_rule(0) + a_rule(number))
        house.failures(1, first=number)
        house.pipeline.step()

    by_rule = found(house)
    every = {str(rule): count for rule, count in by_rule.items()}
    calm = House()
    renewed(calm, GUESSING)
    calm.failures(20, first=1)
    calm.pipeline.step()
    assert every.pop(GUESSED) == found(calm).popitem()[1]
    assert every.pop("44444444-4444-4444-8444-000000000000") == 20
    assert every == {f"44444444-4444-4444-8444-{number:012}": 1 for number in range(1, 21)}
