"""What every command begins with: the settings, who is asking, and how to answer."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from sentinel.cli import house
from sentinel.cli.screen import Screen
from sentinel.errors import SentinelError
from sentinel.ports import Desk
from sentinel.settings import Settings

ConfigOption = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="The settings file to use.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")]
WhoOption = Annotated[
    str | None,
    typer.Option("--as", metavar="NAME", help="Who does this (default: your user name)."),
]


@dataclass(frozen=True, slots=True)
class Session:
    """One command's settings and its screen."""

    settings: Settings
    screen: Screen

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """The SOC desk over the state database; the service may run or not."""
        with house.wiring.open_desk(self.settings) as desk:
            yield desk


def begin(context: typer.Context, config: Path | None = None) -> Session:
    """Read the settings: the command's own --config, else the one before the command.

    Raises:
        SettingsError: with every fault of the settings file.
    """
    settings = house.wiring.load(config or context.find_root().obj)
    return Session(settings, Screen(settings.language, settings.time_zone))


def person(who: str | None) -> str:
    """The name that goes into the history.

    Raises:
        SentinelError: no name was given and the system knows none.
    """
    if who is not None:
        return who
    try:
        return getpass.getuser()
    except (KeyError, OSError) as cause:
        raise SentinelError("this user has no name here: say who you are with --as NAME") from cause
