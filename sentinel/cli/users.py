"""`sentinel users`: who may log in to the console, also when nobody can any more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from sentinel.cli import house
from sentinel.cli.session import ConfigOption, JsonOption, Session, WhoOption, begin, person
from sentinel.model.ids import PersonName
from sentinel.model.person import Person, PersonRole, person_name
from sentinel.ports import Accounts

app = typer.Typer(help="People who may log in to the console.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The name they log in with.")]
RoleOption = Annotated[
    PersonRole, typer.Option("--role", help="What they may do: analyst, or admin.")
]
RoleArgument = Annotated[
    PersonRole, typer.Argument(metavar="ROLE", help="What they may do: analyst, or admin.")
]


@app.command("list")
def list_(context: typer.Context, config: ConfigOption = None, json: JsonOption = False) -> None:
    """List the people, those who are switched off too."""
    session = begin(context, config)
    with _accounts(session) as accounts:
        people = accounts.people()
    if json:
        session.screen.json([_shape(one) for one in people])
        return
    session.screen.table(
        ["Name", "Role", "May log in", "Password", "Added"],
        [
            [
                one.name,
                session.screen.word(one.role.value),
                session.screen.text("yes") if one.active else session.screen.text("no"),
                session.screen.text("to be changed")
                if one.must_change
                else session.screen.text("their own"),
                session.screen.time(one.created),
            ]
            for one in people
        ],
    )


@app.command("add")
def add(
    context: typer.Context,
    name: NameArgument,
    role: RoleOption,
    who: WhoOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Let somebody in: makes a first password and shows it once."""
    session = begin(context, config)
    with _accounts(session) as accounts:
        added, password = accounts.add(name, role, person(who))
    _show_password(session, added.name, password, json=json)


@app.command("role")
def role(
    context: typer.Context,
    name: NameArgument,
    role: RoleArgument,
    who: WhoOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Change what somebody may do."""
    session = begin(context, config)
    with _accounts(session) as accounts:
        changed = accounts.set_role(PersonName(name), role, person(who))
    if json:
        session.screen.json(_shape(changed))
        return
    word = session.screen.word(changed.role.value)
    session.screen.say("{name} has a new role: {role}", name=changed.name, role=word)


@app.command("disable")
def disable(
    context: typer.Context,
    name: NameArgument,
    who: WhoOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Let somebody in no longer: every session of theirs ends."""
    session = begin(context, config)
    with _accounts(session) as accounts:
        changed = accounts.set_active(PersonName(name), False, person(who))
    if json:
        session.screen.json(_shape(changed))
        return
    session.screen.say("{name} can no longer log in; every session has ended.", name=changed.name)


@app.command("enable")
def enable(
    context: typer.Context,
    name: NameArgument,
    who: WhoOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Let somebody in again, with the password they had."""
    session = begin(context, config)
    with _accounts(session) as accounts:
        changed = accounts.set_active(PersonName(name), True, person(who))
    if json:
        session.screen.json(_shape(changed))
        return
    session.screen.say("{name} can log in again.", name=changed.name)


@app.command("reset-password")
def reset_password(
    context: typer.Context,
    name: NameArgument,
    who: WhoOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Make a new first password and show it once; every session of theirs ends."""
    session = begin(context, config)
    with _accounts(session) as accounts:
        password = accounts.reset_password(PersonName(name), person(who))
    _show_password(session, person_name(name), password, json=json)


@contextmanager
def _accounts(session: Session) -> Iterator[Accounts]:
    """The people over the state database; the service may run or not."""
    with house.wiring.open_accounts(session.settings) as accounts:
        yield accounts


def _show_password(session: Session, name: str, password: str, *, json: bool) -> None:
    if json:
        session.screen.json({"name": name, "password": password})
        return
    session.screen.note(
        "This password is shown once and kept nowhere. {name} has to change it at the first"
        " log-in.",
        name=name,
    )
    session.screen.line(password)


def _shape(one: Person) -> dict[str, object]:
    return {
        "name": one.name,
        "role": one.role.value,
        "active": one.active,
        "must_change": one.must_change,
        "created": one.created.isoformat(),
    }
