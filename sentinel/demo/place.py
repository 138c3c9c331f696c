"""Where the demo lives: a data folder of its own, begun anew, and ports that must be free.

Begun anew means that a folder is emptied. Only one that the demo itself made is, never one that
somebody named by mistake.
"""

from __future__ import annotations

import errno
import fcntl
import shutil
import socket
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from sentinel.documents import SourceText, read_source
from sentinel.errors import AlreadyRunning, PortTaken, SentinelError
from sentinel.model.text import Language
from sentinel.resources import shipped

MARK = "made-by-sentinel-demo.txt"
MARKED = (
    "`sentinel demo` made this folder. When the demo begins anew, everything in it is removed.\n"
)
HIGHEST_SHIFT = 50_000
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The demo's ports on loopback; `syslog` is UDP and TCP."""

    console: int
    public: int
    mailbox: int
    mail: int
    syslog: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the demo will run with: its settings, as a mapping, and the ports they name."""

    settings: Mapping[str, Any]
    ports: Ports

    def write(self, folder: Path) -> Path:
        """Write settings and registry into the data folder; returns the settings file.

        They stand there so that the other commands can use them.
        """
        file = folder / "sentinel.yml"
        text = yaml.safe_dump(self.settings, allow_unicode=True, sort_keys=False)
        file.write_text(text, encoding="utf-8")
        agencies = shipped_text("agencies.yml").text
        (folder / "agencies.yml").write_text(agencies, encoding="utf-8")
        return file


def shipped_text(name: str) -> SourceText:
    """One of the demo's own files: sentinel.yml, agencies.yml, incident.yml."""
    return read_source(shipped("config").joinpath("demo", name), f"config/demo/{name}")


def plan(language: Language, shift: int = 0) -> Plan:
    """The shipped settings in this language, with every port moved by `shift`."""
    settings: dict[str, Any] = yaml.safe_load(shipped_text("sentinel.yml").text)
    web, mail, options = settings["web"], settings["mail"], settings["inputs"][0]["options"]
    for block in (web["soc"], web["public"], mail):
        block["port"] += shift
    syslog = int(options["tcp"].rpartition(":")[2]) + shift
    options |= {"udp": f"{LOOPBACK}:{syslog}", "tcp": f"{LOOPBACK}:{syslog}"}
    settings |= {"data": ".", "agencies": "agencies.yml", "language": language.value}
    ports = Ports(
        console=web["soc"]["port"],
        public=web["public"]["port"],
        mailbox=web["public"]["port"] + 1,
        mail=mail["port"],
        syslog=syslog,
    )
    return Plan(settings=settings, ports=ports)


def check_ports(ports: Ports) -> None:
    """See that nobody else has one of the ports, before anything is touched.

    Raises:
        PortTaken: somebody has; the sentence says which, and the way out.
    """
    for field in fields(ports):
        port = getattr(ports, field.name)
        kinds = [socket.SOCK_STREAM] + ([socket.SOCK_DGRAM] if field.name == "syslog" else [])
        for kind in kinds:
            take(port, kind).close()


def take(port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> socket.socket:
    """Bind a port of loopback; a TCP port listens.

    Raises:
        PortTaken: another program has it.
    """
    bound = socket.socket(socket.AF_INET, kind)
    try:
        if kind is socket.SOCK_STREAM:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((LOOPBACK, port))
        if kind is socket.SOCK_STREAM:
            bound.listen()
    except OSError as error:
        bound.close()
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortTaken(
            f"port {port} is in use by another program, perhaps another Sentinel: stop that one,"
            f" or move all ports of the demo with --shift 10000 ({port + 10000} for this one)"
        ) from error
    return bound


def claim(folder: Path) -> None:
    """Make the data folder, or take one that an earlier demo made, as it is.

    Raises:
        AlreadyRunning: a service works in it.
        SentinelError: it holds something that is no demo's.
    """
    if folder.exists():
        _only_a_demos(folder)
        _nobody_works_in(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / MARK).write_text(MARKED, encoding="utf-8")


def empty(folder: Path) -> None:
    """Remove everything in a claimed folder but the mark that says whose it is."""
    for one in folder.iterdir():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        elif one.name != MARK:
            one.unlink()


def _only_a_demos(folder: Path) -> None:
    mark = folder / MARK
    # A mark that leads elsewhere was laid by somebody: writing it would write there.
    marked = mark.is_file() and not mark.is_symlink()
    if not folder.is_dir() or (any(folder.iterdir()) and not marked):
        raise SentinelError(
            f"{folder} was not made by the demo, which empties its folder when it begins: name"
            " another one with --data, or remove this one yourself"
        )


def _nobody_works_in(folder: Path) -> None:
    lock = folder / "journal" / "lock"
    if not lock.is_file():
        return
    with lock.open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(
                f"{folder}: a demo or a service is running in this folder; stop it first, or name"
                " another folder with --data"
            ) from error
