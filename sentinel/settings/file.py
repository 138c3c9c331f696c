"""sentinel.yml: every key with its default, its limits and why it is there."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import Field

from sentinel.model.text import Language
from sentinel.settings.values import (
    Address,
    Block,
    BothLanguages,
    Domain,
    Email,
    ExistingPath,
    Flag,
    HighPort,
    Id,
    Line,
    PolicyPlace,
    Port,
    ReadableFile,
    SomePath,
    Url,
    Whole,
    Zone,
)

SOC_PORT = 8443
PUBLIC_PORT = 8444
LOOPBACK = "127.0.0.1"


class Tls(StrEnum):
    """How the connection to the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


class LogLevel(StrEnum):
    """How much the service says of itself."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """Who reads the service's own log."""

    CONSOLE = "console"
    JSON = "json"


class InputSettings(Block):
    """One way in."""

    name: Id = Field(
        description="Names the input in every record, in the registry's sources and on screens;"
        " renaming it forgets how far its streams were read."
    )
    collector: Id = Field(description="Which collector reads it; the installed ones are listed.")
    options: Any = Field(
        default_factory=dict,
        description="What this collector takes: its own keys, checked by the collector's model.",
    )


class JournalSettings(Block):
    """The journal keeps every record before anybody is told that it was received."""

    file_mb: Whole = Field(
        default=256,
        ge=1,
        le=65536,
        description="Size in MiB at which a journal file is finished and a new one begun; a"
        " finished file is dropped whole when nobody needs it any more.",
    )
    reserve_mb: Whole = Field(
        default=1024,
        ge=0,
        le=16_777_216,
        description="Disk space in MiB that is left free: below it no record is taken, so that"
        " the state database can still be written and nothing is lost in silence.",
    )


class StoreSettings(Block):
    """The event store keeps events with their raw lines, searchable."""

    seal_events: Whole = Field(
        default=50_000,
        ge=1,
        le=10_000_000,
        description="Number of events at which the tail in memory is written to disk as a"
        " segment; larger segments search faster, a smaller tail replays faster after a crash.",
    )
    seal_seconds: Whole = Field(
        default=60,
        ge=1,
        le=86_400,
        description="Seconds after which the tail is written to disk even when it is small.",
    )


class RulesSettings(Block):
    """Which detection rules are loaded."""

    shipped: Flag = Field(
        default=True, description="Whether the rules that come with Sentinel are loaded."
    )
    paths: tuple[ExistingPath, ...] = Field(
        default=(),
        description="Files and folders of further Sigma rules; one id in two files is a fault.",
    )
    placeholders: ReadableFile | None = Field(
        default=None,
        description="What placeholders in rules (`expand`) stand for in this house; without it, the"
        " examples of config/placeholders.yml.",
    )


class IssuerSettings(Block):
    """Who warns: the sender an officer sees, and where the officer can turn."""

    name: BothLanguages = Field(
        default=BothLanguages(
            vi="Trung tâm giám sát an toàn không gian mạng (bản dùng thử)",
            en="Cyber security monitoring centre (trial)",
        ),
        description="The name that warnings are signed with.",
    )
    phone: Line = Field(
        default="+84 24 0000 0000",
        description="The telephone that is answered day and night; it stands in every warning.",
    )
    email: Email = Field(
        default="truc@sentinel.example",
        description="The sender of warnings, to whom recipients reply.",
    )
    mail_domain: Domain = Field(
        default="sentinel.example",
        description="The right side of Message-IDs: a domain of the issuer, so that a repeated"
        " mail is recognised as the same.",
    )


class MailSettings(Block):
    """The mail server that takes the warnings."""

    server: Line = Field(description="Host name or address of the mail server.")
    port: Port = Field(default=587, description="Its port: 587 with starttls, 465 with implicit.")
    tls: Tls = Field(
        default=Tls.STARTTLS,
        description="How the connection is protected; none is for a server on this machine.",
    )
    username: Line | None = Field(
        default=None, description="The account to send with, where the server wants one."
    )
    password_file: ReadableFile | None = Field(
        default=None,
        description="The file whose first line is the account's password: the settings file can"
        " then be shown to anybody.",
    )
    timeout_seconds: Whole = Field(
        default=30,
        ge=1,
        le=600,
        description="Seconds without an answer after which an attempt counts as failed for now.",
    )

    def password(self) -> str | None:
        """Read the password now, so that a changed file counts from the next connection on."""
        if self.password_file is None:
            return None
        lines = self.password_file.read_text(encoding="utf-8").splitlines()
        return lines[0] if lines else ""


class SocSettings(Block):
    """The listener for analysts and programs: the console, the API, health."""

    address: Address = Field(default=LOOPBACK, description="The address it listens on.")
    port: HighPort = Field(
        default=SOC_PORT, description="The port it listens on; 1024 and above need no root."
    )
    certificate: ReadableFile | None = Field(
        default=None,
        description="The TLS certificate chain (PEM); without one, a certificate that signs itself"
        " is made in the data folder.",
    )
    key: ReadableFile | None = Field(
        default=None, description="The certificate's private key (PEM)."
    )
    idle_minutes: Whole = Field(
        default=120,
        ge=5,
        le=1440,
        description="Minutes without doing anything after which a person has to log in again; what"
        " a page asks by itself does not count.",
    )
    session_hours: Whole = Field(
        default=12,
        ge=1,
        le=24,
        description="Hours after which a person has to log in again in any case: a shift and its"
        " hand-over.",
    )


class PublicSettings(Block):
    """The listener for agencies: acknowledge links and explanation pages."""

    address: Address = Field(default=LOOPBACK, description="The address it listens on.")
    port: HighPort = Field(
        default=PUBLIC_PORT, description="The port it listens on; 1024 and above need no root."
    )
    url: Url | None = Field(
        default=None,
        description="Where agencies reach this listener, as it stands in letters; without it,"
        " the address and port above.",
    )
    certificate: ReadableFile | None = Field(
        default=None,
        description="The TLS certificate chain (PEM); without one, a certificate that signs itself"
        " is made in the data folder.",
    )
    key: ReadableFile | None = Field(
        default=None, description="The certificate's private key (PEM)."
    )

    @property
    def link_base(self) -> str:
        """What links in letters begin with, without a slash at the end."""
        if self.url is not None:
            return self.url
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"https://{host}:{self.port}"


class WebSettings(Block):
    """The two HTTP listeners: one for the SOC, one for agencies, apart on purpose."""

    soc: SocSettings = Field(
        default=SocSettings(), description="The listener for analysts and programs."
    )
    public: PublicSettings = Field(
        default=PublicSettings(), description="The listener that agencies reach."
    )


class LogSettings(Block):
    """The service's own log, on standard error."""

    level: LogLevel = Field(default=LogLevel.INFO, description="The least that is worth a line.")
    format: LogFormat = Field(
        default=LogFormat.CONSOLE, description="console for people, json for programs."
    )


SYSLOG = InputSettings(
    name="syslog",
    collector="syslog",
    options={"udp": f"{LOOPBACK}:5514", "tcp": f"{LOOPBACK}:5514"},
)


class Settings(Block):
    """The whole of sentinel.yml."""

    data: SomePath = Field(
        default=Path("data"),
        description="The folder that holds everything the service keeps: journal, events, state;"
        " one service a folder.",
    )
    language: Language = Field(
        default=Language.VI, description="The language of screens and commands."
    )
    time_zone: Zone = Field(
        default="Asia/Ho_Chi_Minh",
        description="The zone that times are shown in; they are kept in UTC.",
    )
    inputs: tuple[InputSettings, ...] = Field(
        default=(SYSLOG,),
        description="Where records come in.",
    )
    journal: JournalSettings = Field(
        default=JournalSettings(), description="What has arrived stays: sizes and the reserve."
    )
    store: StoreSettings = Field(
        default=StoreSettings(), description="Events on disk: when the tail is sealed."
    )
    rules: RulesSettings = Field(
        default=RulesSettings(), description="Which detection rules are loaded."
    )
    agencies: ReadableFile | None = Field(
        default=None,
        description="The registry file that an empty state database begins with; without it the"
        " shipped example. Later changes come in by `sentinel agencies import`.",
    )
    policy: PolicyPlace = Field(
        default="vn",
        description="Deadlines, number series and score weights: a shipped policy by name, or"
        " the path of a folder that holds a policy.yml.",
    )
    issuer: IssuerSettings = Field(default=IssuerSettings(), description="Who warns.")
    mail: MailSettings | None = Field(
        default=None,
        description="The mail server; as long as it is absent, warnings are written to the"
        " folder `mail` in the data folder and reach nobody.",
    )
    web: WebSettings = Field(default=WebSettings(), description="The HTTP listeners.")
    log: LogSettings = Field(default=LogSettings(), description="The service's own log.")
