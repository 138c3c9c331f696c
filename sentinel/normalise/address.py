"""An address as it was written becomes an address that can be compared."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from sentinel.model.event import Value


@lru_cache(maxsize=65_536)
def canonical_ip(text: str) -> str:
    """The address in its one usual spelling, or "" where the text is none.

    A v4-mapped IPv6 address becomes the IPv4 address it means, and a zone ("%eth0") is cut off,
    so that one machine has one name.
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return str(address)


def source_fields(address: str, port: str | None = None) -> dict[str, Value]:
    """Where a request came from: `source.address` as written, `source.ip` where it is one."""
    fields: dict[str, Value] = {"source.address": address}
    ip = canonical_ip(address)
    if ip:
        fields["source.ip"] = ip
    if port and int(port) <= 65_535:  # noqa: PLR2004 - the largest port
        fields["source.port"] = int(port)
    return fields
