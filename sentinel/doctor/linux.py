"""What Linux tells everybody: sockets and who holds them, locks, rights. Nothing is touched.

A port is not tried by binding it: a service that starts at that moment would find it taken.
Formats: proc(5), "/proc/net/tcp", "/proc/locks", "/proc/pid/status".
"""

from __future__ import annotations

import fcntl
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

PROC = Path("/proc")
_LISTEN = "0A"
_BIND_SERVICE = 10  # capabilities(7): CAP_NET_BIND_SERVICE
_WORD = 8  # hex digits of 32 bits
_DEFAULT_FIRST_FREE_PORT = 1024


class Transport(StrEnum):
    """What a listener speaks."""

    TCP = "tcp"
    UDP = "udp"


class Presence(StrEnum):
    """Whether a service holds the data folder."""

    RUNNING = "running"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundSocket:
    """A socket that somebody has bound: TCP ones listen."""

    transport: Transport
    address: IPv4Address | IPv6Address
    port: int
    inode: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A running program."""

    pid: int
    name: str


def sockets(proc: Path = PROC) -> list[BoundSocket]:
    """Every bound socket of this network namespace. Raises OSError where /proc does not tell."""
    found: list[BoundSocket] = []
    for transport in Transport:
        for name in (transport.value, f"{transport.value}6"):
            path = proc / "net" / name
            if name.endswith("6") and not path.exists():
                continue  # a kernel without IPv6
            found += parse_sockets(transport, path.read_text(encoding="ascii"))
    return found


def parse_sockets(transport: Transport, table: str) -> Iterator[BoundSocket]:
    """The sockets in a table like /proc/net/tcp that listen, or are bound for UDP."""
    for line in table.splitlines()[1:]:
        words = line.split()
        if transport is Transport.TCP and words[3] != _LISTEN:
            continue
        address, _, port = words[1].partition(":")
        yield BoundSocket(
            transport=transport,
            address=_address(address),
            port=int(port, 16),
            inode=int(words[9]),
        )


def _address(digits: str) -> IPv4Address | IPv6Address:
    """The kernel prints each 32 bits of an address as a number in the machine's byte order."""
    words = [digits[start : start + _WORD] for start in range(0, len(digits), _WORD)]
    packed = b"".join(int(word, 16).to_bytes(4, sys.byteorder) for word in words)
    return IPv4Address(packed) if len(words) == 1 else IPv6Address(packed)


def holder(inode: int, proc: Path = PROC) -> Process | None:
    """The program that has this socket open; None where we may not see it."""
    for folder in proc.iterdir():
        if not folder.name.isdecimal():
            continue
        with suppress(OSError):  # another user's, or gone
            for link in (folder / "fd").iterdir():
                if str(link.readlink()) == f"socket:[{inode}]":
                    return Process(pid=int(folder.name), name=process_name(int(folder.name), proc))
    return None


def process_name(pid: int, proc: Path = PROC) -> str:
    """What a program is called; "" where it is gone."""
    with suppress(OSError):
        return (proc / str(pid) / "comm").read_text(encoding="utf-8", errors="replace").strip()
    return ""


def presence(lock: Path) -> Presence:
    """Whether somebody holds this lock file, by flock(2) as the journal does.

    It is asked with a shared lock that is given back at once.
    """
    try:
        opened = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return Presence.STOPPED
    except OSError:
        return Presence.UNKNOWN
    try:
        fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return Presence.RUNNING
    except OSError:
        return Presence.UNKNOWN
    finally:
        os.close(opened)
    return Presence.STOPPED


def lock_holder(lock: Path, proc: Path = PROC) -> int | None:
    """The process that holds a lock file; None where it is of another PID namespace."""
    with suppress(OSError):
        return parse_locks((proc / "locks").read_text(encoding="ascii"), lock.stat().st_ino)
    return None


def parse_locks(table: str, inode: int) -> int | None:
    """Who holds an exclusive flock on this inode, by /proc/locks; None where nobody we see."""
    found = re.search(rf"FLOCK +ADVISORY +WRITE +([1-9]\d*) \S+:{inode} ", table)
    return None if found is None else int(found[1])


def same_network(pid: int, proc: Path = PROC) -> bool | None:
    """Whether that process sees the ports that we see; None where we may not know."""
    try:
        theirs = (proc / str(pid) / "ns" / "net").readlink()
        return theirs == (proc / "self" / "ns" / "net").readlink()
    except OSError:
        return None


def first_free_port(proc: Path = PROC) -> int:
    """The lowest port that needs no right of its own."""
    with suppress(OSError, ValueError):
        path = proc / "sys" / "net" / "ipv4" / "ip_unprivileged_port_start"
        return int(path.read_text(encoding="ascii"))
    return _DEFAULT_FIRST_FREE_PORT


def may_bind_low(proc: Path = PROC) -> bool:
    """Whether this process may listen on ports below that one."""
    with suppress(OSError):
        status = (proc / "self" / "status").read_text(encoding="ascii", errors="replace")
        found = re.search(r"^CapEff:\s*([0-9a-f]+)$", status, re.MULTILINE)
        if found is not None:
            return bool(int(found[1], 16) >> _BIND_SERVICE & 1)
    return os.geteuid() == 0
