"""The kinds of value a settings or registry file holds, each with its test and its wording."""

from __future__ import annotations

import os
import re
import unicodedata
from importlib.resources.abc import Traversable
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    ValidationInfo,
    model_validator,
)

from sentinel.documents import Allowed
from sentinel.model.agency import Network
from sentinel.model.text import LocalText
from sentinel.resources import shipped

LINE_LENGTH = 300
ADDRESS_LENGTH = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_DOMAIN = re.compile(
    r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+"
)
_HOST = re.compile(r"[^\s\x00-\x1f\x7f-\x9f/@:]{1,253}")
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


class Block(BaseModel):
    """A mapping in a file: unknown keys are faults, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_empty(cls, value: object) -> object:
        """A key with everything below it commented out means the defaults."""
        return {} if value is None else value


def _line(text: str) -> str:
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        raise ValueError("this text is empty")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") for character in text):
        raise ValueError("this text holds control characters or line ends")
    if len(text) > LINE_LENGTH:
        raise ValueError("this text is too long")
    return text


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise ValueError("this is no usable id")
    return text


def _domain(text: str) -> str:
    text = text.lower().removesuffix(".")
    if not _DOMAIN.fullmatch(text):
        raise ValueError("this is no domain name")
    return text


def _email(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not at or not _LOCAL_PART.fullmatch(local) or not _DOMAIN.fullmatch(domain.lower()):
        raise ValueError("this is no e-mail address")
    if len(text) > ADDRESS_LENGTH:
        raise ValueError("this e-mail address is too long")
    return text


def network_of(written: object) -> Network | None:
    """The network that a text means; None where it means none, or has host bits set."""
    if not isinstance(written, str):
        return None
    try:
        return ip_network(written)
    except ValueError:
        return None


def _network(value: object) -> object:
    network = network_of(value)
    if network is not None:
        return network
    try:
        loose = ip_network(value, strict=False) if isinstance(value, str) else None
    except ValueError:
        loose = None
    hint = "" if loose is None else f"; {loose} would be one"
    raise ValueError(f"this is no network{hint}")


def _host(text: str) -> str:
    text = text.lower()
    if not _HOST.fullmatch(text):
        raise ValueError("this is no host name")
    return text


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError("this is no IP address") from None


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("there is no such time zone")
    ZoneInfo(name)
    return name


def _url(text: str) -> str:
    text = text.removesuffix("/")
    try:
        parts = urlsplit(text)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
        parts = urlsplit("")
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    if not usable or not plain or parts.scheme not in ("http", "https") or not text.isascii():
        raise ValueError("this is no usable web address")
    return text


def from_base(path: Path, info: ValidationInfo) -> Path:
    """Make a relative path one below the settings file's folder (`base` in the context)."""
    context = info.context if isinstance(info.context, dict) else {}
    base = context.get("base")
    return base / path if isinstance(base, Path) else path


def _readable(path: Path) -> Path:
    if not path.is_file():
        raise ValueError(f"there is no file {path}")
    if not os.access(path, os.R_OK):
        raise ValueError(f"the file {path} cannot be read by this user")
    return path


def _existing(path: Path) -> Path:
    if not path.exists():
        raise ValueError(f"there is no {path}")
    return path


def _policy(text: str, info: ValidationInfo) -> str:
    if "/" not in text:
        folder: Path | Traversable = shipped("config").joinpath("policy", text)
    else:
        folder = from_base(Path(text), info)
        text = str(folder)
    if not folder.joinpath("policy.yml").is_file():
        raise ValueError(f"there is no policy.yml in {folder}")
    return text


Line = Annotated[str, Strict(), AfterValidator(_line), Allowed("a text of one line")]
Id = Annotated[
    str,
    Strict(),
    AfterValidator(_id),
    Allowed("1-64 characters of a-z, 0-9, '.', '_', '-', beginning with a letter or digit"),
]
Domain = Annotated[
    str, Strict(), AfterValidator(_domain), Allowed("a domain name like so-a.example")
]
Email = Annotated[
    str, Strict(), AfterValidator(_email), Allowed("an e-mail address like truc@so-a.example")
]
Host = Annotated[str, Strict(), AfterValidator(_host), Allowed("a host name like web01")]
StrictNetwork = Annotated[
    Network,
    BeforeValidator(_network),
    Allowed("a network like 192.0.2.0/24 or 2001:db8::/32, or one address"),
]
Address = Annotated[
    str, Strict(), AfterValidator(_address), Allowed("an IP address like 127.0.0.1 or ::1")
]
Zone = Annotated[
    str, Strict(), AfterValidator(_zone), Allowed("a time zone's name like Asia/Ho_Chi_Minh")
]
Url = Annotated[
    str,
    Strict(),
    AfterValidator(_url),
    Allowed("http:// or https:// with a host, without user name, query or fragment"),
]
Series = Annotated[
    str, Strict(), Field(pattern=r"^[A-Z]{1,8}$"), Allowed("1-8 capital letters like CB")
]
Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict()]
Port = Annotated[int, Strict(), Field(ge=1, le=65535)]
HighPort = Annotated[int, Strict(), Field(ge=1024, le=65535)]
SomePath = Annotated[Path, AfterValidator(from_base), Allowed("a path")]
ReadableFile = Annotated[
    Path,
    AfterValidator(from_base),
    AfterValidator(_readable),
    Allowed("the path of a file that can be read"),
]
ExistingPath = Annotated[
    Path,
    AfterValidator(from_base),
    AfterValidator(_existing),
    Allowed("the path of a file or folder that is there"),
]
PolicyPlace = Annotated[
    str,
    Strict(),
    AfterValidator(_policy),
    Allowed("the name of a shipped policy, or a path with a slash of a folder of one's own"),
]


class BothLanguages(Block):
    """One text in both languages."""

    vi: Line = Field(description="The text in Vietnamese.")
    en: Line = Field(description="The text in English.")

    def local(self) -> LocalText:
        """The text as the inside knows it."""
        return LocalText(vi=self.vi, en=self.en)
