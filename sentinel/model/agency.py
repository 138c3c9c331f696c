"""Who is watched and warned: agencies with their contacts, assets, sources and networks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from ipaddress import IPv4Network, IPv6Network

from sentinel.model.ids import AgencyId, AssetId, ContactId, InputName, SourceId
from sentinel.model.text import Language, LocalText

Network = IPv4Network | IPv6Network


class Role(StrEnum):
    """What a contact is to the agency (Circular 20/2017/TT-BTTTT names the parties)."""

    OWNER = "owner"  # chủ quản
    OPERATOR = "operator"  # đơn vị vận hành: the one who must report
    RESPONSE_UNIT = "response-unit"  # đơn vị chuyên trách ứng cứu sự cố
    CONTACT_POINT = "contact-point"  # đầu mối, reachable 24/7
    LEADER = "leader"  # the head who gets a copy


class SecurityLevel(IntEnum):
    """Official level of an information system (Decree 85/2016/ND-CP); unknown is a level too."""

    UNKNOWN = 0
    ONE = 1
    TWO = 2
    THREE = 3
    FOUR = 4
    FIVE = 5


class Others(StrEnum):
    """What an import does with registered agencies that its file does not name."""

    KEEP = "keep"
    REMOVE = "remove"


class Release(StrEnum):
    """How a warning leaves: by itself, or after a person approved it."""

    AT_ONCE = "at-once"
    AFTER_APPROVAL = "after-approval"


class Tlp(StrEnum):
    """FIRST Traffic Light Protocol 2.0: upper case, never translated."""

    CLEAR = "TLP:CLEAR"
    GREEN = "TLP:GREEN"
    AMBER = "TLP:AMBER"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    RED = "TLP:RED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One mailbox or person of an agency. `personal` is false for a mailbox many people read."""

    id: ContactId
    name: str
    role: Role
    email: str
    language: Language
    phone: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """An information system; an event concerns it by host name or by address."""

    id: AssetId
    name: LocalText
    level: SecurityLevel = SecurityLevel.UNKNOWN
    hosts: frozenset[str] = frozenset()  # lower-cased host names
    networks: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One authenticated sender of records: an input bound whole, or some addresses of it.

    An empty `addresses` binds the whole input. `time_zone` is the zone of time stamps that name
    none (RFC 3164). `format` is a hint for the normaliser: "auto", "syslog", "access", ...
    """

    id: SourceId
    input: InputName
    addresses: tuple[Network, ...] = ()
    time_zone: str = "Asia/Ho_Chi_Minh"
    format: str = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarnPolicy:
    """When an alert becomes a warning, and how it leaves. `threshold` is a score, 0-100."""

    threshold: int = 60
    release: Release = Release.AFTER_APPROVAL
    tlp: Tlp = Tlp.AMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """An organisation that is watched and warned. `parent` is its superior in the cascade."""

    id: AgencyId
    name: LocalText
    code: str = ""  # mã định danh
    parent: AgencyId | None = None
    contacts: tuple[Contact, ...] = ()
    assets: tuple[Asset, ...] = ()
    sources: tuple[Source, ...] = ()
    networks: tuple[Network, ...] = ()
    domains: tuple[str, ...] = ()
    policy: WarnPolicy = WarnPolicy()


@dataclass(frozen=True, slots=True)
class Registry:
    """All agencies. Whoever holds one may trust it: it was validated when it came in."""

    agencies: Mapping[AgencyId, Agency]
