"""The table of metrics: nothing that is counted is left out, nothing grows without bound."""

import ast
from dataclasses import replace
from pathlib import Path

from sentinel.model.ids import RuleId
from sentinel.ports import Count
from sentinel.web.api.metric_table import COUNTED, DEAREST, METRICS, Seen
from tests.unit.web.fakes import MEASURES, PROFILE, FakeHealth

ROOT = Path(__file__).resolve().parents[4]
BY_NAME = {metric.name: metric for metric in METRICS}
# Computed by the courier out of what became of a letter.
COMPUTED = {"mail_failed", "mail_unknown", "mail_deferred"}


def seen(measures=MEASURES, profile=PROFILE, **status):
    return Seen(status=FakeHealth(**status).status(), measures=measures, profile=profile)


def figures(name, look):
    return dict(BY_NAME[name].samples(look))


def counted_in_the_code():
    """The first argument of each call of a meter, or of the pipeline's way to one."""
    for path in (ROOT / "sentinel").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            whose = ast.unparse(node.func)
            if whose.endswith(("meter.count", "self._count")) and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield first.value


def test_whatever_is_counted_is_shown():
    """A new counter needs its line in the table."""
    assert set(counted_in_the_code()) | COMPUTED == {meter for meter, _ in COUNTED}


def test_no_metric_stands_twice():
    """Names and sentences are each their own."""
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    assert len({metric.says for metric in METRICS}) == len(METRICS)


def test_other_labels_are_summed_up():
    """What is not told apart is told together."""
    counts = [
        Count(name="input_failures", labels={"input": "in", "why": why}, amount=2) for why in "ab"
    ]

    found = figures("sentinel_input_failures", seen(replace(MEASURES, counts=counts)))

    assert found == {"syslog-udp": 0, "in": 4}


def test_a_registered_source_is_there_before_its_first_event():
    """An increase from nothing is none; one from 0 is seen."""
    found = figures("sentinel_events", seen(replace(MEASURES, counts=[])))

    assert found == {"so-a-syslog": 0, "so-a-web": 0}


def test_only_the_dearest_rules_have_figures():
    """Four thousand rules are not four thousand series."""
    rules = tuple(replace(PROFILE.rules[0], rule=RuleId(str(n))) for n in range(50))

    found = figures("sentinel_rule_looks", seen(profile=replace(PROFILE, rules=rules)))

    assert list(found) == [str(n) for n in range(DEAREST)]
