"""`sentinel rules explain RULE EVENT`: why a rule did or did not match."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from sentinel.cli import house
from sentinel.cli.rules.explain_page import Page, shape
from sentinel.cli.screen import complain
from sentinel.cli.session import ConfigOption, JsonOption, Session, begin
from sentinel.detect.explain import Explained
from sentinel.detect.explain import explain as explained_of
from sentinel.errors import Fault, InputError, NotFound
from sentinel.model.event import Event
from sentinel.model.ids import EventId

STDIN = Path("/dev/stdin")


def explain(
    context: typer.Context,
    rule: Annotated[
        str, typer.Argument(metavar="RULE", help="A rule's id, name or title, or its file.")
    ],
    event: Annotated[
        str,
        typer.Argument(
            metavar="EVENT",
            help="A file with records, - for standard input, or the id of a stored event.",
        ),
    ],
    *,
    rules: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH", help="Where the rule is looked for (default: what `run` loads)."
        ),
    ] = None,
    format_: Annotated[
        str, typer.Option("--format", help="What the file is, as in `sentinel detect`.")
    ] = "auto",
    pipeline: Annotated[
        str, typer.Option(help="Field names: auto, native, ecs, or a pySigma pipeline's name.")
    ] = "auto",
    record: Annotated[
        int, typer.Option(min=1, help="Which record of the file, counted from 1.")
    ] = 1,
    whole: Annotated[
        bool, typer.Option("--all", help="Show every test, however many are alike.")
    ] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Show why a rule matched an event or did not: each part of its condition, true or false."""
    session = begin(context, config)
    found = _rule(session, rule, rules, pipeline)
    held = _event(session, event, record, format_, pipeline)
    explained = [
        explained_of(card, found.ruleset, held.fields, found.marks) for card in found.cards
    ]
    if json:
        shapes = [shape(session.screen, each) for each in explained]
        session.screen.json(shapes[0] if len(shapes) == 1 else shapes)
        return
    for each in explained:
        Page(session.screen, whole=whole).show(each)


def explained_rules(session: Session, rule: str, event: EventId) -> list[Explained]:
    """A rule that is loaded, held against a stored event.

    Raises:
        NotFound: the rule or the event is not there any more.
    """
    found = _rule(session, rule, None, "auto")
    fields = house.assembly.find_event(session.settings, event).fields
    return [explained_of(card, found.ruleset, fields, found.marks) for card in found.cards]


def _rule(
    session: Session, wanted: str, paths: Sequence[Path] | None, name: str
) -> house.find.FoundRule:
    reading = house.find.Reading(
        pipeline=house.batch.pipeline_of(name),
        placeholders=house.assembly.placeholders_of(session.settings),
    )
    path = Path(wanted)
    texts = house.assembly.rule_texts(session.settings, paths)
    if path.is_file():
        own = house.assembly.rule_texts(session.settings, [path])
        return house.find.rules_of_file(own, texts, reading)
    return house.find.find_rule(texts, wanted, reading)


def _event(session: Session, name: str, record: int, format_: str, pipeline: str) -> Event:
    """The event that was asked for.

    Raises:
        InputError: the file has no such record.
        NotFound: there is no such file, and no such event.
    """
    path = STDIN if name == "-" else Path(name)
    if not path.exists():
        return _stored(session, name)
    request = house.batch.DetectRequest(rules=(), files=(path,), pipeline=pipeline, format=format_)
    summary = house.batch.Summary()
    events = list(islice(house.batch.events_of(path, request, summary), record + 1))
    for fault in summary.refused:
        complain(" ".join(str(fault).splitlines()))
    if len(events) < record:
        raise InputError([Fault(name, f"there is no record {record}", found=f"{len(events)}")])
    if len(events) > record == 1:
        session.screen.note("Record 1 of several is explained; --record N takes another one.")
    return events[record - 1]


def _stored(session: Session, name: str) -> Event:
    try:
        return house.assembly.find_event(session.settings, EventId(name))
    except NotFound as cause:
        raise NotFound(f"there is no file and no stored event {name!r}") from cause
