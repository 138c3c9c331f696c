"""A rule comes with lines it must match and lines it must not: here they are held to it.

`NAME.examples.yml` stands beside `NAME.yml`:

    match:
      - name: six guesses in a minute
        format: syslog
        lines: ["Nov 22 12:00:00 web01 sshd[1]: Failed password for root from 192.0.2.7 ..."]
    no_match:
      - name: a person who mistypes twice
        format: syslog
        lines: [...]

A `match` example must lead to at least one detection of that file's rules, a `no_match` example to
none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sentinel.detect.engine import Engine
from sentinel.detect.ruleset import EXAMPLES, Output, RuleSet
from sentinel.detect.sigma.placeholders import NO_PLACEHOLDERS, Placeholders
from sentinel.documents import Document, SourceText, parse, read
from sentinel.errors import Fault, InputError, RuleError
from sentinel.model.detection import Detection
from sentinel.model.event import Event
from sentinel.model.ids import EventId, RuleId

ReadLine = Callable[[str, str], Event]

Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Example(_Strict):
    name: Text
    format: Literal["syslog", "access", "json"]
    lines: Annotated[tuple[Text, ...], Field(min_length=1)]


class _Examples(_Strict):
    match: Annotated[tuple[_Example, ...], Field(min_length=1)]
    no_match: Annotated[tuple[_Example, ...], Field(min_length=1)]


class Expectation(StrEnum):
    """What an example says of its lines."""

    MATCH = "match"
    NO_MATCH = "no_match"


class Outcome(StrEnum):
    """Whether it came true."""

    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleResult:
    """One example held against its rules. `place` is `file:line`, `rules` the file of the rules.

    `found` are the titles of the rules that detected something; `message` says what went wrong,
    "" where nothing did.
    """

    place: str
    rules: str
    name: str
    expectation: Expectation
    outcome: Outcome
    found: tuple[str, ...]
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleReport:
    """Every result, in order of file and line, and what could not be tried at all."""

    results: tuple[ExampleResult, ...]
    faults: tuple[Fault, ...]

    @property
    def outcome(self) -> Outcome:
        """PASSED where every example came true and nothing was left untried."""
        failed = any(result.outcome is Outcome.FAILED for result in self.results)
        return Outcome.FAILED if failed or self.faults else Outcome.PASSED


def run_examples(
    rule_texts: Iterable[SourceText],
    examples_texts: Iterable[SourceText],
    read_line: ReadLine,
    placeholders: Placeholders = NO_PLACEHOLDERS,
) -> ExampleReport:
    """Hold each rule to its examples.

    `read_line` makes an event of a line and its format ("syslog", "access", "json"); the
    InputError it may raise is a fault of the example. Either iterable may hold the files of the
    other kind too: they are told apart by name.
    """
    sources = [source for source in rule_texts if not source.path.endswith(EXAMPLES)]
    examples = {
        _subject(source.path): source for source in examples_texts if source.path.endswith(EXAMPLES)
    }
    from sentinel.detect.sigma.load import load  # noqa: PLC0415 - pySigma: only who tests needs it

    ruleset = load(sources, placeholders=placeholders)
    faults = list(ruleset.refused)
    results: list[ExampleResult] = []
    for source in sources:
        stem = source.path.rpartition(".")[0]
        beside = examples.pop(stem, None)
        if beside is None:
            faults += _without_examples(source, ruleset)
            continue
        if beside.unreadable is not None:
            faults.append(beside.unreadable)
            continue
        done, wrong = _run_file(_of_file(ruleset, source.path), source.path, beside, read_line)
        results += done
        faults += wrong
    faults += [
        Fault(source.path, "there are no rules beside these examples", allowed=f"{stem}.yml")
        for stem, source in examples.items()
    ]
    return ExampleReport(results=tuple(results), faults=tuple(faults))


def _run_file(
    ruleset: RuleSet, rules: str, examples: SourceText, read_line: ReadLine
) -> tuple[list[ExampleResult], list[Fault]]:
    try:
        document = parse(examples, error=RuleError)
    except RuleError as error:
        return [], list(error.faults)
    read_examples, faults = read(document, _Examples)
    if read_examples is None:
        return [], faults
    sections = (
        (Expectation.MATCH, read_examples.match),
        (Expectation.NO_MATCH, read_examples.no_match),
    )
    results = []
    for expectation, section in sections:
        for index, example in enumerate(section):
            place = document.place((expectation.value, index))
            try:
                titles = _titles(ruleset, rules, example, read_line)
            except InputError as error:
                faults += [replace(fault, place=place) for fault in error.faults]
                continue
            results.append(_result(expectation, example, titles, place, rules))
    return results, [*faults, *_loose_ends(ruleset, document)]


def _loose_ends(ruleset: RuleSet, document: Document) -> list[Fault]:
    if ruleset.rules or ruleset.correlations:
        return []
    return [Fault(document.place(()), "the rules of these examples were refused")]


def _titles(
    ruleset: RuleSet, rules: str, example: _Example, read_line: ReadLine
) -> tuple[str, ...]:
    """The titles of the file's own rules that detected something, each once."""
    engine = Engine(ruleset)
    found: dict[str, None] = {}
    for number, line in enumerate(example.lines, start=1):
        event = read_line(line, example.format)
        # As if it had arrived when it happened, and each line an event of its own.
        event = replace(event, id=EventId(f"example-{number}"), received=event.at)
        for detection in engine.match(event):
            if _is_of(detection, rules):
                found[detection.rule.title] = None
    return tuple(found)


def _result(
    expectation: Expectation, example: _Example, titles: tuple[str, ...], place: str, rules: str
) -> ExampleResult:
    message = ""
    if expectation is Expectation.MATCH and not titles:
        message = f"no rule of {rules} detected anything"
    elif expectation is Expectation.NO_MATCH and titles:
        message = f"this must not be detected, but was by: {', '.join(titles)}"
    return ExampleResult(
        place=place,
        rules=rules,
        name=example.name,
        expectation=expectation,
        outcome=Outcome.FAILED if message else Outcome.PASSED,
        found=titles,
        message=message,
    )


def _of_file(ruleset: RuleSet, path: str) -> RuleSet:
    """The rules of one file, with those elsewhere that its correlations count, at any depth."""
    by_id = {each.card.id: each for each in ruleset.correlations}
    below = [each.card.id for each in ruleset.correlations if _path(each.card.place) == path]
    counted: set[RuleId] = set()
    while below:
        each = below.pop()
        if each not in counted:
            counted.add(each)
            below += by_id[each].rules if each in by_id else ()
    correlations = [each for each in ruleset.correlations if each.card.id in counted]
    return RuleSet(
        rules=tuple(
            rule
            for rule in ruleset.rules
            if _path(rule.card.place) == path or rule.card.id in counted
        ),
        correlations=tuple(correlations),
    )


def _without_examples(source: SourceText, ruleset: RuleSet) -> Sequence[Fault]:
    """Rules that detect by themselves need examples; those that only feed others do not."""
    own = _of_file(ruleset, source.path)
    makes = [rule.card for rule in own.rules if rule.output is Output.DETECTIONS]
    makes += [each.card for each in own.correlations if each.output is Output.DETECTIONS]
    wanted = f"{source.path.rpartition('.')[0]}{EXAMPLES[0]}"
    return [
        Fault(card.place, "this rule has no examples", found=card.title, allowed=wanted)
        for card in makes
        if _path(card.place) == source.path
    ]


def _is_of(detection: Detection, path: str) -> bool:
    return _path(detection.rule.place) == path


def _path(place: str) -> str:
    return place.rpartition(":")[0]


def _subject(path: str) -> str:
    for ending in EXAMPLES:
        path = path.removesuffix(ending)
    return path
