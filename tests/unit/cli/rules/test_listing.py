"""Rules on a terminal."""

import pytest

from sentinel import assembly
from sentinel.detect.examples import ExampleReport, ExampleResult, Expectation, Outcome
from sentinel.errors import Fault
from tests.samples import a_card


class Loaded:
    """What `assembly.load_rules` gives, as far as the commands look at it."""

    def __init__(self, *refused: Fault) -> None:
        self.cards = (a_card(),)
        self.refused = refused


@pytest.fixture
def loaded(desk, monkeypatch):
    """Rules that are loaded; the paths that were asked for."""
    asked = []

    def put(*refused: Fault) -> list:
        monkeypatch.setattr(
            assembly, "load_rules", lambda settings, paths: asked.append(paths) or Loaded(*refused)
        )
        return asked

    return put


def test_the_list(run, loaded):
    """Severity, id, title, place."""
    asked = loaded()

    row = run("rules", "list").out.splitlines()[1]

    assert row.startswith("high ")
    assert "rules/linux/ssh_password_guessing.yml:1" in row
    assert [paths or None for paths in asked] == [None]


def test_the_list_for_machines(run, loaded):
    """One object a rule."""
    loaded()

    (rule,) = run("rules", "list", "--json").json

    assert (rule["title"], rule["level"]) == ("SSH password guessing", "high")


def test_the_list_says_that_rules_are_missing(run, loaded):
    """Beside the answer: `rules check` names them."""
    loaded(Fault("rules/x.yml:3", "no such modifier"))

    assert run("rules", "list", "--json").err == "Rules loaded: 1. Faults: 1\n"


def a_result(outcome: Outcome) -> ExampleResult:
    return ExampleResult(
        place="a.examples.yml:2",
        rules="a.yml",
        name="six guesses",
        expectation=Expectation.MATCH,
        outcome=outcome,
        found=(),
        message="" if outcome is Outcome.PASSED else "no rule of a.yml detected anything",
    )


@pytest.mark.parametrize(
    ("report", "code", "out", "err"),
    [
        (
            ExampleReport(results=(a_result(Outcome.PASSED),), faults=()),
            0,
            "Examples: 1. Failed: 0. Faults: 0\n",
            "",
        ),
        (
            ExampleReport(results=(a_result(Outcome.FAILED),), faults=(Fault("b.yml:1", "no"),)),
            1,
            "Examples: 1. Failed: 1. Faults: 1\n",
            "b.yml:1: no\na.examples.yml:2: six guesses: no rule of a.yml detected anything\n",
        ),
    ],
)
def test_examples(*, run, desk, monkeypatch, report, code, out, err):
    """What failed is named with its place; what could not be tried is a failure too."""
    monkeypatch.setattr(assembly, "test_rules", lambda settings, paths: report)

    done = run("rules", "test")

    assert (code, out, err) == (done.code, done.out, done.err)
    examples = run("rules", "test", "--json").json["examples"]
    assert [report.results[0].outcome.value] == [one["outcome"] for one in examples]
