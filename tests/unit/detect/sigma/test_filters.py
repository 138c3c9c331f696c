"""Sigma filters: which rules they narrow, and how."""

import pytest
from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
from sigma.processing.transformations import (
    AddConditionTransformation,
    FieldMappingTransformation,
)

from sentinel.detect.condition import AllOf, FieldAtom, Not
from sentinel.detect.reference import evaluate
from sentinel.detect.sigma.load import load
from sentinel.detect.sigma.placeholders import Placeholders
from sentinel.documents import SourceText

ONE = "11111111-1111-4111-8111-111111111111"
TWO = "22222222-2222-4222-8222-222222222222"
RULE = """title: {name}
id: {id}
name: {name}
logsource: {{category: process_creation, product: windows}}
detection: {{selection: {{x: 1}}, condition: selection}}
"""
FILTER = """title: Administrators
logsource: {logsource}
filter:
  rules: {rules}
  selection: {{user|startswith: adm_}}
  other: {{host: h}}
  condition: {condition}
"""
RULES = RULE.format(name="one", id=ONE) + "---\n" + RULE.format(name="two", id=TWO)
ADMIN = {"x": 1, "user": "adm_bob", "host": "h"}


def _filter(rules="any", condition="selection", logsource="{product: windows}"):
    return FILTER.format(rules=rules, condition=condition, logsource=logsource)


def _load(*texts, pipeline=None, values=None):
    sources = [SourceText(f"{number}.yml", text) for number, text in enumerate(texts)]
    placeholders = Placeholders(path="p.yml", values=values or {})
    return load(sources, pipeline, placeholders=placeholders)


def _met(ruleset, fields):
    return [rule.name for rule in ruleset.rules if evaluate(rule.condition, fields) is not None]


@pytest.mark.parametrize("order", [(RULES, _filter("[one]")), (_filter("[one]"), RULES)])
def test_a_filter_narrows_the_rules_it_names_in_any_order_of_files(order):
    """The others are as they were, and so is the order of the rules."""
    ruleset = _load(*order)

    assert ruleset.refused == ()
    assert _met(ruleset, ADMIN) == ["two"]
    assert _met(ruleset, ADMIN | {"user": "bob"}) == ["one", "two"]


@pytest.mark.parametrize(
    "rules", ["any", "ANY", f"[{ONE}, two]", f"[{ONE.upper()}, {TWO}]", "[one, one, two]"]
)
def test_rules_are_named_by_id_by_name_or_all_of_a_logsource(rules):
    """An id in any spelling; a rule that is named twice is filtered once."""
    assert _met(_load(RULES, _filter(rules)), ADMIN) == []


def test_one_rule_may_be_named_without_a_list():
    """As pySigma has it."""
    assert _met(_load(RULES, _filter("one")), ADMIN) == ["two"]


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("selection", []),
        ("not selection", []),
        ("selection and other", []),
        ("not selection and not other", []),
        ("not (selection and other)", []),
        ("1 of them", []),
        ("not 1 of sel*", []),
        ("selection and not other", ["one", "two"]),
        ("other and not selection", ["one", "two"]),
    ],
)
def test_a_filter_says_what_is_suppressed_or_what_must_hold(condition, kept):
    """The specification's way and that of the tools come to the same."""
    assert kept == _met(_load(RULES, _filter(condition=condition)), ADMIN)


def test_what_is_suppressed_is_the_filters_condition_under_a_not():
    """So nothing of it is ever reported as matched."""
    rule = _load(RULES, _filter("one")).rules[0]

    assert isinstance(rule.condition, AllOf)
    assert [type(part) for part in rule.condition.parts] == [FieldAtom, Not]
    assert evaluate(rule.condition, {"x": 1, "user": "bob"}) == {"x": 1}


def test_several_filters_each_narrow_a_rule():
    """Whichever holds, the rule does not."""
    second = _filter("one", "other").replace("Administrators", "Host")
    ruleset = _load(RULES, _filter("one"), second)

    assert _met(ruleset, {"x": 1, "user": "adm_a"}) == ["two"]
    assert _met(ruleset, {"x": 1, "host": "h"}) == ["two"]


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (_filter("[nobody]"), "1.yml:4", "no rule with the id or name 'nobody'"),
        (_filter("[count]"), "1.yml:4", "is a correlation"),
        (_filter("[one]", logsource="{product: linux}"), "1.yml:4", "another logsource"),
        (
            _filter("[one]", logsource="{product: windows, service: sysmon}"),
            "1.yml:4",
            "another logsource",
        ),
        (_filter("any", logsource="{product: linux}"), "1.yml:2", "there is none"),
        (_filter("[]"), "1.yml:4", "names no rule"),
        (_filter(condition="selection or not other"), "1.yml:7", "mixes"),
        (_filter(condition="seletcion"), "1.yml:7", "not defined"),
        (_filter(condition="[selection]"), "1.yml:7", "must be a string"),
        (_filter().replace("|startswith", "|startwith"), "1.yml:5", "did you mean 'startswith'"),
        (_filter().replace("adm_}", "[]}"), "1.yml:5", "empty list"),
        (_filter().replace("logsource", "logsources"), "1.yml:1", "log source"),
        (_filter().replace("  rules: any\n", ""), "1.yml:3", "'rules'"),
        (_filter().replace("|startswith: adm_", "|expand: '%A%'"), "1.yml:5", "%A%"),
        ("title: t\nlogsource: {product: windows}\nfilter: 5\n", "1.yml:3", "dictionary"),
        (_filter() + "taxonomy: acme\n", "1.yml:8", "sigma, ecs"),
    ],
)
def test_a_filter_that_cannot_be_used_is_told_and_the_rules_run(text, place, said):
    """A slip in a filter must not silence a rule."""
    count = (
        "---\ntitle: count\nname: count\ncorrelation: {type: event_count, rules: [one], "
        "timespan: 5m, condition: {gte: 2}}\n"
    )
    ruleset = _load(RULES + count, text)

    (fault,) = ruleset.refused
    assert (fault.place, said in str(fault)) == (place, True)
    assert _met(ruleset, ADMIN) == ["one", "two"]


def test_a_reference_that_leads_nowhere_does_not_stop_the_others():
    """A rule set changes; what is still there stays quiet."""
    ruleset = _load(RULES, _filter("[nobody, one]"))

    assert len(ruleset.refused) == 1
    assert _met(ruleset, ADMIN) == ["two"]


def test_a_name_of_two_rules_is_no_reference():
    """Nobody can know which was meant."""
    ruleset = _load(RULES.replace("name: two", "name: one"), _filter("one"))

    assert "2 rules have the name 'one'" in str(ruleset.refused[0])


def test_a_refused_rule_is_told_once():
    """Its own fault is enough."""
    ruleset = _load(RULES.replace("x: 1", "x|lt: a", 1), _filter("[one, two]"))

    (fault,) = ruleset.refused
    assert fault.place.startswith("0.yml")
    assert _met(ruleset, ADMIN) == []


def test_a_filter_counts_in_the_fingerprint_of_its_rules_alone():
    """Windows of correlations start afresh when what a rule matches changes; order is nothing."""
    plain = {rule.name: rule.fingerprint for rule in _load(RULES).rules}
    first, second = _filter("[one]"), _filter("[one]", "other")

    filtered, again, both, turned, said = (
        {rule.name: rule.fingerprint for rule in _load(RULES, *texts).rules}
        for texts in (
            [first],
            [first.replace("Administrators", "Renamed")],
            [first, second],
            [second, first],
            [_filter("[one]", "not selection")],
        )
    )

    assert plain["two"] == filtered["two"]
    assert filtered["one"] == again["one"]
    assert both["one"] == turned["one"]
    assert len({plain["one"], filtered["one"], both["one"], said["one"]}) == 4


def test_a_pipeline_sees_a_rule_with_its_filters():
    """Names are mapped on both sides, and conditions that it adds belong to the rule."""
    pipeline = ProcessingPipeline(
        items=[
            ProcessingItem(FieldMappingTransformation({"user": "user.name", "x": "y"})),
            ProcessingItem(AddConditionTransformation({"EventID": 1})),
        ]
    )
    ruleset = _load(RULES, _filter("one"), pipeline=pipeline)
    event = {"y": 1, "EventID": 1}

    assert ruleset.refused == ()
    assert _met(ruleset, event) == ["one", "two"]
    assert _met(ruleset, event | {"user.name": "adm_a"}) == ["two"]
    assert _met(ruleset, {"y": 1}) == []


def test_a_filter_may_have_placeholders():
    """Their values count in the fingerprint."""
    text = _filter("one").replace("|startswith: adm_", "|expand: '%A%'")
    one, other = (_load(RULES, text, values={"A": values}) for values in (("adm_*",), ("x",)))

    assert _met(one, ADMIN) == ["two"]
    assert _met(other, ADMIN) == ["one", "two"]
    assert one.rules[0].fingerprint != other.rules[0].fingerprint


def test_correlations_count_what_filters_leave():
    """A filtered rule is the rule that is counted."""
    count = (
        "title: count\ncorrelation: {type: event_count, rules: [one], timespan: 5m, "
        "condition: {gte: 2}}\n"
    )
    plain, filtered = _load(RULES, count), _load(RULES, count, _filter("one"))

    assert filtered.refused == ()
    assert plain.correlations[0].fingerprint != filtered.correlations[0].fingerprint


def test_two_filters_may_have_one_title():
    """Only an id is one's own."""
    assert _load(RULES, _filter("one"), _filter("two", "other")).refused == ()
