"""`sentinel rules check`: refusals beside the answer, oddities as the answer, the exit code."""

import pytest

from sentinel import assembly
from sentinel.detect.lint.finding import hint, refusal, warning
from sentinel.errors import Fault
from sentinel.model.text import LocalText
from tests.samples import a_card


class Loaded:
    """What `assembly.check_rules` loads, as far as the command looks at it."""

    def __init__(self, refused) -> None:
        self.cards = (a_card(),)
        self.refused = tuple(refused)


@pytest.fixture
def checked(desk, monkeypatch):
    """Rules that are checked, with what is found in them; the paths that were asked for."""
    asked = []

    def put(*findings, refused=()):
        every = [*findings, *(refusal(fault) for fault in refused)]
        monkeypatch.setattr(
            assembly,
            "check_rules",
            lambda settings, paths: asked.append(paths) or (Loaded(refused), every),
        )
        return asked

    return put


def text(words):
    return LocalText(vi=words, en=words)


WARNING = warning("value-twice", "a.yml:3", text("twice"), text("take one out"))
HINT = hint("no-date", "a.yml:1", text("no date"), text("add one"))


def test_good_rules(run, checked):
    """Exit 0, and how many were loaded."""
    asked = checked()

    done = run("rules", "check", "a.yml", "b")

    assert (done.code, done.err) == (0, "")
    assert done.out == "Rules loaded: 1. Faults: 0. Warnings: 0. Hints: 0\n"
    assert [[str(path) for path in paths] for paths in asked] == [["a.yml", "b"]]


def test_a_refused_rule(run, checked):
    """Exit 1, each fault with its place; what the rule says cannot act."""
    checked(refused=[Fault("a.yml:3", "no such field", found="\x1b[2J")])

    done = run("rules", "check")

    assert done.code == 1
    assert done.err == "a.yml:3: no such field; found \\x1b[2J\n"
    assert done.out == "Rules loaded: 1. Faults: 1. Warnings: 0. Hints: 0\n"


def test_what_is_odd_but_runs(run, checked):
    """Two lines a warning; hints are counted and said on demand."""
    checked(WARNING, HINT)

    plain, whole = run("rules", "check"), run("rules", "check", "--hints")

    assert plain.code == 0
    assert plain.out.splitlines()[0] == "▲  a.yml:3: twice [value-twice]"
    assert plain.out.splitlines()[1].strip() == "→ take one out"
    assert plain.out.splitlines()[2] == "Rules loaded: 1. Faults: 0. Warnings: 1. Hints: 1"
    assert "·  a.yml:1: no date [no-date]" in whole.out


@pytest.mark.parametrize(("finding", "code"), [(WARNING, 1), (HINT, 0)])
def test_strict_lets_warnings_fail(run, checked, finding, code):
    """Hints never do."""
    checked(finding)

    assert run("rules", "check", "--strict").code == code


def test_for_machines(run, checked):
    """Every finding with its level, code, place, and both sentences."""
    checked(WARNING, refused=[Fault("b.yml:1", "no")])

    done = run("rules", "check", "--json")

    assert done.code == 1
    assert (done.json["loaded"], done.json["refused"]) == (1, ["b.yml:1: no"])
    assert done.json["findings"][0] == {
        "level": "warning",
        "code": "value-twice",
        "place": "a.yml:3",
        "message": "twice",
        "advice": "take one out",
    }
    assert done.json["findings"][1]["level"] == "fault"


def test_our_own_rules_are_clean(run, desk):
    """Not even a hint."""
    done = run("rules", "check", "--hints")

    assert (done.code, done.err) == (0, "")
    assert "Faults: 0. Warnings: 0. Hints: 0" in done.out
