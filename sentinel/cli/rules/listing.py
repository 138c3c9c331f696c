"""`sentinel rules list` and `test`: what is loaded, and whether its examples come true."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sentinel.cli import house
from sentinel.cli.screen import complain
from sentinel.cli.session import ConfigOption, JsonOption, begin
from sentinel.wording import severity_word

PathsArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH", help="Files or folders (default: what `run` loads)."),
]


def list_(
    context: typer.Context,
    paths: PathsArgument = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """List the rules that are loaded."""
    session = begin(context, config)
    rules = house.assembly.load_rules(session.settings, paths)
    cards = rules.cards
    if rules.refused:
        session.screen.note(
            "Rules loaded: {loaded}. Faults: {faults}",
            loaded=len(cards),
            faults=len(rules.refused),
        )
    if json:
        session.screen.json(
            [
                {
                    "id": card.id,
                    "title": card.title,
                    "level": card.level.word,
                    "confidence": card.confidence.value,
                    "tags": list(card.tags),
                    "place": card.place,
                }
                for card in cards
            ]
        )
        return
    session.screen.table(
        ["Severity", "Rule", "Title", "Written at"],
        [
            [severity_word(card.level, session.screen.language), card.id, card.title, card.place]
            for card in cards
        ],
    )


def examples(
    context: typer.Context,
    paths: PathsArgument = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Hold each rule to its own examples: the lines it must match, and those it must not."""
    session = begin(context, config)
    report = house.assembly.test_rules(session.settings, paths)
    failed = [
        result for result in report.results if result.outcome is house.examples.Outcome.FAILED
    ]
    faults = [str(fault) for fault in report.faults]
    if json:
        session.screen.json(
            {"examples": [_example(one) for one in report.results], "faults": faults}
        )
    else:
        for fault in faults:
            complain(fault)
        for result in failed:
            complain(f"{result.place}: {result.name}: {result.message}")
        session.screen.say(
            "Examples: {examples}. Failed: {failed}. Faults: {faults}",
            examples=len(report.results),
            failed=len(failed),
            faults=len(faults),
        )
    if report.outcome is house.examples.Outcome.FAILED:
        raise typer.Exit(1)


def _example(result: house.examples.ExampleResult) -> dict[str, object]:
    return {
        "place": result.place,
        "name": result.name,
        "expectation": result.expectation.value,
        "outcome": result.outcome.value,
        "found": list(result.found),
        "message": result.message,
    }
