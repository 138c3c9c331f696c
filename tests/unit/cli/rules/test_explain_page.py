"""The page of an explanation: what is shown of long conditions, and every kind of last line."""

import pytest

from sentinel.cli.rules.explain_page import Page, closing, shape, test_words
from sentinel.cli.screen import Screen
from sentinel.detect.condition import AllOf, AnyOf, FieldAtom, KeywordAtom, Not
from sentinel.detect.explain import (
    Kind,
    Outcome,
    Route,
    RuleExplained,
    Step,
    Verdict,
    explain,
    explain_condition,
)
from sentinel.detect.ruleset import Logsource
from sentinel.detect.sigma.load import load
from sentinel.detect.values import NumberTest
from sentinel.documents import SourceText
from sentinel.model.text import Language
from tests.samples import a_card

test_words.__test__ = False
SCREEN = Screen(Language.EN)
ONES = AnyOf(tuple(FieldAtom("a", NumberTest(number)) for number in range(10)))

COUNTING = """title: Base
id: 11111111-1111-4111-8111-111111111111
name: base
logsource: {product: linux}
detection: {selection: {a: 1}, condition: selection}
---
title: Count
id: 22222222-2222-4222-8222-222222222222
correlation:
  type: event_count
  rules: [base]
  group-by: [who]
  timespan: 1m
  condition: {gte: 2}
"""


def explained(condition, fields, outcome=None, source=None):
    step = explain_condition(condition, fields, {})
    route = Route(logsource=Logsource(product="linux"), source=source, lacking=())
    chosen = outcome or (Outcome.MATCHED if step.holds else Outcome.NOT_MATCHED)
    return RuleExplained(card=a_card(), outcome=chosen, route=route, step=step)


def test_many_tests_that_are_alike_are_counted(capsys):
    """Three of a kind tell enough; --all shows every one."""
    Page(SCREEN).show(explained(ONES, {"a": 77}))
    few = capsys.readouterr().out
    Page(SCREEN, whole=True).show(explained(ONES, {"a": 77}))
    every = capsys.readouterr().out

    assert (few.count("is the number"), "7 more like the last one" in few) == (3, True)
    assert every.count("is the number") == 10


def test_of_alternatives_the_one_that_holds_is_shown(capsys):
    """Wherever it stands in the list."""
    Page(SCREEN).show(explained(ONES, {"a": 7}))

    assert "a is the number 7; found 7" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("condition", "fields", "expected"),
    [
        (ONES, {}, "Did not match: a is missing."),
        (KeywordAtom(NumberTest(1)), {}, "Did not match: it is not so that some value is the"),
        (
            AnyOf((KeywordAtom(NumberTest(1)), KeywordAtom(NumberTest(2)))),
            {"a": 3},
            "Did not match: none of 2 keywords is in the event.",
        ),
        (
            AnyOf((FieldAtom("a", NumberTest(1)), FieldAtom("b", NumberTest(1)))),
            {},
            "Did not match: none of 2 alternatives is met.",
        ),
        (
            AllOf((FieldAtom("a", NumberTest(1)), FieldAtom("b", NumberTest(2)))),
            {"a": 2},
            "Did not match: it is not so that a is the number 1; b is missing.",
        ),
        (Not(ONES), {}, "Matched because what must not be is not met."),
    ],
)
def test_the_last_line(condition, fields, expected):
    """The fewest words that say it."""
    assert closing(SCREEN, explained(condition, fields)).startswith(expected)


def test_a_rule_that_was_not_tried_says_whether_it_would_have_matched():
    """Both are worth knowing."""
    would = explained(ONES, {"a": 1}, Outcome.NOT_TRIED)
    neither = explained(ONES, {}, Outcome.NOT_TRIED)

    assert closing(SCREEN, would).startswith("Would match, but")
    assert closing(SCREEN, neither).startswith("Not tried, and it would not match either")


def test_many_reasons_are_cut():
    """A sentence, not a list."""
    many = AllOf(tuple(FieldAtom(f"f{number}", NumberTest(1)) for number in range(9)))

    assert closing(SCREEN, explained(many, {})).endswith("f4 is missing; ….")


def test_an_expression_that_took_too_long_is_said():
    """It is neither true nor false."""
    atom = FieldAtom("a", NumberTest(1))
    step = Step(kind=Kind.TEST, verdict=Verdict.TOO_SLOW, atom=atom)

    assert test_words(SCREEN, step).endswith("; the expression took too long")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"a": 2}, "The event does not count: it meets none of the rules above."),
        ({"a": 1}, "The event does not count: who is missing, and the correlation needs it."),
        ({"a": 1, "who": "x"}, "The event counts; one event alone cannot show"),
    ],
)
def test_a_correlation(capsys, fields, expected):
    """The rules it counts are shown below it."""
    ruleset = load([SourceText("r.yml", COUNTING)])
    found = explain(ruleset.cards[1], ruleset, fields, {})

    Page(SCREEN).show(found)

    shown = capsys.readouterr().out
    assert "Base (11111111" in shown
    assert shown.splitlines()[-1].strip().startswith(expected)
    assert shape(SCREEN, found)["rules"][0]["rule"]["title"] == "Base"
