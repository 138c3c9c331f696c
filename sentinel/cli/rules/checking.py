"""`sentinel rules check`: what is refused, what does not do what it seems to, what could be better.

Faults go to standard error, as with every command; what is odd but runs is the answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

import typer

from sentinel.cli import house
from sentinel.cli.rules.listing import PathsArgument
from sentinel.cli.screen import Screen, complain
from sentinel.cli.session import ConfigOption, JsonOption, begin
from sentinel.detect.lint.finding import Finding, Gravity

SHOWN = {
    Gravity.WARNING: ("▲", "bold yellow"),
    Gravity.HINT: ("·", "cyan"),
}


def check(
    context: typer.Context,
    paths: PathsArgument = None,
    *,
    hints: Annotated[
        bool, typer.Option("--hints", help="Also say what works and could be better.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Let warnings fail the check, too.")
    ] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Read the rules: which are refused and why, and what is odd in others, by file and line."""
    session = begin(context, config)
    rules, findings = house.assembly.check_rules(session.settings, paths)
    counts = Counter(finding.gravity for finding in findings)
    faults = [str(fault) for fault in rules.refused]
    if json:
        told = [_shape(finding, session.screen) for finding in findings]
        session.screen.json({"loaded": len(rules.cards), "refused": faults, "findings": told})
    else:
        for fault in faults:
            complain(fault)
        show(findings, session.screen, hints=hints)
        session.screen.say(
            "Rules loaded: {loaded}. Faults: {faults}. Warnings: {warnings}. Hints: {hints}",
            loaded=len(rules.cards),
            faults=len(faults),
            warnings=counts[Gravity.WARNING],
            hints=counts[Gravity.HINT],
        )
    if faults or (strict and counts[Gravity.WARNING]):
        raise typer.Exit(1)


def show(findings: Sequence[Finding], screen: Screen, *, hints: bool) -> None:
    """A line for what it is and where, one for what to do."""
    for finding in findings:
        if finding.gravity is Gravity.FAULT or (finding.gravity is Gravity.HINT and not hints):
            continue
        shape, style = SHOWN[finding.gravity]
        said = finding.message[screen.language]
        screen.marked(shape, style, f"{finding.place}: {said} [{finding.code}]")
        screen.line(f"→ {finding.advice[screen.language]}", indent=3)


def _shape(finding: Finding, screen: Screen) -> dict[str, str]:
    return {
        "level": finding.gravity.value,
        "code": finding.code,
        "place": finding.place,
        "message": finding.message[screen.language],
        "advice": finding.advice[screen.language],
    }
