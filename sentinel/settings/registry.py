"""The registry file: who is watched and warned. All or nothing, every fault at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from sentinel.documents import Allowed, Document, SourceText, Where, check, dotted, parse
from sentinel.errors import Fault, RegistryError
from sentinel.model.agency import (
    Agency,
    Asset,
    Contact,
    Network,
    Release,
    Role,
    SecurityLevel,
    Source,
    Tlp,
    WarnPolicy,
)
from sentinel.model.ids import AgencyId, AssetId, ContactId, InputName, SourceId
from sentinel.model.text import Language
from sentinel.settings.across import repeated
from sentinel.settings.values import (
    Block,
    BothLanguages,
    Domain,
    Email,
    Flag,
    Host,
    Id,
    Line,
    StrictNetwork,
    Whole,
    Zone,
    network_of,
)


def _level(value: object) -> object:
    if value == "unknown":
        return SecurityLevel.UNKNOWN
    if type(value) is int and 1 <= value <= max(SecurityLevel):
        return SecurityLevel(value)
    raise ValueError("there is no such level")


Level = Annotated[SecurityLevel, BeforeValidator(_level), Allowed("1, 2, 3, 4, 5 or unknown")]


class ContactBlock(Block):
    """One mailbox or person of an agency."""

    id: Id = Field(description="Names the contact; unique in its agency.")
    name: Line = Field(description="Who or what is behind the address.")
    role: Role = Field(description="What the contact is to the agency.")
    email: Email = Field(description="Where warnings go.")
    language: Language = Field(default=Language.VI, description="The language of its letters.")
    phone: Line | None = Field(
        default=None, description="The number to call when mail is not enough."
    )
    personal: Flag = Field(default=False, description="True where one person alone reads it.")

    def value(self) -> Contact:
        """As the inside knows it."""
        return Contact(
            id=ContactId(self.id),
            name=self.name,
            role=self.role,
            email=self.email,
            language=self.language,
            phone=self.phone or "",
            personal=self.personal,
        )


class AssetBlock(Block):
    """An information system of an agency."""

    id: Id = Field(description="Names the system; unique in its agency.")
    name: BothLanguages = Field(description="What officers call it.")
    level: Level = Field(
        default=SecurityLevel.UNKNOWN, description="Official level (Decree 85/2016/ND-CP)."
    )
    hosts: tuple[Host, ...] = Field(default=(), description="Host names, as logs write them.")
    networks: tuple[StrictNetwork, ...] = Field(default=(), description="Its addresses.")

    def value(self) -> Asset:
        """As the inside knows it."""
        return Asset(
            id=AssetId(self.id),
            name=self.name.local(),
            level=self.level,
            hosts=frozenset(self.hosts),
            networks=self.networks,
        )


class SourceBlock(Block):
    """One sender of records: an input bound whole, or some addresses of it."""

    id: Id = Field(description="Names the source; unique over all agencies.")
    input: Id = Field(description="The input of the settings that its records come in by.")
    addresses: tuple[StrictNetwork, ...] = Field(
        default=(), description="The senders' addresses; none binds the whole input."
    )
    time_zone: Zone = Field(
        default="Asia/Ho_Chi_Minh", description="The zone of time stamps that name none."
    )
    format: Literal["auto", "syslog", "access", "json", "raw"] = Field(
        default="auto", description="What its lines are, where it is known."
    )

    def value(self) -> Source:
        """As the inside knows it."""
        return Source(
            id=SourceId(self.id),
            input=InputName(self.input),
            addresses=self.addresses,
            time_zone=self.time_zone,
            format=self.format,
        )


_USUAL = WarnPolicy()


class PolicyBlock(Block):
    """When an alert becomes a warning, and how it leaves."""

    threshold: Annotated[Whole, Field(ge=0, le=100)] = Field(
        default=_USUAL.threshold, description="The score from which on a warning is made."
    )
    release: Release = Field(
        default=_USUAL.release, description="By itself, or after a person approved it."
    )
    tlp: Tlp = Field(default=_USUAL.tlp, description="FIRST TLP 2.0 label of warnings.")

    def value(self) -> WarnPolicy:
        """As the inside knows it."""
        return WarnPolicy(threshold=self.threshold, release=self.release, tlp=self.tlp)


class AgencyBlock(Block):
    """An organisation that is watched and warned."""

    id: Id = Field(description="Names the agency; unique.")
    name: BothLanguages = Field(description="Its name as letters address it.")
    code: Line | None = Field(default=None, description="Its identification code (mã định danh).")
    parent: Id | None = Field(default=None, description="The id of its superior.")
    contacts: tuple[ContactBlock, ...] = Field(default=(), description="Who is warned.")
    assets: tuple[AssetBlock, ...] = Field(default=(), description="Its information systems.")
    sources: tuple[SourceBlock, ...] = Field(default=(), description="Who sends its records.")
    networks: tuple[StrictNetwork, ...] = Field(default=(), description="All its addresses.")
    domains: tuple[Domain, ...] = Field(default=(), description="Its domain names.")
    policy: PolicyBlock = Field(default=PolicyBlock(), description="When and how it is warned.")

    def value(self) -> Agency:
        """As the inside knows it."""
        return Agency(
            id=AgencyId(self.id),
            name=self.name.local(),
            code=self.code or "",
            parent=None if self.parent is None else AgencyId(self.parent),
            contacts=tuple(contact.value() for contact in self.contacts),
            assets=tuple(asset.value() for asset in self.assets),
            sources=tuple(source.value() for source in self.sources),
            networks=self.networks,
            domains=self.domains,
            policy=self.policy.value(),
        )


def _somebody(agencies: tuple[AgencyBlock, ...]) -> tuple[AgencyBlock, ...]:
    if not agencies:
        raise ValueError("there is no agency here")
    return agencies


class RegistryFile(Block):
    """The whole file."""

    agencies: Annotated[tuple[AgencyBlock, ...], AfterValidator(_somebody)] = Field(
        description="Everybody who is watched and warned."
    )


def load_agencies(source: SourceText, inputs: Collection[str] | None = None) -> tuple[Agency, ...]:
    """Read a registry file. With `inputs` given, each source must name one of them.

    Raises:
        RegistryError: with every fault of the file, each with its line; nothing is taken then.
    """
    document = parse(source, error=RegistryError)
    others = [*_cross_faults(document), *_unknown_inputs(document, inputs)]
    made = check(document, RegistryFile, error=RegistryError, others=others)
    return tuple(agency.value() for agency in made.agencies)


def _cross_faults(document: Document) -> Iterator[Fault]:
    yield from repeated(document, "agencies", "*", "id")
    yield from repeated(document, "agencies", "*", "sources", "*", "id")
    for kind in ("contacts", "assets"):
        for where, _ in document.find("agencies", "*", kind):
            yield from repeated(document, *where, "*", "id")
    yield from _claimed_twice(document)
    yield from _parents(document)


def _claimed_twice(document: Document) -> Iterator[Fault]:
    """Two sources that fit a sender equally well would leave its records to nobody."""
    claims: dict[tuple[object, Network | None], Where] = {}
    for at, source in document.find("agencies", "*", "sources", "*"):
        if not isinstance(source, dict):
            continue
        for where, network in _networks(at, source):
            claim = (source.get("input"), network)
            if claim in claims:
                line = document.line(claims[claim])
                yield Fault(
                    document.place(where),
                    f"the source in line {line} binds the same input and address already",
                    key=dotted(where),
                    found=f"{claim[0]}, {'the whole input' if network is None else network}",
                    allowed="each input and address for one source",
                )
            claims.setdefault(claim, where)


def _networks(at: Where, source: dict[str, object]) -> Iterator[tuple[Where, Network | None]]:
    """The networks a source binds, each with its place; None is the whole input."""
    addresses = source.get("addresses")
    if not addresses:
        yield (*at, "input"), None
    elif isinstance(addresses, list):
        for index, written in enumerate(addresses):
            network = network_of(written)
            if network is not None:
                yield (*at, "addresses", index), network


def _parents(document: Document) -> Iterator[Fault]:
    parents = {
        agency["id"]: agency.get("parent")
        for _, agency in document.find("agencies", "*")
        if isinstance(agency, dict) and isinstance(agency.get("id"), str)
    }
    for at, agency in document.find("agencies", "*"):
        if not isinstance(agency, dict) or not isinstance(agency.get("parent"), str):
            continue
        parent, message = agency["parent"], ""
        if parent not in parents:
            message = "this file has no such agency"
        elif _circle(parents, agency.get("id")):
            message = "an agency cannot stand above itself"
        if message:
            where = (*at, "parent")
            yield Fault(
                document.place(where),
                message,
                key=dotted(where),
                found=repr(parent),
                allowed="the id of another agency of this file",
            )


def _circle(parents: Mapping[str, object], start: object) -> bool:
    """Whether the way up from `start` leads back to it."""
    seen: set[object] = set()
    above = start
    while isinstance(above, str) and above not in seen:
        seen.add(above)
        above = parents.get(above)
    return above == start and start is not None


def _unknown_inputs(document: Document, inputs: Collection[str] | None) -> Iterator[Fault]:
    for where, name in document.find("agencies", "*", "sources", "*", "input"):
        if inputs is not None and name not in inputs:
            yield Fault(
                document.place(where),
                "the settings have no such input",
                key=dotted(where),
                found=repr(name),
                allowed=", ".join(sorted(inputs)) or "none: the settings have no inputs",
            )
