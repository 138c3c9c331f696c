"""`sentinel run`: the whole service, until it is told to stop."""

from __future__ import annotations

import typer

from sentinel.cli import house
from sentinel.cli.screen import Screen
from sentinel.cli.session import ConfigOption, begin


def run(context: typer.Context, config: ConfigOption = None) -> None:
    """Run the whole service: collectors, engine, mail, API. SIGTERM or Ctrl-C ends it."""
    session = begin(context, config)

    def greet(running: house.service.Service) -> None:
        hello(running, session.screen)

    raise typer.Exit(house.service.run(session.settings, greet))


def hello(running: house.service.Service, screen: Screen) -> None:
    """Say where the service listens and how a first alert is made; the first token only once."""
    screen.say("Sentinel is running. Ctrl-C ends it.")
    for one in running.runner.status():
        screen.say("Input {name}: {where}", name=one.name, where=one.listening or one.last_error)
    for listener in running.listeners:
        screen.say("Listener {name}: {url}", name=listener.name, url=listener.url)
    screen.say("Data: {folder}", folder=running.settings.data)
    if running.settings.mail is None:
        screen.say(
            "Note: there is no mail server; warnings are written to {folder} and reach nobody.",
            folder=running.settings.data / "mail",
        )
    if running.first_admin is not None:
        name, password = running.first_admin
        screen.say(
            "Log in to the console as {name}, password (shown only this once): {password}",
            name=name,
            password=password,
        )
    if running.first_token is not None:
        screen.say("API token (shown only this once): {token}", token=running.first_token)
    listening = ", ".join(one.listening for one in running.runner.status()).split(", ")
    udp = [where.removeprefix("udp ") for where in listening if where.startswith("udp ")]
    if udp:
        screen.say("To see an alert, send a made-up password attack (bash):")
        screen.command(attack(udp[0]))


def attack(where: str) -> str:
    """A shell line that sends failed log-ins from a documentation address to this listener."""
    host, _, port = where.rpartition(":")
    line = (
        "<38>1 $(date -u +%FT%TZ) web01 sshd 4711 - - Failed password for invalid user admin"
        " from 203.0.113.45 port 512$i ssh2"
    )
    target = f"/dev/udp/{host.strip('[]')}/{port}"
    return f'for i in $(seq 30); do echo "{line}" > {target}; done'
