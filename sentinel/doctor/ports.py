"""Is each port there for us: free before the service starts, ours while it runs?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from sentinel.doctor import linux
from sentinel.doctor.linux import BoundSocket, Presence, Process, Transport
from sentinel.doctor.patient import Patient
from sentinel.doctor.say import fail, ok, say, unknown, warn
from sentinel.model.checkup import Check
from sentinel.model.text import LocalText
from sentinel.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An address that the service listens on. The keys are where the settings name the two."""

    name: str
    address_key: str
    port_key: str
    transport: Transport
    address: IPv4Address | IPv6Address
    port: int

    def __str__(self) -> str:
        host = f"[{self.address}]" if self.address.version == 6 else str(self.address)  # noqa: PLR2004 - the IP version
        return f"{self.transport.value} {host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How things stand at one address.

    `bound` says whether anybody has it; `holders` are the programs we could see. `service` is the
    service's process where it runs and can be seen; `visible` False where it runs on a network
    that we do not see.
    """

    presence: Presence
    bound: bool
    holders: Sequence[Process] = ()
    service: int | None = None
    visible: bool = True


def examine_ports(patient: Patient) -> Iterator[Check]:
    """Each listener and input with an address."""
    broken = frozenset[str]() if patient.reading is None else patient.reading.broken
    addresses = [
        one for one in wanted(patient.settings) if not one.port_key.startswith(tuple(broken))
    ]
    bound = linux.sockets()
    visible = patient.presence is Presence.STOPPED or (
        patient.pid is not None and linux.same_network(patient.pid) is not False
    )
    for one in addresses:
        there = [each for each in bound if overlaps(one, each)]
        holders = [found for each in there if (found := linux.holder(each.inode)) is not None]
        standing = Standing(
            presence=patient.presence,
            bound=bool(there),
            holders=holders,
            service=patient.pid,
            visible=visible,
        )
        yield listener(one, standing)
        if not there and one.port < linux.first_free_port() and not linux.may_bind_low():
            yield low(one)
    yield reach(addresses)


def wanted(settings: Settings) -> Iterator[Wanted]:
    """The two listeners, and each input whose options say `udp` or `tcp` with address and port."""
    for name, web in (("soc", settings.web.soc), ("public", settings.web.public)):
        yield Wanted(
            name=name,
            address_key=f"web.{name}.address",
            port_key=f"web.{name}.port",
            transport=Transport.TCP,
            address=ip_address(web.address),
            port=web.port,
        )
    for one in settings.inputs:
        for transport in Transport:
            place = getattr(one.options, transport.value, None)
            host, _, port = place.rpartition(":") if isinstance(place, str) else ("", "", "0")
            if not port.isdecimal() or port == "0":  # 0: the kernel chooses, and has one
                continue
            key = f"inputs: {one.name}, {transport.value}"
            yield Wanted(
                name=f"{one.name}-{transport.value}",
                address_key=key,
                port_key=key,
                transport=transport,
                address=ip_address(host.strip("[]")),
                port=int(port),
            )


def overlaps(one: Wanted, other: BoundSocket) -> bool:
    """Whether both cannot be bound: the same address, or one of them is every address.

    "::" takes IPv4 along unless its program says otherwise, which cannot be seen from here.
    """
    if (one.transport, one.port) != (other.transport, other.port):
        return False
    mapped = other.address.ipv4_mapped if isinstance(other.address, IPv6Address) else None
    address = mapped or other.address
    if address == one.address:
        return True
    if address.version == one.address.version:
        return address.is_unspecified or one.address.is_unspecified
    both = one.address if isinstance(one.address, IPv6Address) else address
    return both.is_unspecified and isinstance(both, IPv6Address)


def listener(one: Wanted, standing: Standing) -> Check:
    """Free, ours, missing, or somebody else's."""
    name = f"ports.listen:{one.name}"
    if standing.presence is Presence.UNKNOWN or not standing.visible:
        return unknown(
            name,
            say("Who listens on {address} cannot be told.", address=one),
            say("Whether the service runs, or the network it runs on, cannot be seen from here."),
            say("Run this as the service's user, or as root, and in the service's container."),
        )
    if standing.presence is Presence.STOPPED:
        return _stopped(name, one, standing)
    ours = [each for each in standing.holders if each.pid == standing.service]
    if ours or (standing.bound and not standing.holders):
        return ok(
            name,
            say("The service listens on {address}.", address=one),
            say("The settings ({key}) say so.", key=one.port_key)
            if ours
            else say("Somebody does; this user may not see who, and the service is taken for it."),
        )
    if standing.bound:
        return _taken(name, one, standing.holders)
    return fail(
        name,
        say("The service runs, but nothing listens on {address}.", address=one),
        say(
            "The settings ({key}) say that it should: what is sent there is lost.", key=one.port_key
        ),
        say(
            "If the settings were changed since the start, restart the service. Else its log says"
            " why this address could not be opened."
        ),
    )


def _stopped(name: str, one: Wanted, standing: Standing) -> Check:
    if standing.bound:
        return _taken(name, one, standing.holders)
    return ok(
        name,
        say("{address} is free.", address=one),
        say("The service will listen there ({key}).", key=one.port_key),
    )


def _taken(name: str, one: Wanted, holders: Sequence[Process]) -> Check:
    return fail(
        name,
        say("{address} is taken by {program}.", address=one, program=_named(holders)),
        say("The service cannot listen there: a listener keeps it from starting, an input waits."),
        say(
            "Stop that program, or set another port ({key}). To see it: ss -lntup", key=one.port_key
        ),
    )


def _named(holders: Sequence[Process]) -> LocalText:
    if not holders:
        return say("another program that this user may not see")
    first = holders[0]
    return say("{name} (process {pid})", name=first.name or "?", pid=str(first.pid))


def low(one: Wanted) -> Check:
    """A port that only root, or who has the right, may listen on."""
    return warn(
        f"ports.low:{one.name}",
        say("{address} needs a right that this user does not have.", address=one),
        say(
            "Ports below {first} are root's. A service without the right cannot listen there.",
            first=str(linux.first_free_port()),
        ),
        say(
            "Take a higher port and let the firewall redirect to it, or give the unit"
            " `AmbientCapabilities=CAP_NET_BIND_SERVICE`. If it has that already, this is fine."
        ),
    )


def reach(addresses: Sequence[Wanted]) -> Check:
    """What other machines cannot reach, meant or not."""
    name = "ports.reach"
    # The SOC's listener may well be reached through a tunnel or a proxy on this machine.
    alone = [one for one in addresses if one.address.is_loopback and one.name != "soc"]
    if alone:
        return warn(
            name,
            say(
                "Only this machine itself can reach: {addresses}.",
                addresses=", ".join(f"{one.name} ({one})" for one in alone),
            ),
            say(
                "Other machines cannot send log lines to a loopback address, and agencies cannot"
                " open its links. For a trial, or behind a proxy on this machine, that is right."
            ),
            say(
                "Set an address of this machine, or 0.0.0.0 for all, in: {keys}.",
                keys="; ".join(dict.fromkeys(one.address_key for one in alone)),
            ),
        )
    return ok(
        name,
        say("Every input and the agencies' listener have an address that others can reach."),
        say("A firewall may still stand before it."),
    )
