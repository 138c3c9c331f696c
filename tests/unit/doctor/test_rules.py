"""Do the rules run?"""

from dataclasses import replace
from pathlib import Path

import pytest

from sentinel.detect.examples import ExampleResult, Expectation, Outcome
from sentinel.detect.ruleset import RuleSet
from sentinel.doctor.rules import examine_rules, examples, loaded, refused
from sentinel.errors import Fault
from sentinel.settings import Settings

BAD = "title: Odd\nlogsource: {product: linux}\ndetection: {condition: nothing}\n"
RESULT = ExampleResult(
    place="a.examples.yml:3",
    rules="a.yml",
    name="six guesses",
    expectation=Expectation.MATCH,
    outcome=Outcome.PASSED,
    found=("A",),
)


@pytest.fixture
def with_rules(patient, tmp_path):
    """A patient with these rule files, and the shipped ones if so wished."""

    def make(*, shipped=False, **files):
        for name, text in files.items():
            (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
        chosen = Settings().rules.model_copy(update={"shipped": shipped, "paths": (tmp_path,)})
        return replace(patient, settings=patient.settings.model_copy(update={"rules": chosen}))

    return make


def test_the_shipped_ones_run(patient, standing):
    """With their examples."""
    assert standing(examine_rules(patient)) == [
        ("rules.loaded", "ok"),
        ("rules.refused", "ok"),
        ("rules.examples", "ok"),
    ]


def test_without_any_nothing_is_detected(with_rules, standing):
    """Worst."""
    assert standing(examine_rules(with_rules()))[0] == ("rules.loaded", "fail")


def test_a_refused_one_is_named_with_its_line(with_rules, tmp_path):
    """The others run."""
    checks = {check.id: check for check in examine_rules(with_rules(shipped=True, bad=BAD))}

    assert checks["rules.loaded"].status.value == "ok"
    assert checks["rules.refused"].status.value == "warn"
    assert f"{tmp_path / 'bad.yml'}:" in checks["rules.refused"].found.en


def test_an_id_that_stands_twice_is_refused(with_rules):
    """Which of the two runs is said."""
    rule = next(Path("rules").rglob("*.yml")).parent.glob("*.yml")
    text = next(path for path in sorted(rule) if not path.name.endswith("examples.yml"))
    twice = with_rules(shipped=True, again=text.read_text(encoding="utf-8"))

    found = {check.id: check.found.en for check in examine_rules(twice)}

    assert "stands at" in found["rules.refused"]


def test_an_example_that_fails_is_named(with_rules):
    """By its own file and line."""
    text = next(
        path
        for path in sorted(Path("rules").rglob("*.yml"))
        if not path.name.endswith("examples.yml")
    ).read_text(encoding="utf-8")
    wrong = (
        "match:\n  - {name: silence, format: syslog, lines: ['<38>Nov 22 12:00:00 h a: b']}\n"
        "no_match:\n  - {name: other, format: syslog, lines: ['<38>Nov 22 12:00:00 h a: b']}\n"
    )
    patient = with_rules(one=text)
    folder = patient.settings.rules.paths[0]
    (folder / "one.examples.yml").write_text(wrong, encoding="utf-8")

    found = {check.id: check for check in examine_rules(patient)}

    assert found["rules.examples"].status.value == "fail"
    assert "one.examples.yml:2: silence" in found["rules.examples"].found.en


def test_what_was_loaded():
    """None is a failure."""
    assert loaded(RuleSet()).status.value == "fail"


@pytest.mark.parametrize(("faults", "expected"), [((), "ok"), ((Fault("a.yml:1", "odd"),), "warn")])
def test_what_was_refused(faults, expected):
    """The others run."""
    assert refused(RuleSet(refused=faults)).status.value == expected


@pytest.mark.parametrize(
    ("outcome", "expected"), [(Outcome.PASSED, "ok"), (Outcome.FAILED, "fail")]
)
def test_examples(outcome, expected):
    """One that fails is enough."""
    assert examples([RESULT, replace(RESULT, outcome=outcome)]).status.value == expected
