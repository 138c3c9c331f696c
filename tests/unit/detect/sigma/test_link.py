"""Names of rules in correlations find their rules, or say why they do not."""

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
