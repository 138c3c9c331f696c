"""`sentinel rules coverage`: tables for people, numbers for machines, a layer for Navigator."""

import json

import pytest

from sentinel.cli.rules.covering import words
from sentinel.detect.ruleset import Logsource

RULE = """title: One
id: 11111111-1111-4111-8111-111111111111
tags: [attack.execution, attack.t1059.001]
logsource: {product: windows, category: process_creation}
detection: {selection: {Image: a}, condition: selection}
---
title: Two
id: 22222222-2222-4222-8222-222222222222
logsource: {product: linux}
detection: {selection: {a: b}, condition: selection}
"""


@pytest.fixture
def rules(desk, tmp_path):
    (tmp_path / "rules.yml").write_text(RULE, encoding="utf-8")
    return tmp_path / "rules.yml"


def test_for_people(run, rules):
    """What is covered, and how many rules say nothing of ATT&CK."""
    out = run("rules", "coverage", rules).out

    assert "T1059.001" in out
    assert "windows / process_creation / *" in out
    assert out.endswith("Rules: 2. Tactics: 1. Techniques: 1. Without ATT&CK tags: 1\n")


def test_long_tables_are_cut_and_counted(run, rules):
    """Nothing is left out in silence."""
    out = run("rules", "coverage", rules, "--most", "1").out

    assert "and 1 more; --most N shows them" in out


def test_for_machines(run, rules):
    """Everything, whatever the tables show."""
    told = run("rules", "coverage", rules, "--json").json

    assert (told["rules"], told["untagged"]) == (2, 1)
    assert told["techniques"] == {"T1059.001": 1}
    assert told["logsources"][1] == {
        "product": "windows",
        "category": "process_creation",
        "service": None,
        "rules": 1,
    }


def test_a_layer_for_navigator(run, rules, tmp_path):
    """A file that it opens."""
    layer = tmp_path / "layer.json"

    run("rules", "coverage", rules, "--layer", layer)

    (technique,) = json.loads(layer.read_text(encoding="utf-8"))["techniques"]
    assert (technique["techniqueID"], technique["score"]) == ("T1059.001", 1)


def test_an_open_part_of_a_logsource_is_a_star():
    """As in routing."""
    assert words(Logsource(product="linux")) == "linux / * / *"
