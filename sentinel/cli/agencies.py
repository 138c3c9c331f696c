"""`sentinel agencies`: the registry, and how it changes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sentinel.cli import house
from sentinel.cli.screen import Screen
from sentinel.cli.session import ConfigOption, JsonOption, WhoOption, begin, person
from sentinel.errors import NotFound
from sentinel.model.agency import Agency, Others
from sentinel.web.api.shaping import agency_shape
from sentinel.wording import role_word, security_level_word

app = typer.Typer(help="The registry: who is watched and warned.", no_args_is_help=True)


@app.command("list")
def list_(context: typer.Context, config: ConfigOption = None, json: JsonOption = False) -> None:
    """List the agencies."""
    session = begin(context, config)
    with session.desk() as desk:
        agencies = desk.agencies()
    if json:
        shapes = [agency_shape(agency, session.screen.language) for agency in agencies]
        session.screen.json([shape.model_dump(mode="json") for shape in shapes])
        return
    session.screen.table(
        ["Agency", "Name", "Contacts", "Systems", "Sources", "Threshold", "Release"],
        [
            [
                agency.id,
                agency.name[session.screen.language],
                str(len(agency.contacts)),
                str(len(agency.assets)),
                str(len(agency.sources)),
                str(agency.policy.threshold),
                session.screen.word(agency.policy.release.value),
            ]
            for agency in agencies
        ],
    )


@app.command("show")
def show(
    context: typer.Context,
    agency: Annotated[str, typer.Argument(help="The agency's id.")],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Show one agency: contacts, systems, sources, when it is warned."""
    session = begin(context, config)
    with session.desk() as desk:
        found = [one for one in desk.agencies() if one.id == agency]
    if not found:
        raise NotFound(f"there is no agency {agency!r}; `sentinel agencies list` names them all")
    if json:
        shape = agency_shape(found[0], session.screen.language)
        session.screen.json(shape.model_dump(mode="json"))
    else:
        _page(session.screen, found[0])


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A registry file (YAML).")],
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Make the file the whole registry: remove other agencies."),
    ] = False,
    who: WhoOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Add the agencies of a file or replace those of the same id, all or none."""
    session = begin(context, config)
    agencies = house.wiring.read_agencies(file)
    others = Others.REMOVE if replace else Others.KEEP
    with session.desk() as desk:
        changed = desk.import_agencies(agencies, person(who), others)
    if json:
        session.screen.json({"read": len(agencies), "changed": list(changed)})
        return
    session.screen.say(
        "Agencies read: {read}. Added, changed or removed: {changed}",
        read=len(agencies),
        changed=", ".join(changed) or session.screen.text("none"),
    )


def _page(screen: Screen, agency: Agency) -> None:
    screen.line(f"{agency.name[screen.language]} ({agency.id})")
    if agency.code:
        screen.say("Identification code: {code}", code=agency.code)
    if agency.parent:
        screen.say("Superior: {parent}", parent=agency.parent)
    screen.heading("Contacts")
    screen.table(
        ["Contact", "Name", "Role", "E-mail", "Telephone", "Language"],
        [
            [
                contact.id,
                contact.name,
                role_word(contact.role, screen.language),
                contact.email,
                contact.phone,
                contact.language.value,
            ]
            for contact in agency.contacts
        ],
    )
    screen.heading("Information systems")
    screen.table(
        ["System", "Name", "Level", "Hosts", "Networks"],
        [
            [
                asset.id,
                asset.name[screen.language],
                security_level_word(asset.level, screen.language),
                ", ".join(sorted(asset.hosts)),
                ", ".join(map(str, asset.networks)),
            ]
            for asset in agency.assets
        ],
    )
    _sources(screen, agency)


def _sources(screen: Screen, agency: Agency) -> None:
    screen.heading("Sources of records")
    screen.table(
        ["Source", "Input", "Senders", "Time zone", "Format"],
        [
            [
                source.id,
                source.input,
                ", ".join(map(str, source.addresses)) or screen.text("the whole input"),
                source.time_zone,
                source.format,
            ]
            for source in agency.sources
        ],
    )
    screen.heading("Warnings")
    screen.say(
        "From score {threshold} on, {release}, {tlp}",
        threshold=agency.policy.threshold,
        release=screen.word(agency.policy.release.value),
        tlp=agency.policy.tlp.value,
    )
