"""What is wrong in a rule, with file and line."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yaml import safe_dump

from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText

RULE = """title: Case
id: 4a1c0f2e-7d1b-4c55-9a6e-3f0d4b7f1a10
status: test
level: high
tags:
  - attack.t1110
date: 2026-11-21
logsource:
  category: test
detection:
  selection:
    user: x
    cmd|contains:
      - a
  condition: selection
"""


def _faults(text):
    return [str(fault) for fault in load([SourceText("r.yml", text)]).refused]


@pytest.mark.parametrize(
    ("wrong", "line", "said"),
    [
        (("level: high", "level: hgih"), 4, "did you mean 'high'"),
        (("status: test", "status: tset"), 3, "did you mean 'test'"),
        (("id: 4a1c0f2e-7d1b", "id: nonsense"), 2, "must be an UUID"),
        (("  - attack.t1110", "  - t1110"), 5, "tag"),
        (("2026-11-21", "21.11.2026"), 7, "yyyy-mm-dd"),
        (("  category: test", "  {}"), 8, "can't be empty"),
        (("cmd|contains", "cmd|cotains"), 13, "did you mean 'contains'"),
        (("    user: x", "    user|cidr: x"), 12, "Invalid CIDR"),
        (("      - a", "      - 5"), 13, "in quotes"),
        (("condition: selection", "condition: selektion"), 15, "'selektion' not defined"),
        (("title: Case\n", ""), 1, "must have a title"),
        (("    user: x", "    user: x\n    user: y"), 13, "stands in line 12 already"),
    ],
)
def test_a_fault_is_told_with_its_line_and_a_way_out(wrong, line, said):
    """One slip, one fault, at the key that is wrong."""
    assert wrong[0] in RULE
    faults = _faults(RULE.replace(*wrong))

    assert len(faults) == 1, faults
    assert faults[0].startswith(f"r.yml:{line}: ")
    assert said in faults[0]


def test_all_faults_of_a_rule_are_told_at_once():
    """Nobody wants to find them one by one."""
    text = RULE.replace("high", "hgih").replace("contains", "cotains").replace("x\n", "2026-1-1\n")

    faults = _faults(text.replace("user: 2026-1-1", "user|lt: a"))

    assert [fault.split(":")[1] for fault in faults] == ["12", "13", "4"]


PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.dates()
)
DATA = st.recursive(
    PLAIN,
    lambda below: st.one_of(
        st.lists(below, max_size=3),
        st.dictionaries(st.one_of(st.text(max_size=5), st.integers()), below, max_size=3),
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        *("f", "f|re", "f|re|i", "f|contains", "f|cidr", "f|lt", "f|base64offset", "f|exists"),
        *("|all", "f|fieldref", "f|windash|cased", "f|hour|gte", "f|utf16|base64", "f|neq", "f|x"),
    ]
)
DETECTIONS = st.dictionaries(KEYS, DATA, max_size=3)
RULES = st.fixed_dictionaries(
    {"title": DATA, "logsource": DATA, "detection": DATA},
    optional={
        "id": DATA,
        "name": DATA,
        "level": DATA,
        "status": DATA,
        "tags": DATA,
        "references": DATA,
        "sentinel": DATA,
        "correlation": DATA,
        "related": DATA,
        "falsepositives": DATA,
    },
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=100)
@given(RULES)
def test_whatever_stands_in_a_rule_it_is_read_or_refused(rule):
    """No rule, however odd, ends the loading."""
    ruleset = load([SourceText("r.yml", safe_dump(rule))])

    assert bool(ruleset.cards) != bool(ruleset.refused)


@settings(deadline=None, max_examples=100)
@given(DETECTIONS, st.sampled_from(["s", "not s", "1 of them", "s*", "", "((s))", None, 5, ["s"]]))
def test_whatever_stands_in_a_detection_it_is_read_or_refused(selection, condition):
    """Values of every kind under every modifier."""
    rule = {
        "title": "x",
        "logsource": {"category": "test"},
        "detection": {"s": selection, "condition": condition},
    }
    ruleset = load([SourceText("r.yml", safe_dump(rule))])

    assert bool(ruleset.cards) != bool(ruleset.refused)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from(["type", "rules", "timespan", "condition"]), DATA))
def test_whatever_stands_in_a_correlation_it_is_read_or_refused(odd):
    """A correlation is held to the same."""
    section = {"type": "event_count", "rules": ["x"], "timespan": "5m", "condition": {"gte": 2}}
    base = {
        "title": "x",
        "name": "x",
        "logsource": {"category": "test"},
        "detection": {"s": {"a": 1}, "condition": "s"},
    }
    ruleset = load(
        [
            SourceText("a.yml", safe_dump(base)),
            SourceText("b.yml", safe_dump({"title": "y", "correlation": section | odd})),
        ]
    )

    assert bool(ruleset.correlations) != bool(ruleset.refused)
