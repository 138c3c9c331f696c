"""`sentinel warnings`: what agencies are told, and who approves it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from sentinel.cli.screen import Screen
from sentinel.cli.session import ConfigOption, JsonOption, WhoOption, begin, person
from sentinel.cli.story import copies, history
from sentinel.model.ids import AgencyId, AlertId, WarningId
from sentinel.model.warning import AgencyWarning, WarningState
from sentinel.ports import WarningQuery
from sentinel.web.api.shaping import warning_detail, warning_shape
from sentinel.wording import severity_word, warning_state_word

app = typer.Typer(help="Warnings to agencies.", no_args_is_help=True)

WarningArgument = Annotated[
    str, typer.Argument(metavar="WARNING", help="The warning's id or number.")
]


@app.command("list")
def list_(
    context: typer.Context,
    *,
    state: Annotated[
        list[WarningState] | None, typer.Option(help="Only these states; may be repeated.")
    ] = None,
    agency: Annotated[str | None, typer.Option(help="Only this agency's.")] = None,
    alert: Annotated[str | None, typer.Option(help="Only those of this alert.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most this many.")] = 100,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """List warnings, newest first."""
    session = begin(context, config)
    query = WarningQuery(
        states=frozenset(state or ()),
        agency=None if agency is None else AgencyId(agency),
        alert=None if alert is None else AlertId(alert),
        limit=limit,
    )
    with session.desk() as desk:
        warnings = desk.warnings(query)
    if json:
        shapes = [warning_shape(warning, session.screen.language) for warning in warnings]
        session.screen.json([shape.model_dump(mode="json") for shape in shapes])
    else:
        _table(session.screen, warnings)


@app.command("show")
def show(
    context: typer.Context,
    warning: WarningArgument,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Show one warning: its deadlines, each recipient's copy, its history."""
    session = begin(context, config)
    with session.desk() as desk:
        found = desk.warning(WarningId(warning))
    if json:
        _json(session.screen, found)
    else:
        _page(session.screen, found)


@app.command("approve")
def approve(
    context: typer.Context,
    warning: WarningArgument,
    who: WhoOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Approve a draft: it gets its number and goes out to every contact."""
    session = begin(context, config)
    with session.desk() as desk:
        approved = desk.approve(WarningId(warning), person(who))
    if json:
        _json(session.screen, approved)
        return
    session.screen.say(
        "Warning {number} is approved; copies to send: {copies}",
        number=approved.number,
        copies=len(approved.deliveries),
    )


def _json(screen: Screen, warning: AgencyWarning) -> None:
    screen.json(warning_detail(warning, screen.language).model_dump(mode="json"))


def _table(screen: Screen, warnings: Sequence[AgencyWarning]) -> None:
    screen.table(
        ["Warning", "Number", "Agency", "State", "Severity", "Created", "Acknowledge by"],
        [
            [
                warning.id,
                warning.number or "-",
                warning.agency,
                warning_state_word(warning.state, screen.language),
                severity_word(warning.severity, screen.language),
                screen.time(warning.created),
                screen.time(warning.acknowledge_by),
            ]
            for warning in warnings
        ],
    )


def _page(screen: Screen, warning: AgencyWarning) -> None:
    state = warning_state_word(warning.state, screen.language)
    screen.line(f"{warning.number or warning.id} - {warning.tlp.value} - {state}")
    screen.say("Agency: {agency}. Alert: {alert}", agency=warning.agency, alert=warning.alert)
    screen.say("Severity: {severity}", severity=severity_word(warning.severity, screen.language))
    screen.heading("When")
    screen.say("Drafted: {at}", at=screen.time(warning.created))
    if warning.approved_at is not None:
        screen.say(
            "Approved: {at}, {who}",
            at=screen.time(warning.approved_at),
            who=warning.approved_by or screen.text("the system"),
        )
        screen.say("To be acknowledged by: {at}", at=screen.time(warning.acknowledge_by))
        screen.say("To be reported on by: {at}", at=screen.time(warning.report_by))
    if warning.acknowledged_at is not None:
        screen.say(
            "Acknowledged: {at}, {who}",
            at=screen.time(warning.acknowledged_at),
            who=warning.acknowledged_by,
        )
    screen.heading("Copies")
    copies(screen, warning.deliveries)
    _letter(screen, warning)
    screen.heading("History")
    history(screen, warning.history)
    if warning.state is WarningState.DRAFT:
        screen.heading("What you can do")
        screen.line(f"sentinel warnings approve {warning.id}")


def _letter(screen: Screen, warning: AgencyWarning) -> None:
    """The first copy as its recipient reads it, acknowledge link masked; all are in --json."""
    if not warning.deliveries:
        return
    detail = warning_detail(warning, screen.language).deliveries[0]
    if detail.letter is not None:
        screen.heading("The letter (first copy)")
        screen.line(detail.letter.subject)
        for line in detail.letter.text.splitlines():
            screen.line(line)
