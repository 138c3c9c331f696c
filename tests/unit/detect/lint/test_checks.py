"""All checks together."""

import re
from pathlib import Path

import pytest

from sentinel.detect.lint.finding import Gravity
from sentinel.documents import SourceText
from tests.unit.detect.lint.cases import a_text, found


def test_a_refused_rule_is_a_fault_beside_what_is_odd_in_others():
    """In order of file and line."""
    broken = a_text("rules/b.yml", status="nonsense")
    odd = a_text("rules/a.yml", id=None, title="Other")

    findings = found(broken, odd)

    places = [(each.gravity, each.place) for each in findings]
    assert (Gravity.WARNING, "rules/a.yml:1") in places
    assert (Gravity.FAULT, "rules/b.yml:3") in places
    assert [each.place for each in findings] == sorted(each.place for each in findings)


@pytest.mark.parametrize(
    "text",
    ["", "- 1", "5", "title: x", "detection: {condition: 5}", "detection: {a: {}, condition: a}"],
)
def test_no_document_breaks_a_check(text):
    """What cannot be read is refused, and that is all."""
    findings = found(SourceText("a.yml", text))

    assert Gravity.FAULT in {each.gravity for each in findings}


def test_examples_are_no_rules():
    """They stand beside one."""
    assert found(a_text("rules/a.yml"), SourceText("rules/a.examples.yml", "match: []")) == []


def test_a_correlation_is_looked_at_too():
    """It has a card, but no detection."""
    text = (
        "title: Many\ncorrelation: {type: event_count, rules: [x], timespan: 1m,"
        " condition: {gte: 2}}\n"
    )
    rule = a_text("rules/b.yml", name="x")

    codes = {each.code for each in found(SourceText("rules/a.yml", text), rule)}

    assert {"no-id", "no-level", "no-description"} <= codes
    assert "unused-detection" not in codes


def test_every_code_is_on_the_page_of_rules_and_no_other():
    """Whoever sees a code can look it up."""
    root = Path(__file__).resolve().parents[4]
    sources = [
        path.read_text(encoding="utf-8") for path in (root / "sentinel/detect/lint").glob("*.py")
    ]
    codes = {
        code for text in sources for code in re.findall(r'(?:hint|warning)\(\s*"([a-z-]+)"', text)
    }
    page = (root / "docs" / "rules.md").read_text(encoding="utf-8")
    table = page.split("| code | level | says |")[1].split("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:] if line]
    told = {code for cell in cells for code in re.findall(r"`([a-z-]+)`", cell)}

    assert told - codes == {"no-description", "no-author", "no-date"}  # `no-` and the key
    assert codes - told == set()
