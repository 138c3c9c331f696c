"""The two HTTP listeners: for the SOC, and for agencies."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

from starlette.types import ASGIApp

from sentinel import assembly, wiring
from sentinel.doctor import Doctor
from sentinel.ports import Health
from sentinel.settings import PublicSettings, SocSettings
from sentinel.web.api.app import build_api
from sentinel.web.console.app import build_console
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.public.app import build_public
from sentinel.web.server import Listener
from sentinel.web.soc import build_soc
from sentinel.web.tls import CertificateFiles, ReloadingContext, self_made


def listeners(house: assembly.House, health: Health) -> list[Listener]:
    """The two HTTP listeners, not yet bound."""
    web = house.settings.web
    return [
        Listener("soc", _soc(house, health), web.soc.address, web.soc.port, _tls(house, web.soc)),
        Listener(
            "public",
            build_public(house.desk, house.issuer),
            web.public.address,
            web.public.port,
            _tls(house, web.public),
        ),
    ]


def _soc(house: assembly.House, health: Health) -> ASGIApp:
    """The console and the API, over the same desk."""
    doctor = Doctor(house.settings, house.clock, health)
    api = build_api(
        house.desk,
        house.finder,
        health,
        partial(wiring.check_token, house.state),
        suppressing=house.desk,
        checkup=doctor,
    )
    parts = ConsoleParts(
        desk=house.desk,
        suppressing=house.desk,
        accounts=house.accounts,
        finder=house.finder,
        health=health,
        checkup=doctor,
        clock=house.clock,
        issuer=house.issuer,
        deadlines=house.deadlines,
    )
    return build_soc(api, build_console(parts))


def _tls(house: assembly.House, web: SocSettings | PublicSettings) -> ReloadingContext:
    """The listener's certificate from the settings, or a self-made one for a first run."""
    if web.certificate is not None and web.key is not None:
        return ReloadingContext(CertificateFiles(certificate=web.certificate, key=web.key))
    settings = house.settings
    names = [settings.web.soc.address, settings.web.public.address]
    host = urlsplit(settings.web.public.link_base).hostname
    names += [] if host is None else [host]
    return ReloadingContext(self_made(settings.data / "tls", names, house.clock.now()))
