"""The rules of a request, read or as they were kept."""

import pytest

from sentinel.batch.request import DetectRequest, Summary
from sentinel.batch.rules import called, pipeline_of, placeholders_text, rules_of
from sentinel.errors import InputError

RULE = """title: Shell
logsource: {category: process_creation, product: windows}
detection: {selection: {Image|endswith: cmd.exe}, condition: selection}
"""


class Shelf:
    """Keeps sections in memory."""

    def __init__(self):
        self.kept = {}

    def get(self, key):
        return self.kept.get(key)

    def put(self, key, sections):
        self.kept[key] = sections

    def tell(self, sentence):
        raise AssertionError(sentence)


def _plan(folder, shelf, text=RULE, **parts):
    (folder / "rule.yml").write_text(text, encoding="utf-8")
    request = DetectRequest(rules=(folder,), files=(), **parts)
    return rules_of(request, Summary(), shelf)


def test_rules_that_were_read_are_kept(tmp_path):
    """The second plan is the first, and another text is another key."""
    shelf = Shelf()
    first = _plan(tmp_path, shelf)
    again = _plan(tmp_path, shelf)
    other = _plan(tmp_path, shelf, RULE.replace("cmd", "powershell"))

    assert (first.rules, first.key) == (again.rules, again.key)
    assert other.key != first.key
    assert set(shelf.kept) == {first.key, other.key}


def test_a_missing_path_is_told_and_the_rest_is_read(tmp_path):
    """With its name."""
    (tmp_path / "rule.yml").write_text(RULE, encoding="utf-8")
    summary = Summary()
    rules = (tmp_path / "rule.yml", tmp_path / "none.yml")
    plan = rules_of(DetectRequest(rules=rules, files=()), summary, None)

    assert len(plan.rules.cards) == 1
    assert "none.yml" in str(summary.refused[0])


def test_our_own_pipelines_change_no_rule():
    """There is nothing of pySigma to apply, and no other name to know."""
    assert [pipeline_of(name) for name in ("auto", "native", "ecs")] == [None, None, None]
    assert called("ecs") is None


def test_an_unknown_pipeline_names_those_there_are():
    """With the way out."""
    with pytest.raises(InputError, match="ecs_windows"):
        pipeline_of("ecs_window")


def test_the_shipped_placeholders_are_taken_where_none_are_named(tmp_path):
    """And an own file where one is."""
    own = tmp_path / "own.yml"
    own.write_text("Administrators: [root]\n", encoding="utf-8")

    assert placeholders_text(None).path == "config/placeholders.yml"
    assert placeholders_text(own).text.startswith("Administrators")
