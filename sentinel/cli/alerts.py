"""`sentinel alerts`: the queue, one alert, and what a person does with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from sentinel.cli.alert_page import alert_page
from sentinel.cli.rules.explain_page import Page, shape
from sentinel.cli.rules.explaining import explained_rules
from sentinel.cli.screen import Screen
from sentinel.cli.session import ConfigOption, JsonOption, Session, WhoOption, begin, person
from sentinel.errors import NotFound
from sentinel.model.alert import Alert, AlertState, Disposition
from sentinel.model.ids import AgencyId, AlertId
from sentinel.ports import AlertQuery, WarningQuery
from sentinel.web.api.shaping import alert_detail, alert_shape
from sentinel.wording import alert_state_word, severity_word

app = typer.Typer(help="The queue of alerts.", no_args_is_help=True)

AlertArgument = Annotated[str, typer.Argument(metavar="ALERT", help="The alert's id.")]
NoteOption = Annotated[str, typer.Option(help="A remark for the history.")]


@app.command("list")
def list_(
    context: typer.Context,
    *,
    state: Annotated[
        list[AlertState] | None,
        typer.Option(help="Only these states; may be repeated (default: all that are open)."),
    ] = None,
    agency: Annotated[str | None, typer.Option(help="Only this agency's.")] = None,
    unassigned: Annotated[
        bool, typer.Option("--unassigned", help="Only those that belong to no agency.")
    ] = False,
    min_score: Annotated[int, typer.Option(min=0, max=100, help="Only from this score on.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most this many.")] = 100,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """List the queue, highest score first."""
    if unassigned and agency is not None:
        raise typer.BadParameter("--agency and --unassigned exclude each other")
    session = begin(context, config)
    query = AlertQuery(
        states=frozenset(state or set(AlertState) - {AlertState.CLOSED}),
        agency=None if agency is None else AgencyId(agency),
        unassigned=unassigned,
        min_score=min_score,
        limit=limit,
    )
    with session.desk() as desk:
        alerts = desk.alerts(query)
    if json:
        shapes = [alert_shape(alert, session.screen.language) for alert in alerts]
        session.screen.json([shape.model_dump(mode="json") for shape in shapes])
    else:
        _table(session.screen, alerts)


@app.command("show")
def show(
    context: typer.Context,
    alert: AlertArgument,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Show one alert: why it fired, how bad, when, evidence, who was told, what to do."""
    session = begin(context, config)
    with session.desk() as desk:
        found = desk.alert(AlertId(alert))
        warnings = desk.warnings(WarningQuery(alert=found.id))
    if json:
        shape = alert_detail(found, warnings, session.screen.language)
        session.screen.json(shape.model_dump(mode="json"))
    else:
        alert_page(session.screen, found, warnings)


@app.command("explain")
def explain(
    context: typer.Context,
    alert: AlertArgument,
    *,
    whole: Annotated[
        bool, typer.Option("--all", help="Show every test, however many are alike.")
    ] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Show why the rule matched: its condition, part by part, on the newest event of evidence."""
    session = begin(context, config)
    with session.desk() as desk:
        found = desk.alert(AlertId(alert))
    if not found.evidence:
        raise NotFound(f"alert {alert} has no event of evidence")
    event = max(found.evidence, key=lambda one: one.at).event
    explained = explained_rules(session, found.card.id, event)
    if json:
        session.screen.json([shape(session.screen, one) for one in explained])
        return
    for one in explained:
        Page(session.screen, whole=whole).show(one)


@app.command("ack")
def ack(
    context: typer.Context,
    alert: AlertArgument,
    *,
    note: NoteOption = "",
    who: WhoOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Say that you have seen it."""
    session = begin(context, config)
    with session.desk() as desk:
        changed = desk.acknowledge(AlertId(alert), person(who), note)
    _changed(session, changed, json=json)


@app.command("take")
def take(
    context: typer.Context,
    alert: AlertArgument,
    *,
    note: NoteOption = "",
    who: WhoOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Say that you work on it."""
    session = begin(context, config)
    with session.desk() as desk:
        changed = desk.take(AlertId(alert), person(who), note)
    _changed(session, changed, json=json)


@app.command("close")
def close(
    context: typer.Context,
    alert: AlertArgument,
    *,
    disposition: Annotated[Disposition, typer.Option(help="What it turned out to be.")],
    reason: Annotated[str, typer.Option(help="Why, in a sentence.")],
    who: WhoOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Close it: it is over, and this is why."""
    session = begin(context, config)
    with session.desk() as desk:
        changed = desk.close(AlertId(alert), person(who), disposition, reason)
    _changed(session, changed, json=json)


def _changed(session: Session, alert: Alert, *, json: bool) -> None:
    screen = session.screen
    if json:
        screen.json(alert_shape(alert, screen.language).model_dump(mode="json"))
        return
    state = alert_state_word(alert.state, screen.language)
    screen.say("Alert {alert}: {state}", alert=alert.id, state=state)


def _table(screen: Screen, alerts: Sequence[Alert]) -> None:
    screen.table(
        ["Alert", "Score", "Severity", "State", "Agency", "What", "Where", "Last seen"],
        [
            [
                alert.id,
                str(alert.score.points),
                severity_word(alert.score.severity, screen.language),
                alert_state_word(alert.state, screen.language),
                alert.agency or screen.text("unassigned"),
                title(alert, screen),
                ", ".join(alert.subject.values()),
                screen.time(alert.last_seen),
            ]
            for alert in alerts
        ],
    )


def title(alert: Alert, screen: Screen) -> str:
    """What the alert is about, in the reader's language where the rule speaks it."""
    advice = alert.card.advice
    return alert.card.title if advice is None else advice.title[screen.language]
