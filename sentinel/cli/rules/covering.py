"""`sentinel rules coverage`: what the rules can see, by ATT&CK and by logsource."""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import Annotated

import typer

from sentinel.cli import house
from sentinel.cli.rules.listing import PathsArgument
from sentinel.cli.screen import Screen
from sentinel.cli.session import ConfigOption, JsonOption, begin
from sentinel.detect.coverage import Coverage, navigator_layer
from sentinel.detect.coverage import coverage as covered_by
from sentinel.detect.ruleset import Logsource


def coverage(
    context: typer.Context,
    paths: PathsArgument = None,
    *,
    layer: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write a layer for ATT&CK Navigator."),
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="Show at most this many rows a table.")] = 20,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Count the rules by ATT&CK tactic and technique, and by logsource."""
    session = begin(context, config)
    covered = covered_by(house.assembly.load_rules(session.settings, paths))
    if layer is not None:
        text = jsonlib.dumps(navigator_layer(covered, "Sentinel"), indent=1) + "\n"
        layer.write_text(text, encoding="utf-8")
    if json:
        session.screen.json(_shape(covered))
    else:
        show(covered, session.screen, most)


def show(covered: Coverage, screen: Screen, most: int) -> None:
    """Three tables and a line."""
    techniques = list(covered.techniques.items())
    logsources = [(words(source), count) for source, count in covered.logsources.items()]
    screen.heading("Tactics")
    screen.table(["Tactic", "Rules"], [[name, str(n)] for name, n in covered.tactics.items()])
    screen.heading("Techniques")
    screen.table(["Technique", "Rules"], [[name, str(n)] for name, n in techniques[:most]])
    _more(screen, len(techniques) - most)
    screen.heading("Logsources")
    screen.table(["Logsource", "Rules"], [[name, str(n)] for name, n in logsources[:most]])
    _more(screen, len(logsources) - most)
    screen.say(
        "Rules: {rules}. Tactics: {tactics}. Techniques: {techniques}. Without ATT&CK tags: {none}",
        rules=covered.rules,
        tactics=len(covered.tactics),
        techniques=len(techniques),
        none=covered.untagged,
    )


def words(logsource: Logsource) -> str:
    """A logsource in one line."""
    parts = (logsource.product, logsource.category, logsource.service)
    return " / ".join(part or "*" for part in parts)


def _more(screen: Screen, rest: int) -> None:
    if rest > 0:
        screen.say("and {rest} more; --most N shows them", rest=rest)


def _shape(covered: Coverage) -> dict[str, object]:
    return {
        "rules": covered.rules,
        "untagged": covered.untagged,
        "tactics": dict(covered.tactics),
        "techniques": dict(covered.techniques),
        "logsources": [
            {
                "product": source.product,
                "category": source.category,
                "service": source.service,
                "rules": count,
            }
            for source, count in covered.logsources.items()
        ],
    }
