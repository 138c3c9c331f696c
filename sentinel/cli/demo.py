"""`sentinel demo`: the service in five minutes, with made-up agencies and a recorded incident."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sentinel.cli import house
from sentinel.cli.screen import Screen, spoken


def demo(
    speed: Annotated[
        float,
        typer.Option(
            min=0.1,
            max=1000,
            metavar="X",
            help="How fast the incident is played; 1 is four minutes.",
        ),
    ] = 1,
    data: Annotated[
        Path, typer.Option(metavar="DIR", help="The demo's own data folder, emptied at the start.")
    ] = Path("data-demo"),
    keep: Annotated[
        bool, typer.Option("--keep", help="Go on with the data of an earlier demo.")
    ] = False,
    shift: Annotated[
        int,
        typer.Option(
            min=0, max=50_000, metavar="N", help="Add N to every port, where one is taken."
        ),
    ] = 0,
) -> None:
    """Try everything with three made-up agencies and a recorded incident. Ctrl-C ends it."""
    show = house.show
    screen = Screen(spoken(os.environ))
    order = show.Order(
        data=data,
        begin=show.Begin.KEEP if keep else show.Begin.ANEW,
        speed=speed,
        shift=shift,
        language=screen.language,
    )
    code = show.run(order, lambda opened: hello(opened, screen))
    screen.say("The demo has ended. Its data: {folder}", folder=data.resolve())
    raise typer.Exit(code)


def hello(opened: house.show.Opened, screen: Screen) -> None:
    """Say where to look, with which password, and what the tour is."""
    addresses = opened.addresses
    screen.say("The demo is running. Ctrl-C ends it.")
    for trouble in opened.trouble:
        screen.say("Nothing can be sent to it: {why}", why=trouble)
    screen.heading("Three addresses")
    screen.say(
        "Console: {url} (name {name}, password {password})",
        url=f"{addresses.console}/",
        name=opened.name,
        password=opened.password,
    )
    screen.say("The agencies' mailbox: {url}", url=f"{addresses.mailbox}/")
    screen.say("Where the links in the mails lead: {url}", url=f"{addresses.public}/")
    screen.say(
        "Your browser will warn of the certificate, because this machine made it for itself:"
        " choose to go on."
    )
    screen.heading("The tour, in six steps")
    for number, step in enumerate(opened.tour(screen.language), start=1):
        screen.line(f"{number}. {step.title}: {step.url}")
        screen.line(step.text, indent=3)
    screen.say("The same with links: {url}", url=f"{addresses.mailbox}/tour")
    screen.heading("Lines of your own, sent as Department A (another shell)")
    screen.command(guessing(opened.syslog))


def guessing(port: int) -> str:
    """A shell line that sends a dozen failed log-ins from Department A's address."""
    line = "<86>1 - a-mail01 sshd 1 - - Failed password for root from 198.51.100.99 port 50001 ssh2"
    return (
        'python3 -c "import socket; s = socket.socket(type=socket.SOCK_DGRAM);'
        f" s.bind(('127.0.0.11', 0)); [s.sendto(b'{line}', ('127.0.0.1', {port}))"
        ' for _ in range(12)]"'
    )
