"""Whose event is it? The agency comes from the authenticated source, or it is nobody's.

Networks and host names are looked up inside the agency alone: every agency uses 10.0.0.0/8, and
an address in a syslog header can be forged. Two owners, or none, is "unassigned": never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from sentinel.model.agency import Agency, Asset, Network, Registry, SecurityLevel, Source
from sentinel.model.event import Fields, Value
from sentinel.model.ids import AgencyId, AssetId, InputName, SourceId

# Fields that name the machine an event happened on, the surest first.
HOST_FIELDS = ("host.hostname", "host.name")
ADDRESS_FIELDS = ("host.ip", "destination.ip", "server.ip")


@dataclass(frozen=True, slots=True)
class Owner:
    """The source a record came from and the agency it belongs to."""

    agency: Agency
    source: Source


class Attribution:
    """A registry, turned around for look-ups. Made anew for each version of the registry."""

    def __init__(self, registry: Registry) -> None:
        self._agencies = dict(registry.agencies)
        self._by_input: dict[InputName, list[Owner]] = {}
        for agency in registry.agencies.values():
            for source in agency.sources:
                owner = Owner(agency, source)
                self._by_input.setdefault(source.input, []).append(owner)

    @classmethod
    def empty(cls) -> Attribution:
        """Nobody is registered."""
        return cls(Registry({}))

    def agency(self, agency: AgencyId | None) -> Agency | None:
        """The agency of this id; None where it is unknown, gone, or nobody is meant."""
        return None if agency is None else self._agencies.get(agency)

    def level(self, agency: AgencyId | None, asset: AssetId | None) -> SecurityLevel | None:
        """The official level of an agency's system; None where no system is known."""
        owner = self.agency(agency)
        if owner is None:
            return None
        return next((known.level for known in owner.assets if known.id == asset), None)

    def sender(self, input_name: InputName, peer: str) -> Owner | None:
        """Who sends from this address into this input.

        The most specific address wins; a source that binds the whole input comes last. Two
        sources that fit equally well are no answer.
        """
        best: list[Owner] = []
        best_fit = -2
        for owner in self._by_input.get(input_name, ()):
            fit = _fit(owner.source, peer)
            if fit > best_fit:
                best, best_fit = [owner], fit
            elif fit == best_fit:
                best.append(owner)
        return best[0] if len(best) == 1 and best_fit >= -1 else None

    @staticmethod
    def asset(agency: Agency, fields: Fields) -> Asset | None:
        """The information system of this agency that an event concerns; None where unclear.

        A host name decides before an address; the most specific network wins.
        """
        for name in HOST_FIELDS:
            for host in _texts(fields.get(name)):
                named = [asset for asset in agency.assets if host.lower() in asset.hosts]
                if len(named) == 1:
                    return named[0]
        for name in ADDRESS_FIELDS:
            for address in _texts(fields.get(name)):
                asset = _by_address(agency.assets, address)
                if asset is not None:
                    return asset
        return None


def _fit(source: Source, peer: str) -> int:
    """How closely a source fits a sender: prefix length, -1 for the whole input, -2 not at all."""
    if not source.addresses:
        return -1
    try:
        address = ip_address(peer)
    except ValueError:
        return -2
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return max((net.prefixlen for net in source.addresses if address in net), default=-2)


def _by_address(assets: Iterable[Asset], text: str) -> Asset | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    fits = [
        (network.prefixlen, asset)
        for asset in assets
        for network in asset.networks
        if address in network
    ]
    if not fits:
        return None
    longest = max(length for length, _ in fits)
    nearest = {asset.id: asset for length, asset in fits if length == longest}
    return next(iter(nearest.values())) if len(nearest) == 1 else None


def _texts(value: Value) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(item) for item in values if item is not None]


def clashes(agencies: Iterable[Agency]) -> list[str]:
    """Say, a sentence each, where two sources would claim the same records or the same name."""
    found: list[str] = []
    names: dict[SourceId, AgencyId] = {}
    claims: dict[tuple[InputName, Network | None], tuple[AgencyId, SourceId]] = {}
    for agency in agencies:
        for source in agency.sources:
            if source.id in names:
                found.append(
                    f"source {source.id} of {agency.id} is already one of {names[source.id]}"
                )
            names[source.id] = agency.id
            for network in source.addresses or (None,):
                claim = (source.input, network)
                if claim in claims:
                    other_agency, other = claims[claim]
                    found.append(
                        f"source {source.id} of {agency.id} claims {network or 'all'} of input"
                        f" {source.input}, and so does {other} of {other_agency}"
                    )
                claims[claim] = (agency.id, source.id)
    return found
