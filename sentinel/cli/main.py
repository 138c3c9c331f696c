"""`sentinel`: every command, and how an error becomes a sentence and an exit code.

Exit codes: 0 done, 1 something was refused or failed, 2 wrong use.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main

from sentinel.cli.screen import DOMAIN, refuse, spoken
from sentinel.errors import SentinelError
from sentinel.i18n import texts

FAILED = 1
INTERRUPTED = 130

# Each command, or family of commands, and where it is: only the one that is asked for is imported.
COMMANDS = {
    "run": "sentinel.cli.run:run",
    "demo": "sentinel.cli.demo:demo",
    "detect": "sentinel.cli.detect:detect",
    "doctor": "sentinel.cli.doctor:doctor",
    "rules": "sentinel.cli.rules:app",
    "alerts": "sentinel.cli.alerts:app",
    "warnings": "sentinel.cli.warnings:app",
    "agencies": "sentinel.cli.agencies:app",
    "config": "sentinel.cli.config:app",
    "token": "sentinel.cli.tokens:app",
    "users": "sentinel.cli.users:app",
}


def app_of(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """`sentinel` with these commands, which are imported now; by default with all."""
    app = typer.Typer(
        name="sentinel",
        help="Security monitoring and early warning for government networks.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_before)
    for name in names:
        module, _, attribute = COMMANDS[name].partition(":")
        found = getattr(import_module(module), attribute)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sentinel {version('sentinel-watch')}")
        raise typer.Exit


def _before(
    context: typer.Context,
    config_file: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="The settings file to use.")
    ] = None,
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and exit.", callback=_show_version, is_eager=True
        ),
    ] = False,
) -> None:
    del show_version  # its callback has done everything
    context.obj = config_file


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the console script hands the result to `sys.exit`.

    Raises:
        SystemExit: typer's own way to end, with the exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may not know our letters
    words = sys.argv[1:] if arguments is None else arguments
    # Anything else than a command at the front needs to know of all: help, options, a slip.
    named = [word for word in words[:1] if word in COMMANDS]
    command = typer.main.get_command(app_of(named or COMMANDS))
    translate(command, texts(spoken(os.environ), DOMAIN).gettext)
    try:
        command.main(args=arguments, prog_name="sentinel")
    except (SentinelError, OSError, UnicodeDecodeError) as error:
        refuse(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    return FAILED


def translate(command: Any, say: Callable[[str], str]) -> None:  # noqa: ANN401 - typer keeps its command types to itself
    """Put every help text of a command, and of all below it, into the reader's language."""
    for one in tree(command):
        one.help = say(one.help) if one.help else one.help
        one.short_help = one.help  # whole: a list of commands folds it, and cuts nothing off
        for parameter in one.params:
            if getattr(parameter, "help", None):
                parameter.help = say(parameter.help)


def tree(command: Any) -> Iterator[Any]:  # noqa: ANN401 - see translate
    """A command and all commands below it."""
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from tree(below)
