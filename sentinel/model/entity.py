"""What an alert is about: a machine, a user, an address. By these, alerts are joined.

A host or a user name means something inside one agency alone. So does an address that is not
public: every agency uses 10.0.0.0/8.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address

from sentinel.model.alert import Alert

LONGEST = 256  # characters of a value; the attacker writes it
_DOCUMENTATION: Mapping[int, tuple[IPv4Network | IPv6Network, ...]] = {
    4: tuple(map(IPv4Network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"))),
    6: tuple(map(IPv6Network, ("2001:db8::/32", "3fff::/20"))),
}


class EntityKind(StrEnum):
    """What sort of thing it is."""

    HOST = "host"
    USER = "user"
    ADDRESS = "address"


# ECS fields that name one, in the order in which they are shown.
FIELDS: Mapping[str, EntityKind] = {
    "host.hostname": EntityKind.HOST,
    "host.name": EntityKind.HOST,
    "user.name": EntityKind.USER,
    "user.effective.name": EntityKind.USER,
    "user.target.name": EntityKind.USER,
    "source.ip": EntityKind.ADDRESS,
    "source.address": EntityKind.ADDRESS,
    "client.ip": EntityKind.ADDRESS,
    "client.address": EntityKind.ADDRESS,
    "destination.ip": EntityKind.ADDRESS,
    "host.ip": EntityKind.ADDRESS,
}


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """One machine, user or address, case-folded; addresses in their canonical text (RFC 5952)."""

    kind: EntityKind
    value: str

    @classmethod
    def of(cls, kind: EntityKind, value: str) -> Entity:
        """The entity that a person or a log line writes like this."""
        return cls(kind, _canonical(kind, value.strip()))

    @property
    def is_public(self) -> bool:
        """Whether it is the same thing at every agency: a public address.

        Addresses for documentation (RFC 5737, RFC 3849, RFC 9637) count as public: examples do.
        """
        if self.kind is not EntityKind.ADDRESS:
            return False
        try:
            address = ip_address(self.value)
        except ValueError:
            return False
        return address.is_global or any(address in net for net in _DOCUMENTATION[address.version])


def entities_of(alert: Alert) -> tuple[Entity, ...]:
    """The entities that an alert's subject and evidence name, each once, sorted."""
    fields = [alert.subject, *(evidence.matched for evidence in alert.evidence)]
    named = {pair for those in fields for pair in _named(those)}  # most lines name the same
    entities = {Entity.of(kind, value) for kind, value in named}
    return tuple(
        sorted(each for each in entities if each.kind is not EntityKind.ADDRESS or _is_ip(each))
    )


def _is_ip(entity: Entity) -> bool:
    """ECS allows a host name in `source.address`."""
    try:
        ip_address(entity.value)
    except ValueError:
        return False
    return True


def _named(fields: Mapping[str, str]) -> Iterable[tuple[EntityKind, str]]:
    for name, kind in FIELDS.items():
        value = fields.get(name, "").strip()
        if value and len(value) <= LONGEST:
            yield kind, value


def _canonical(kind: EntityKind, value: str) -> str:
    if kind is EntityKind.ADDRESS:
        try:
            address = ip_address(value)
        except ValueError:
            return value.casefold()
        mapped = getattr(address, "ipv4_mapped", None)
        return str(mapped or address)
    return value.casefold()
