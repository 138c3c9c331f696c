"""`sentinel config`: are the settings, the policy and the registry file right?"""

from __future__ import annotations

import typer

from sentinel.cli import house
from sentinel.cli.screen import Screen
from sentinel.cli.session import ConfigOption, JsonOption, begin
from sentinel.errors import Fault, InputError
from sentinel.model.agency import Agency
from sentinel.settings import Settings

app = typer.Typer(help="The settings.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    pass  # one command below it: without this, typer would drop the group's name


@app.command("check")
def check(context: typer.Context, config: ConfigOption = None, json: JsonOption = False) -> None:
    """Read settings, policy and registry file; name every fault with its line."""
    session = begin(context, config)
    agencies = _check_files(session.settings)
    notes = _notes(session.settings, agencies, session.screen)
    if json:
        session.screen.json({"settings": session.settings.model_dump(mode="json"), "notes": notes})
        return
    _show(session.settings, session.screen)
    for note in notes:
        session.screen.line(note)


def _check_files(settings: Settings) -> tuple[Agency, ...]:
    """Read what the settings name; the faults of all files come together.

    Raises:
        InputError: with the faults of policy and registry file.
    """
    faults: list[Fault] = []
    agencies: tuple[Agency, ...] = ()
    try:
        house.wiring.policy(settings)
    except InputError as error:
        faults += error.faults
    try:
        agencies = house.wiring.first_agencies(settings)
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    return agencies


def _notes(settings: Settings, agencies: tuple[Agency, ...], screen: Screen) -> list[str]:
    """What is allowed and yet may not be meant."""
    inputs = {one.name for one in settings.inputs}
    notes = [
        screen.text(
            "Note: source {source} names the input {input}, which the settings do not have.",
            source=source.id,
            input=source.input,
        )
        for agency in agencies
        for source in agency.sources
        if source.input not in inputs
    ]
    if not settings.inputs:
        notes.append(screen.text("Note: there is no input; nothing will be collected."))
    if settings.mail is None:
        notes.append(
            screen.text(
                "Note: there is no mail server; warnings are written to {folder} and reach nobody.",
                folder=settings.data / "mail",
            )
        )
    return notes


def _show(settings: Settings, screen: Screen) -> None:
    screen.say("The settings can be used.")
    screen.say("Data: {folder}", folder=settings.data)
    for one in settings.inputs:
        screen.say("Input: {name} ({collector})", name=one.name, collector=one.collector)
    for name, web in (("soc", settings.web.soc), ("public", settings.web.public)):
        screen.say("Listener: {name}, {address}", name=name, address=f"{web.address} {web.port}")
    screen.say("Links in letters begin with: {url}", url=settings.web.public.link_base)
