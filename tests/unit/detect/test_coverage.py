"""What rules cover is counted by their tags."""

from sentinel.detect.coverage import coverage, navigator_layer
from sentinel.detect.ruleset import Logsource
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText

RULES = """title: One
id: 11111111-1111-4111-8111-111111111111
name: one
tags: [attack.execution, attack.t1059, attack.t1059.001, cve.2026-12345]
logsource: {product: windows, category: process_creation}
detection: {selection: {Image: a}, condition: selection}
---
title: Two
id: 22222222-2222-4222-8222-222222222222
tags: [attack.execution, attack.t1059, attack.g0016]
logsource: {product: windows, category: process_creation}
detection: {selection: {Image: b}, condition: selection}
---
title: Three
id: 33333333-3333-4333-8333-333333333333
logsource: {product: linux}
detection: {selection: {Image: c}, condition: selection}
"""
COUNT = """---
title: Many
id: 44444444-4444-4444-8444-444444444444
tags: [attack.impact]
correlation: {type: event_count, rules: [one], timespan: 1m, condition: {gte: 2}}
"""


def covered(text=RULES):
    return coverage(load([SourceText("r.yml", text)]))


def test_tactics_and_techniques_most_rules_first():
    """A group or a CVE is neither."""
    found = covered()

    assert list(found.tactics.items()) == [("execution", 2)]
    assert list(found.techniques.items()) == [("T1059", 2), ("T1059.001", 1)]
    assert (found.rules, found.untagged) == (3, 1)


def test_logsources():
    """As the rules name them."""
    assert list(covered().logsources.items()) == [
        (Logsource(product="windows", category="process_creation"), 2),
        (Logsource(product="linux"), 1),
    ]


def test_a_rule_that_only_feeds_a_correlation_covers_nothing_by_itself():
    """Its hits alone are no detections; its logsource is asked for all the same."""
    found = covered(RULES + COUNT)

    assert (found.rules, dict(found.tactics)) == (3, {"execution": 1, "impact": 1})
    assert sum(found.logsources.values()) == 3


def test_a_layer_for_navigator():
    """Each technique once, the number of its rules as its score."""
    layer = navigator_layer(covered(), "Ours")

    assert (layer["name"], layer["domain"]) == ("Ours", "enterprise-attack")
    assert layer["gradient"]["maxValue"] == 2
    assert [(each["techniqueID"], each["score"]) for each in layer["techniques"]] == [
        ("T1059", 2),
        ("T1059.001", 1),
    ]


def test_nothing_covers_nothing():
    """No rule, no technique, no division by zero."""
    found = covered("")

    assert (found.rules, navigator_layer(found, "x")["techniques"]) == (0, [])
