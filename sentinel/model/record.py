"""What arrived: one unit as a collector cut it out, never changed afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sentinel.model.ids import AgencyId, InputName, SourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far a resumable stream has been read, kept by the journal together with the record.

    `stream` names it within its input ("file:2049:131077"); `mark` is the collector's own text:
    what it needs to go on after this record. Record and mark are durable in one transaction, so a
    line is neither lost nor taken twice.
    """

    stream: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a collector hands to its sink. It cannot name a source: the sink finds that.

    `at` is the time of arrival (aware, UTC); `peer` the sender's address without port, or "";
    `origin` where it stood, for people ("/var/log/auth.log", "udp 127.0.0.1:5514");
    `truncated` says that the collector's size limit cut the bytes.
    """

    raw: bytes
    at: datetime
    peer: str = ""
    origin: str = ""
    position: Position | None = None
    truncated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the journal keeps: received bytes and who is answerable for them.

    `source` and `agency` are None where nobody owns the sender: the record is kept and shown as
    unassigned. `agency`, `format` and `time_zone` are the source's at the time of arrival, so that
    a replay reads the bytes as they were read first, and a source that is given to another agency
    takes nothing of the old one's along.
    """

    raw: bytes
    at: datetime
    input: InputName
    source: SourceId | None
    agency: AgencyId | None = None
    peer: str = ""
    origin: str = ""
    position: Position | None = None
    truncated: bool = False
    format: str = "auto"
    time_zone: str = "Asia/Ho_Chi_Minh"

    @property
    def sha256(self) -> str:
        """The hash of the bytes as they arrived, in hex."""
        return sha256(self.raw).hexdigest()
