"""Rule sets as bytes: what comes back is what went in, or nothing does."""

import math
import struct
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.detect.condition import AllOf, FieldAtom, Not
from sentinel.detect.engine import Engine
from sentinel.detect.plan.codec import FORMAT, NotKeepable, NotUsable, decode, encode
from sentinel.detect.ruleset import Bound, Kind, RuleSet
from sentinel.detect.sigma.load import load
from sentinel.detect.values import NumberTest, Order, OrderTest, RegexTest
from sentinel.documents import SourceText, yaml_texts
from sentinel.errors import Fault
from sentinel.resources import shipped
from tests.unit.detect import test_corpus
from tests.unit.detect.correlate.streams import correlations
from tests.unit.detect.generated import event, rule, rules, rulesets

CORRELATED = """
title: Failure
name: failure
logsource: {product: linux}
detection:
  selection: {event.outcome|re: fail.*}
  condition: selection
---
title: Guessing
description: "\u0111o\u00e1n m\u1eadt kh\u1ea9u"
correlation:
  type: event_count
  rules: [failure]
  group-by: [who]
  aliases: {who: {failure: source.ip}}
  timespan: 5m
  condition: {gte: 5}
---
title: Broken
detection: {condition: selection}
"""

DOCUMENTS = {
    "correlation": test_corpus._correlation,
    "selection": test_corpus._filtered,
    "detection": test_corpus._filtered,
}


def the_shipped():
    return load(yaml_texts([shipped("rules")]))


@lru_cache
def some_bytes():
    return encode(load([SourceText("mixed.yml", CORRELATED)]))


@given(rulesets())
def test_generated_rules_come_back_as_they_were(ruleset):
    """Whatever a rule is made of."""
    assert ruleset == decode(encode(ruleset))


def test_the_shipped_rules_come_back_as_they_were():
    """With their advice in both languages, and the correlations."""
    ruleset = the_shipped()

    again = decode(encode(ruleset))

    assert ruleset == again
    assert repr(ruleset) == repr(again)


def test_correlations_and_faults_come_back_as_they_were():
    """All parts of a rule set: rules, correlations with their aliases, and what was refused."""
    ruleset = load([SourceText("mixed.yml", CORRELATED)])
    parts = (ruleset.rules, ruleset.correlations, ruleset.refused)
    assert all(parts)

    again = decode(encode(ruleset))

    assert ruleset == again
    assert repr(ruleset) == repr(again)


@given(correlations())
def test_correlations_of_every_type_come_back_as_they_were(correlation):
    """Their bounds with all decimals, their conditions over rules."""
    ruleset = RuleSet(correlations=(correlation,))

    assert ruleset == decode(encode(ruleset))


@pytest.mark.parametrize("number", [0, 5, Fraction(1, 3), Fraction(-7, 2), 10**30])
def test_bounds_come_back_exactly(number):
    """A sum is compared as a fraction: what is nearly the same number is another."""
    ruleset = load([SourceText("mixed.yml", CORRELATED)])
    bounded = replace(ruleset.correlations[0], bounds=(Bound(Order.GT, number),))
    ruleset = replace(ruleset, correlations=(bounded,))

    assert repr(ruleset) == repr(decode(encode(ruleset)))


def test_every_rule_of_the_corpus_comes_back_as_it_was():
    """All types of correlations, conditions over rules, filters, placeholders: each is written."""
    loaded = [
        test_corpus._load(*documents(case), placeholders=test_corpus._values(case))
        for case in test_corpus.CASES.values()
        for key, documents in DOCUMENTS.items()
        if key in case
    ]
    assert len({each.kind for ruleset in loaded for each in ruleset.correlations}) == len(Kind)

    for ruleset in loaded:
        assert repr(ruleset) == repr(decode(encode(ruleset)))


def test_an_expression_works_when_it_comes_back():
    """What a class makes of its own fields when it is asked is made again."""
    ruleset = RuleSet(rules=(rule(FieldAtom("a", RegexTest("^b+$", "i"))),))

    engine = Engine(decode(encode(ruleset)))

    assert [each.rule.id for each in engine.match(event({"a": "BBB"}))] == ["rule-1"]


@pytest.mark.parametrize(
    "number", [0, 1, True, 1.0, 0.0, -0.0, 2**53 + 1, 2**63, -(2**64), 10**30, 1e300, math.inf]
)
def test_numbers_come_back_exactly(number):
    """1, 1.0 and true are equal in Python, 0.0 and -0.0 too; they stay what they are."""
    numbers = (NumberTest(number), NumberTest(1), NumberTest(1.0), NumberTest(0.0))
    ruleset = RuleSet(rules=tuple(rule(FieldAtom("a", each), n) for n, each in enumerate(numbers)))

    again = decode(encode(ruleset))

    assert repr(ruleset) == repr(again)


@pytest.mark.parametrize("text", ["\ud83d", "\ud83d\ude00", "\x00", "đ", "😀", '"\\'])
def test_texts_come_back_exactly(text):
    """Lone surrogates too: JSON logs can hold them, so rules may look for them."""
    ruleset = RuleSet(refused=(Fault(text, text),))

    assert ruleset == decode(encode(ruleset))


def test_equal_parts_are_kept_once():
    """Many rules say the same: the bytes hold it once, and so does memory."""
    test = OrderTest(Order.LT, 5)
    parts = tuple(FieldAtom("a", replace(test)) for _ in range(100))

    data = encode(RuleSet(rules=(rule(AllOf(parts)),)))

    (only,) = decode(data).rules
    assert len({id(each) for each in only.condition.parts}) == 1


def test_a_read_only_mapping_may_be_kept():
    """It comes back as a mapping that is equal to it."""
    ruleset = load([SourceText("mixed.yml", CORRELATED)])
    (correlation,) = ruleset.correlations
    frozen = replace(correlation, aliases=MappingProxyType(dict(correlation.aliases)))
    ruleset = replace(ruleset, correlations=(frozen,))

    assert ruleset == decode(encode(ruleset))


def test_an_unknown_class_is_not_kept():
    """What is not in the table has no words in the bytes."""

    @dataclass(frozen=True, slots=True)
    class FieldAtom:
        field: str

    with pytest.raises(NotKeepable, match="test_codec"):
        encode(RuleSet(rules=(FieldAtom("a"),)))


def test_a_tree_without_end_is_not_kept():
    """A condition that is nested deeper than Python goes is said to be."""
    condition = FieldAtom("a", NumberTest(1))
    for _ in range(10_000):
        condition = Not(condition)

    with pytest.raises(NotKeepable, match="nested too deep"):
        encode(RuleSet(rules=(condition,)))


def _document(**changes):
    made = orjson.loads(encode(RuleSet(refused=(Fault("a", "b"), Fault("a", "c")))))
    return orjson.dumps(made | changes)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        struct.pack("<Q", 1),
        _document(format=FORMAT + 1),
        _document(blocks=[]),
        _document(blocks=[["Path", "v", [], [["/etc/passwd"]]]]),
        _document(blocks=[["Fault", "vvvv", ["place", "message", "key", "found"], [["a"]] * 4]]),
        _document(blocks=[["Fault", "v", ["place"], [["a"]]]]),
        _document(blocks=[["tuple", "n", [], [[[7]]]]]),
        _document(blocks=[["RuleSet", "nnn", ["rules", "correlations", "refused"], [[0]] * 3]]),
        _document(blocks=[["Severity", "v", [], [["WORST"]]]]),
        _document(blocks=[["IPv4Network", "v", [], [["192.0.2.0/33"]]]]),
        _document(blocks=[["tuple", "v", [], [[["a"]]]]]),
        _document(blocks=[["dict", "vv", [], [["ab"], ["c"]]]]),
    ],
)
def test_bytes_of_another_version_are_not_usable(data):
    """Unknown classes, other fields, nodes that are not there: never half a rule set."""
    with pytest.raises(NotUsable):
        decode(data)


@given(st.binary(max_size=64), st.integers(0), st.integers(0, 64))
def test_damaged_bytes_raise_nothing_else(noise, at, gone):
    """Whatever happens to them, the answer is a rule set or `NotUsable`."""
    data = some_bytes()
    at %= len(data)
    try:
        found = decode(data[:at] + noise + data[at + gone :])
    except NotUsable:
        return

    assert isinstance(found, RuleSet)


@given(rules())
def test_the_bytes_of_a_rule_set_are_always_the_same(made):
    """They depend on nothing but the rules, not on where those lie in memory."""
    ruleset = RuleSet(rules=made)

    assert encode(ruleset) == encode(decode(encode(ruleset)))
