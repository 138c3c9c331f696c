"""The engine: order, silence of base rules, and rules that have to rest."""

from dataclasses import replace

from sentinel.detect import patience
from sentinel.detect.engine import Engine
from sentinel.detect.rests import REST
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText
from tests.samples import NOON, an_event

RULE = """
title: {title}
id: {id}
logsource: {{product: linux}}
detection: {{selection: {selection}, condition: selection}}
"""
FIRST = RULE.format(
    title="first", id="11111111-1111-4111-8111-111111111111", selection="{process.name: sshd}"
)
SECOND = RULE.format(
    title="second", id="22222222-2222-4222-8222-222222222222", selection="{user.name: admin}"
)
SLOW = RULE.format(
    title="slow",
    id="33333333-3333-4333-8333-333333333333",
    selection="{message|re: '(.*a){20}b(\\1)?'}",
)


def _engine(*texts):
    sources = [SourceText(f"rules/{number}.yml", text) for number, text in enumerate(texts)]
    ruleset = load(sources)
    assert ruleset.refused == ()
    return Engine(ruleset)


def _titles(engine, event):
    return [detection.rule.title for detection in engine.match(event)]


def test_detections_come_in_the_order_of_the_rules():
    """The same event leads to the same list, whatever was asked before."""
    engine = _engine(SECOND, FIRST)

    assert _titles(engine, an_event()) == ["second", "first"]
    assert _titles(engine, an_event()) == ["second", "first"]
    assert [card.title for card in engine.cards] == ["second", "first"]


def test_a_detection_carries_its_event():
    """One event, its own time, the fields that mattered."""
    event = an_event()
    (detection,) = _engine(FIRST).match(event)

    assert detection.event == event
    assert detection.events == (event.id,)
    assert (detection.count, detection.first, detection.group) == (1, event.at, None)
    assert detection.matched == {"process.name": "sshd"}


def test_an_engine_without_rules_detects_nothing():
    """No rules, no detections, no changes."""
    engine = _engine()

    assert (engine.match(an_event()), engine.changes(), list(engine.cards)) == ([], {}, [])


def test_a_rule_that_takes_too_long_rests_loudly_and_comes_back(monkeypatch):
    """The others go on; the reason names rule and event and stays; a minute later it is tried."""
    monkeypatch.setattr(patience, "LOOK", 0.05)
    engine = _engine(SLOW, FIRST)
    event = an_event(fields={"message": "a" * 200})
    harmless = an_event(2, fields={"message": "a" * 20 + "b"})
    later = replace(harmless, received=NOON + REST)

    assert _titles(engine, event) == ["first"]
    assert list(engine.rested) == ["33333333-3333-4333-8333-333333333333"]
    (reason,) = engine.rested.values()
    assert "rules/0.yml:2" in reason
    assert event.id in reason
    assert _titles(engine, harmless) == ["first"]
    assert _titles(engine, later) == ["slow", "first"]
    assert _titles(engine, replace(event, received=NOON + REST)) == ["first"]
    assert "2 times" in engine.rested["33333333-3333-4333-8333-333333333333"]


def test_the_profile_says_what_rests_since_when_and_until_when(monkeypatch):
    """A rest that is over is still told: what came meanwhile was not held against the rule."""
    monkeypatch.setattr(patience, "LOOK", 0.05)
    engine = _engine(SLOW, FIRST)
    before = engine.profile()
    engine.match(an_event(fields={"message": "a" * 200}))
    engine.match(replace(an_event(2), received=NOON + REST))

    profile = engine.profile()

    (rest,) = profile.resting
    assert (before.events, before.resting, profile.events) == (0, (), 2)
    assert (rest.rule, rest.title) == ("33333333-3333-4333-8333-333333333333", "slow")
    assert (rest.since, rest.until, rest.times) == (NOON, NOON + REST, 1)
    assert rest.why == engine.rested[rest.rule]
