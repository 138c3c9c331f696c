"""Names of rules in correlations find their rules, or say why they do not."""

import itertools

from sigma.processing.conditions import LogsourceCondition
from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
from sigma.processing.transformations import FieldMappingTransformation

from sentinel.detect.ruleset import Output
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText

RULE = """title: {name}
name: {name}
logsource: {{category: test}}
detection: {{selection: {{x: 1}}, condition: selection}}
---
"""
COUNT = """title: count
name: count
correlation:
  type: event_count
  rules: [{rules}]
  timespan: 5m
  condition: {{gte: 2}}
"""


def _load(*texts):
    return load([SourceText("rules.yml", "".join(texts))])


def test_names_find_their_rules():
    """In the order of the section, each once."""
    ruleset = _load(*(RULE.format(name=each) for each in "ab"), COUNT.format(rules="b, a, b"))

    assert ruleset.refused == ()
    assert ruleset.correlations[0].rules == ("b", "a")


def test_a_name_that_leads_nowhere_is_told_with_its_line():
    """There is no such rule."""
    (fault,) = _load(RULE.format(name="a"), COUNT.format(rules="a, z")).refused

    assert fault.place == "rules.yml:10"
    assert "there is no rule with the id or name 'z'" in str(fault)


def _over(name, *rules, extra=""):
    section = f"type: event_count, rules: [{', '.join(rules)}], timespan: 5m, condition: {{gte: 2}}"
    return f"---\ntitle: {name}\nname: {name}\ncorrelation: {{{section}{extra}}}\n"


def _load_chain(*documents, pipeline=None):
    return load([SourceText("rules.yml", RULE.format(name="a") + "".join(documents))], pipeline)


def test_a_correlation_may_be_over_another_in_any_order():
    """The outer one before the inner one, and the inner one silent."""
    ruleset = _load_chain(_over("outer", "inner"), _over("inner", "a"))

    assert ruleset.refused == ()
    assert [(each.rules, each.output) for each in ruleset.correlations] == [
        (("inner",), Output.DETECTIONS),
        (("a",), Output.CORRELATIONS_ONLY),
    ]


def test_generate_is_about_what_a_correlation_names_itself():
    """The inner one speaks, the rule below it does not."""
    ruleset = _load_chain(_over("outer", "inner", extra=", generate: true"), _over("inner", "a"))

    assert {each.output for each in ruleset.correlations} == {Output.DETECTIONS}
    assert [rule.output for rule in ruleset.rules] == [Output.CORRELATIONS_ONLY]


def test_a_circle_is_told_with_the_way_round_and_stops_nothing_else():
    """Each of its correlations says it, those over them say that it was refused."""
    ruleset = _load_chain(
        _over("one", "two"), _over("two", "three"), _over("three", "one", "a"),
        _over("over", "one"), _over("good", "a"),
    )  # fmt: skip
    told = [str(fault) for fault in ruleset.refused]

    assert [each.card.title for each in ruleset.correlations] == ["good"]
    assert "in a circle: 'one' -> 'two' -> 'three' -> 'one'" in told[0]
    assert "in a circle: 'two' -> 'three' -> 'one' -> 'two'" in told[1]
    assert "in a circle: 'three' -> 'one' -> 'two' -> 'three'" in told[2]
    assert "the correlation 'one' was refused" in told[3]
    assert len(told) == 4


def test_a_correlation_over_itself_is_a_circle_too():
    """The smallest one."""
    (fault,) = _load_chain(_over("one", "one")).refused

    assert "'one' -> 'one'" in str(fault)


def test_a_thousand_correlations_over_each_other_are_read():
    """Depth costs no more than width."""
    names = ["a", *(f"c{number}" for number in range(1000))]
    ruleset = _load_chain(*(_over(outer, inner) for inner, outer in itertools.pairwise(names)))

    assert ruleset.refused == ()
    assert len(ruleset.correlations) == 1000


def test_an_inner_correlation_that_changed_changes_what_is_over_it():
    """Its windows counted something else."""
    outer = _over("outer", "inner")
    first = _load_chain(outer, _over("inner", "a")).correlations[0]
    again = _load_chain(outer, _over("inner", "a", extra=", generate: true")).correlations[0]
    other = _load_chain(outer, _over("inner", "a").replace("5m", "6m")).correlations[0]

    assert first.fingerprint == again.fingerprint
    assert first.fingerprint != other.fingerprint


def test_one_rule_by_two_names_is_no_two_rules():
    """A temporal correlation of them would never be met."""
    id_ = "11111111-1111-4111-8111-111111111111"
    rule = RULE.format(name="a").replace("name: a", f"name: a\nid: {id_}")
    section = f"{{type: temporal, rules: [a, {id_}], timespan: 5m}}"
    (fault,) = _load(rule, f"title: t\ncorrelation: {section}\n").refused

    assert "stands here twice" in str(fault)


def test_a_rule_that_only_the_condition_names_is_looked_up_there():
    """The fault is at the condition."""
    section = "{type: temporal, timespan: 5m, condition: a and z}"
    (fault,) = _load_chain(f"---\ntitle: t\ncorrelation: {section}\n").refused

    assert (fault.key, "'z'" in str(fault)) == ("correlation.condition", True)


def test_a_pipeline_for_one_logsource_renames_the_fields_of_correlations_over_it():
    """Also of one over another, and in aliases, and in none over other rules."""
    mapping = FieldMappingTransformation({"Ip": "source.ip", "Host": "host.name"})
    condition = LogsourceCondition(category="test")
    pipeline = ProcessingPipeline(
        items=[ProcessingItem(mapping, rule_conditions=[condition])],
    )
    other = RULE.format(name="b").replace("category: test", "category: other")
    sections = [
        "type: value_count, rules: [a], group-by: Ip, condition: {field: Host, gte: 2}",
        (
            "type: event_count, rules: [c0], group-by: [Ip, x], condition: {gte: 2}, "
            "aliases: {x: {c0: Host}}"
        ),
        "type: event_count, rules: [b], group-by: Ip, condition: {gte: 2}",
    ]
    documents = [
        f"---\ntitle: c{index}\nname: c{index}\ncorrelation: {{timespan: 5m, {section}}}\n"
        for index, section in enumerate(sections)
    ]
    ruleset = _load_chain("---\n" + other, *documents, pipeline=pipeline)
    found = [(each.group_by, each.fields, dict(each.aliases)) for each in ruleset.correlations]

    assert ruleset.refused == ()
    assert found == [
        (("source.ip",), ("host.name",), {}),
        (("source.ip", "x"), (), {"x": {"c0": "host.name"}}),
        (("Ip",), (), {}),
    ]
