"""Cases of `tests/corpus/lint`: a rule, what is odd in it, and in which line."""

from pathlib import Path

import pytest
import yaml

from sentinel.detect.lint.checks import World, lint
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText

CORPUS = Path(__file__).resolve().parents[3] / "corpus" / "lint"
WORLD = World(fields=("process.command_line",))

COMPLETE = {
    "title": "A complete rule",
    "id": "11111111-1111-4111-8111-111111111111",
    "status": "test",
    "description": "What it sees.",
    "author": "Somebody",
    "date": "2026-11-22",
    "tags": ["attack.execution"],
    "logsource": {"product": "windows", "category": "process_creation"},
    "detection": {"selection": {"CommandLine": "alpha"}, "condition": "selection"},
    "falsepositives": ["Unknown"],
    "level": "high",
}


def cases(name):
    """The cases of a file, as pytest takes them."""
    read = yaml.safe_load((CORPUS / f"{name}.yml").read_text(encoding="utf-8"))
    assert all(case["intent"] for case in read)
    return [pytest.param(case, id=case["name"]) for case in read]


def a_text(path="rules/a_rule.yml", **changes):
    """A complete rule with these keys changed; None takes one out."""
    data = {key: value for key, value in (COMPLETE | changes).items() if value is not None}
    return SourceText(path, yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=500))


def found(*texts, world=WORLD):
    """What is odd in these files."""
    return lint(texts, load(texts), world)


def check(case):
    """The case's findings, and the lines that they name."""
    changes = dict(case.get("rule", {}))
    if "detection" in case:
        changes["detection"] = case["detection"]
    text = a_text(**changes)
    lines = text.text.splitlines()
    findings = found(text)

    assert [code for each in case["expect"] for code in each] == [each.code for each in findings]
    for finding, expected in zip(findings, case["expect"], strict=True):
        (part,) = expected.values()
        assert part in lines[int(finding.place.rpartition(":")[2]) - 1]
