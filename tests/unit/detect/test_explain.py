"""Why a rule met an event: the tree says no more and no less than the verdict."""

from collections.abc import Mapping

import pytest
from hypothesis import given

from sentinel.detect.condition import (
    AllOf,
    AnyOf,
    ExistsAtom,
    FieldAtom,
    KeywordAtom,
    Not,
    NullAtom,
)
from sentinel.detect.explain import (
    CorrelationExplained,
    Kind,
    Mark,
    Outcome,
    RuleExplained,
    Verdict,
    deciding,
    explain,
    explain_condition,
)
from sentinel.detect.reference import evaluate
from sentinel.detect.sigma.load import load
from sentinel.detect.values import NumberTest, RegexTest
from sentinel.documents import SourceText
from tests.unit.detect.generated import conditions, fields

ONE, TWO = FieldAtom("a", NumberTest(1)), FieldAtom("b", NumberTest(2))

RULES = """
title: Counted
id: 11111111-1111-4111-8111-111111111111
name: counted
logsource: {category: webserver}
detection:
  selection: {c-uri: /login}
  condition: selection
---
title: Counting
id: 22222222-2222-4222-8222-222222222222
correlation:
  type: event_count
  rules: [counted]
  group-by: [c-ip]
  timespan: 1m
  condition: {gte: 2}
"""


@given(conditions(), fields())
def test_the_tree_says_what_the_reference_says(condition, fields_):
    """At its root, and at each node."""
    step = explain_condition(condition, fields_, {})

    assert (evaluate(condition, fields_) is not None) is step.holds
    for test in _tests(step):
        assert (evaluate(test.atom, fields_) is not None) is test.holds


def _tests(step):
    if step.kind is Kind.TEST:
        yield step
    for part in step.parts:
        yield from _tests(part)


@pytest.mark.parametrize(
    ("condition", "given", "verdict"),
    [
        (ONE, {"a": 1}, Verdict.TRUE),
        (ONE, {"a": 3}, Verdict.FALSE),
        (ONE, {}, Verdict.MISSING),
        (ONE, {"a": None}, Verdict.MISSING),
        (ONE, {"a": []}, Verdict.MISSING),
        (NullAtom("a"), {}, Verdict.TRUE),
        (NullAtom("a"), {"a": "x"}, Verdict.FALSE),
        (ExistsAtom("a", expected=True), {}, Verdict.MISSING),
        (KeywordAtom(NumberTest(7)), {"a": 3}, Verdict.FALSE),
        (Not(ONE), {}, Verdict.TRUE),
        (Not(ONE), {"a": 1}, Verdict.FALSE),
    ],
)
def test_a_missing_field_is_told_from_one_that_does_not_fit(condition, given, verdict):
    """What negates is true where the field is missing."""
    assert verdict is explain_condition(condition, given, {}).verdict


def test_a_keyword_says_which_value_it_was_found_in():
    """Fields have no part in it."""
    step = explain_condition(KeywordAtom(NumberTest(7)), {"a": 3, "b": 7}, {})

    assert (step.verdict, step.found) == (Verdict.TRUE, 7)


def test_an_expression_that_takes_too_long_is_told_all_the_way_up(monkeypatch):
    """The rule would rest: neither true nor false is honest."""

    def slow(self, value):
        raise TimeoutError

    monkeypatch.setattr(RegexTest, "holds", slow)
    condition = AllOf((Not(FieldAtom("a", RegexTest("x"))), TWO))

    step = explain_condition(condition, {"a": "x"}, {})

    assert Verdict.TOO_SLOW is step.verdict
    assert Verdict.TOO_SLOW is step.parts[0].verdict


@pytest.mark.parametrize(
    ("condition", "given", "expected"),
    [
        (AllOf((ONE, TWO)), {"a": 1}, ["b"]),
        (AllOf((ONE, TWO)), {"a": 1, "b": 2}, ["a", "b"]),
        (AnyOf((ONE, TWO)), {"a": 1, "b": 2}, ["a"]),
        (AnyOf((ONE, TWO)), {}, ["a", "b"]),
        (AllOf((TWO, Not(ONE))), {"a": 1, "b": 2}, ["a"]),
    ],
)
def test_the_tests_that_decide(condition, given, expected):
    """Of what is true together all, of alternatives the first."""
    step = explain_condition(condition, given, {})

    assert expected == [test.atom.field for test in deciding(step)]


def test_the_same_test_in_two_detections_is_named_by_the_one_it_stands_in():
    """Names are found by the condition itself, which may stand in the rule twice."""
    both = AllOf((ONE, TWO))
    marks = {
        both: (Mark(name="second", detection="second", place="r.yml:9"),),
        ONE: (
            Mark(name="a", detection="first", place="r.yml:5"),
            Mark(name="a", detection="second", place="r.yml:10"),
        ),
    }

    step = explain_condition(both, {}, marks)

    assert [mark.name for mark in step.marks] == ["second"]
    assert [mark.place for mark in step.parts[0].marks] == ["r.yml:10"]


def _explained(fields_: Mapping, index: int = 0):
    ruleset = load([SourceText("r.yml", RULES)])
    assert ruleset.refused == ()
    return explain(ruleset.cards[index], ruleset, fields_, {})


def test_an_event_of_another_logsource_is_not_tried():
    """The parts that are lacking are named; the condition is explained all the same."""
    explained = _explained({"sentinel.logsource.product": "linux", "url.original": "/login"})

    assert isinstance(explained, RuleExplained)
    assert (explained.outcome, explained.route.lacking) == (Outcome.NOT_TRIED, ("category",))
    assert explained.step.holds


def test_a_normalised_event_is_asked_by_the_bound_names():
    """As the engine does."""
    event = {"sentinel.logsource.category": "webserver", "url.original": "/login"}

    assert Outcome.MATCHED is _explained(event).outcome
    assert Outcome.NOT_MATCHED is _explained({"url.original": "/login"}).outcome
    assert Outcome.MATCHED is _explained({"c-uri": "/login"}).outcome


def test_a_correlation_says_which_rule_met_and_what_the_group_would_be():
    """A group-by value that is missing is None: the event does not count."""
    event = {
        "sentinel.logsource.category": "webserver",
        "url.original": "/login",
        "source.ip": "192.0.2.7",
    }

    met, without = _explained(event, 1), _explained({"c-uri": "/login"}, 1)

    assert isinstance(met, CorrelationExplained)
    assert (met.outcome, met.group) == (Outcome.MATCHED, {"c-ip": "192.0.2.7"})
    assert [rule.outcome for rule in met.rules] == [Outcome.MATCHED]
    assert without.group == {"c-ip": None}
    assert _explained({"c-uri": "/"}, 1).group is None
