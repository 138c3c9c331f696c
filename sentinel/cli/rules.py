"""`sentinel rules`: what is loaded, what is refused and why, whether the examples come true."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sentinel.cli import house
from sentinel.cli.screen import complain
from sentinel.cli.session import ConfigOption, JsonOption, begin
from sentinel.wording import severity_word

app = typer.Typer(help="Detection rules.", no_args_is_help=True)

PathsArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH", help="Files or folders (default: what `run` loads)."),
]


@app.command("list")
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


@app.command("check")
def check(
    context: typer.Context,
    paths: PathsArgument = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Read the rules and name each one that is refused, with file, line and reason."""
    session = begin(context, config)
    rules = house.assembly.load_rules(session.settings, paths)
    faults = [str(fault) for fault in rules.refused]
    if json:
        session.screen.json({"loaded": len(rules.cards), "refused": faults})
    else:
        for fault in faults:
            complain(fault)
        session.screen.say(
            "Rules loaded: {loaded}. Faults: {faults}", loaded=len(rules.cards), faults=len(faults)
        )
    if faults:
        raise typer.Exit(1)


@app.command("test")
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
