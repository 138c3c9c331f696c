"""The whole demo: a place for it, a visitor who may log in, the stage, and the real service."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path

from sentinel import service, wiring
from sentinel.demo import place, visitor
from sentinel.demo.app import build_mailbox
from sentinel.demo.incident import load_incident
from sentinel.demo.mailbox import Mailbox
from sentinel.demo.pages import Pages
from sentinel.demo.place import LOOPBACK, Plan
from sentinel.demo.player import Player, Target
from sentinel.demo.stage import Stage
from sentinel.demo.tour import Addresses, Step, tour
from sentinel.model.text import Language
from sentinel.settings import Settings
from sentinel.web.server import Listener
from sentinel.web.tls import ReloadingContext, self_made


class Begin(Enum):
    """Whether the demo begins with an empty folder or goes on with what is there."""

    ANEW = "anew"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody asked for. `speed` is the incident's, 1 as recorded; `shift` moves ports."""

    data: Path
    begin: Begin = Begin.ANEW
    speed: float = 1
    shift: int = 0
    language: Language = Language.VI


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What is up, for the greeting. `trouble` says of each input that does not listen why."""

    addresses: Addresses
    name: str
    password: str
    settings: Path
    syslog: int
    trouble: tuple[str, ...]

    def tour(self, language: Language) -> Sequence[Step]:
        """What to look at, in which order."""
        return tour(self.addresses, language)


def run(order: Order, greet: Callable[[Opened], None]) -> int:
    """Run the demo until it is told to stop; returns the exit code.

    Raises:
        SentinelError: a port is taken, the folder is not the demo's, or the service failed.
    """
    plan = place.plan(order.language, order.shift)
    place.check_ports(plan.ports)
    place.claim(order.data)
    if order.begin is Begin.ANEW:
        place.empty(order.data)
    file = plan.write(order.data)
    settings = wiring.load(file)
    service.configure_logging(settings)
    addresses = Addresses(
        console=f"https://{LOOPBACK}:{plan.ports.console}",
        public=settings.web.public.link_base,
        mailbox=f"https://{LOOPBACK}:{plan.ports.mailbox}",
    )
    with wiring.open_accounts(settings) as accounts:
        password = visitor.let_in(accounts, wiring.SecretTokens())
    with _stage(settings, plan, addresses, order.speed) as stage:

        def up(running: service.Service) -> None:
            loop = asyncio.get_running_loop()
            stage.begin(partial(_stop, loop, running))
            status = running.runner.status()
            greet(
                Opened(
                    addresses=addresses,
                    name=visitor.NAME,
                    password=password,
                    settings=file,
                    syslog=plan.ports.syslog,
                    trouble=tuple(one.last_error for one in status if not one.listening),
                )
            )

        return service.run(settings, up)


def _stop(loop: asyncio.AbstractEventLoop, running: service.Service) -> None:
    """Stop the service, from another thread."""
    loop.call_soon_threadsafe(running.stop)


def _stage(settings: Settings, plan: Plan, addresses: Addresses, speed: float) -> Stage:
    """Everything that runs beside the service, its ports bound."""
    clock, agencies = wiring.SystemClock(), wiring.first_agencies(settings)
    mailbox = Mailbox(settings.data / "mailbox", agencies)
    # The service's own certificate, so that a browser asks about one only.
    certificate = self_made(settings.data / "tls", [], clock.now())
    incident = load_incident(place.shipped_text("incident.yml"))
    return Stage(
        mail=place.take(plan.ports.mail),
        mailbox=mailbox,
        listener=Listener(
            "mailbox",
            build_mailbox(mailbox, Pages(agencies, addresses)),
            LOOPBACK,
            plan.ports.mailbox,
            ReloadingContext(certificate),
        ),
        player=Player(incident, Target(host=LOOPBACK, port=plan.ports.syslog), clock, speed),
    )
