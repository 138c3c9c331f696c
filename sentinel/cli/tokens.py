"""`sentinel token`: keys to the API."""

from __future__ import annotations

from typing import Annotated

import typer

from sentinel.cli import house
from sentinel.cli.session import ConfigOption, JsonOption, begin

app = typer.Typer(help="Keys to the API.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    pass  # one command below it: without this, typer would drop the group's name


@app.command("new")
def new(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The person or program that will use it.")],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Make an API token and show it once; only its hash is kept."""
    session = begin(context, config)
    token = house.wiring.new_token(session.settings, name)
    if json:
        session.screen.json({"name": name, "token": token})
        return
    session.screen.note(
        "This token is shown once and kept nowhere. It belongs to: {name}", name=name
    )
    session.screen.line(token)
