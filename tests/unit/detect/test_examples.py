"""Rules held to their own examples."""

from dataclasses import replace
from datetime import datetime

import pytest

from sentinel.detect.examples import Expectation, Outcome, run_examples
from sentinel.documents import SourceText
from sentinel.errors import Fault, InputError
from sentinel.model.ids import EventId
from tests.samples import NOON, an_event

RULES = """title: hit
name: hit
logsource: {category: test}
detection: {selection: {message|contains: bad}, condition: selection}
---
title: many
correlation: {type: event_count, rules: hit, timespan: 10s, condition: {gte: 2}}
"""
LONE = """title: lone
logsource: {category: test}
detection: {selection: {message|contains: bad}, condition: selection}
"""
EXAMPLES = """match:
  - name: two at once
    format: syslog
    lines: ["12:00:00 bad", "12:00:05 bad"]
no_match:
  - name: two, but slowly
    format: syslog
    lines: ["12:00:00 bad", "12:00:50 bad"]
"""


def _read(line, name):
    """The time of day, then the message; all events have one id and one time of arrival."""
    time, _, message = line.partition(" ")
    at = datetime.combine(NOON.date(), datetime.min.time().fromisoformat(time), NOON.tzinfo)
    event = an_event(at=at, received=NOON, id=EventId("same"))
    return replace(event, fields={"message": message, "format": name})


def _run(*named):
    sources = [SourceText(name, text) for name, text in named]
    return run_examples(sources, sources, _read)


def test_examples_that_come_true_pass():
    """Match and no match, each with its place."""
    report = _run(("a.yml", RULES), ("a.examples.yml", EXAMPLES))

    assert report.faults == ()
    assert report.outcome is Outcome.PASSED
    assert [(each.expectation, each.outcome, each.found) for each in report.results] == [
        (Expectation.MATCH, Outcome.PASSED, ("many",)),
        (Expectation.NO_MATCH, Outcome.PASSED, ()),
    ]
    assert [each.place for each in report.results] == ["a.examples.yml:2", "a.examples.yml:6"]
    assert {each.rules for each in report.results} == {"a.yml"}


def test_examples_that_do_not_come_true_fail():
    """With the rule that was wrong to detect, or the file that did not."""
    swapped = EXAMPLES.replace("12:00:05", "12:00:59").replace("12:00:50", "12:00:01")
    report = _run(("a.yml", RULES), ("a.examples.yml", swapped))

    assert report.outcome is Outcome.FAILED
    assert [each.message for each in report.results] == [
        "no rule of a.yml detected anything",
        "this must not be detected, but was by: many",
    ]


def test_only_the_rules_of_the_same_file_count():
    """What another file's rule says of the lines is its own business."""
    report = _run(("a.yml", RULES), ("a.examples.yml", EXAMPLES), ("b.yml", LONE))

    assert [each.outcome for each in report.results] == [Outcome.PASSED, Outcome.PASSED]
    assert [str(fault) for fault in report.faults] == [
        "b.yml:1: this rule has no examples; found lone; allowed: b.examples.yml"
    ]


def test_a_correlation_is_tried_with_all_that_it_is_over_in_other_files():
    """At any depth; what only feeds it needs no examples of its own."""
    inner = RULES.replace("title: many\n", "title: many\nname: many\n")
    outer = (
        "title: outer\n"
        "correlation: {type: event_count, rules: many, timespan: 1h, condition: {gte: 1}}\n"
    )
    report = _run(("inner.yml", inner), ("outer.yml", outer), ("outer.examples.yml", EXAMPLES))

    assert (report.faults, report.outcome) == ((), Outcome.PASSED)
    assert report.results[0].found == ("outer",)


def test_rules_that_only_feed_others_need_no_examples():
    """The correlation's file has them; the rule it counts may stand elsewhere."""
    base, correlation = RULES.split("---\n")
    report = _run(("base.yml", base), ("a.yml", correlation), ("a.examples.yml", EXAMPLES))

    assert report.outcome is Outcome.PASSED, report.faults


@pytest.mark.parametrize(
    ("examples", "said"),
    [
        (EXAMPLES.replace("no_match", "no_mach"), "did you mean 'no_match'"),
        (EXAMPLES.replace("format: syslog", "format: sylog"), "allowed words"),
        (EXAMPLES.partition("no_match")[0], "missing"),
        (EXAMPLES.replace('["12:00:00 bad", "12:00:50 bad"]', "[]"), "too little"),
        ("match: [", "not valid YAML"),
    ],
)
def test_a_broken_file_of_examples_is_a_fault(examples, said):
    """A rule that seems tested and is not would be worse than none."""
    report = _run(("a.yml", LONE), ("a.examples.yml", examples))

    assert report.outcome is Outcome.FAILED
    assert [fault for fault in report.faults if said in str(fault)] != []


def test_examples_that_cannot_be_read_are_a_fault():
    """And no silence: the rule beside them was not tried."""
    fault = Fault("a.examples.yml:1", "the file is not valid UTF-8")
    sources = [SourceText("a.yml", RULES), SourceText("a.examples.yml", "", fault)]

    report = run_examples(sources, sources, _read)

    assert ((fault,), Outcome.FAILED) == (report.faults, report.outcome)


def test_a_line_that_cannot_be_read_is_a_fault_of_its_example():
    """With the example's place."""

    def refuse(line, name):
        raise InputError([Fault("example", "this line is no JSON object", found=line)])

    sources = [SourceText("a.yml", LONE), SourceText("a.examples.yml", EXAMPLES)]
    report = run_examples(sources, sources, refuse)

    assert report.results == ()
    assert [fault.place for fault in report.faults] == ["a.examples.yml:2", "a.examples.yml:6"]


def test_examples_without_rules_are_a_fault():
    """Of a file that is not there, or whose rules were refused."""
    alone = _run(("a.examples.yml", EXAMPLES))
    refused = _run(("a.yml", LONE.replace("contains", "x")), ("a.examples.yml", EXAMPLES))

    assert "no rules beside" in str(alone.faults[0])
    assert "were refused" in str(refused.faults[-1])
