"""One rule among many is found by any of its names, and comes with all it needs."""

from uuid import UUID

import pytest

from sentinel.detect.sigma.find import Reading, find_rule, rules_of_file
from sentinel.documents import SourceText
from sentinel.errors import NotFound, RuleError


def a_rule(number: int, title: str = "", extra: str = "") -> SourceText:
    text = (
        f"title: {title or f'Rule number {number}'}\nid: {UUID(int=number)}\nname: rule_{number}\n"
        "logsource: {product: linux}\n"
        f"detection: {{selection: {{field: {number}}}, condition: selection}}\n{extra}"
    )
    return SourceText(f"rules/{number}.yml", text)


COUNT = SourceText(
    "rules/count.yml",
    "title: Many\nid: 00000000-0000-0000-0000-0000000000ff\ncorrelation:\n  type: event_count\n"
    "  rules: [rule_1]\n  timespan: 1m\n  condition: {gte: 3}\n",
)
TEXTS = [a_rule(1), a_rule(2), COUNT, SourceText("rules/1.examples.yml", "title: Rule number 1")]


@pytest.mark.parametrize(
    "wanted", [str(UUID(int=2)), UUID(int=2).hex, "rule_2", "Rule number 2", "RULE NUMBER 2"]
)
def test_a_rule_is_found_by_any_of_its_names(wanted):
    """Only what it needs is loaded."""
    found = find_rule(TEXTS, wanted, Reading())

    assert [card.title for card in found.cards] == ["Rule number 2"]
    assert found.ruleset.cards == found.cards
    assert found.marks[found.cards[0].id]


def test_a_correlation_comes_with_the_rules_it_counts():
    """Wherever they stand."""
    found = find_rule(TEXTS, "many", Reading())

    assert [card.title for card in found.cards] == ["Many"]
    assert {str(UUID(int=1))} == {str(rule) for rule in found.marks}


def test_a_name_that_is_nearly_right_is_answered_with_the_right_ones():
    """There is no such rule, but there are these."""
    with pytest.raises(NotFound, match="did you mean 'Rule number 2' or 'Rule number 1'"):
        find_rule(TEXTS, "Rule numbr", Reading())


def test_a_name_of_two_rules_is_no_answer():
    """Both places are named."""
    twice = [a_rule(1, "Same"), a_rule(2, "Same")]

    with pytest.raises(RuleError, match=r"rules/1.yml:1, rules/2.yml:1"):
        find_rule(twice, "same", Reading())


def test_a_rule_that_is_refused_says_why():
    """With its line."""
    with pytest.raises(RuleError, match=r"rules/3.yml:6: status"):
        find_rule([a_rule(3, extra="status: nonsense\n")], "rule_3", Reading())


def test_a_file_is_all_its_rules_that_make_detections():
    """Those that only feed a correlation are explained below it."""
    both = SourceText("rules/both.yml", f"{a_rule(1).text}---\n{COUNT.text}")

    found = rules_of_file([both], TEXTS[1:2], Reading())

    assert [card.title for card in found.cards] == ["Many"]


def test_a_file_of_one_rule_is_that_rule_even_where_others_only_count_it():
    """It was asked for."""
    found = rules_of_file([a_rule(1)], TEXTS, Reading())

    assert [card.title for card in found.cards] == ["Rule number 1"]


def test_a_correlation_in_a_file_of_its_own_finds_its_rules_among_the_others():
    """The file alone would be refused."""
    found = rules_of_file([COUNT], TEXTS, Reading())

    assert [card.title for card in found.cards] == ["Many"]
