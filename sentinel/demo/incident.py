"""The recording: which line is sent when, by whom, as data that anybody can read and change.

A recording has no times of day: a line gets the time at which it is sent.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import count
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from sentinel.documents import Document, SourceText, check, dotted, parse
from sentinel.errors import Fault
from sentinel.i18n import DEFAULT_ZONE
from sentinel.settings.values import Address, Block, Line, Whole

FIRST_PORT = 50_000
PORTS = 10_000
_PLACE = re.compile(r"\{([a-z]+)\}")


class Over(StrEnum):
    """How a sender talks syslog: RFC 6587 with octet counting, or RFC 5426."""

    TCP = "tcp"
    UDP = "udp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Where an agency's lines come from: a loopback address of its own."""

    address: str
    over: Over


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One entry of the recording; `times` None goes on for ever. `at`, `every` in seconds."""

    at: float
    every: float
    times: int | None
    sender: str
    host: str
    program: str
    priority: int
    text: str
    vary: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def cues(self) -> Iterator[Cue]:
        """Its lines, in order of time."""
        for n in count() if self.times is None else range(self.times):
            yield Cue(at=self.at + n * self.every, script=self, n=n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One line in its time: `at` seconds after the start, the `n`-th (from 0) of its script."""

    at: float
    script: Script
    n: int

    def message(self, now: datetime) -> bytes:
        """The line as it is sent at this time (RFC 5424, 6), without framing."""
        script = self.script
        local = now.astimezone(ZoneInfo(DEFAULT_ZONE))
        values = {name: each[self.n % len(each)] for name, each in script.vary.items()} | {
            "n": str(self.n + 1),
            "port": str(FIRST_PORT + self.n * 37 % PORTS),
            "time": local.strftime("%d/%b/%Y:%H:%M:%S %z"),
        }
        text = _PLACE.sub(lambda place: values.get(place[1], place[0]), script.text)
        process = 1000 + sum(map(ord, script.program + script.host))
        head = f"<{script.priority}>1 {local.isoformat(timespec='milliseconds')}"
        return f"{head} {script.host} {script.program} {process} - - {text}".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A whole recording."""

    senders: Mapping[str, Sender]
    lines: Sequence[Script]
    background: Sequence[Script]

    @property
    def seconds(self) -> float:
        """How long the incident itself takes, at the speed it was recorded."""
        return max(script.at + script.every * ((script.times or 1) - 1) for script in self.lines)

    def play(self, speed: float = 1) -> Iterator[tuple[float, Cue]]:
        """Every line and the second at which it is due, in order, for ever.

        `speed` is the incident's. The background keeps its pace: what is ordinary would look like
        an attack if it came a hundred times as fast.
        """
        lines = (((cue.at / speed), cue) for script in self.lines for cue in script.cues())
        background = [((cue.at, cue) for cue in script.cues()) for script in self.background]
        yield from heapq.merge(sorted(lines, key=_due), *background, key=_due)


def _due(each: tuple[float, Cue]) -> float:
    return each[0]


class SenderBlock(Block):
    """Where an agency's lines come from."""

    address: Address = Field(description="The loopback address they are sent from.")
    over: Over = Field(description="How they are sent.")


class BackgroundBlock(Block):
    """A line that comes again and again."""

    at: Annotated[float, Field(ge=0)] = Field(description="Seconds after the start.")
    every: Annotated[float, Field(gt=0)] = Field(default=1.0, description="Seconds in between.")
    sender: Line = Field(description="One of the senders.")
    host: Line = Field(description="The host name in the line.")
    program: Line = Field(description="One of the programs.")
    text: str = Field(description="The message, with places in braces.")
    vary: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(
        default_factory=dict, description="Values for places, in turn."
    )


class LineBlock(BackgroundBlock):
    """A line of the incident, once or some times."""

    times: Annotated[Whole, Field(ge=1)] = Field(default=1, description="How often it is sent.")


class IncidentFile(Block):
    """The whole file."""

    senders: dict[str, SenderBlock] = Field(description="Where lines come from.")
    programs: dict[str, Whole] = Field(description="The priority of each program (RFC 5424).")
    lines: tuple[LineBlock, ...] = Field(description="What happens.")
    background: tuple[BackgroundBlock, ...] = Field(
        default=(), description="What goes on all along."
    )


def load_incident(source: SourceText) -> Incident:
    """Read a recording.

    Raises:
        InputError: with every fault of the file, each with its line.
    """
    document = parse(source)
    file = check(document, IncidentFile, others=list(_unknown_names(document)))
    return Incident(
        senders={
            name: Sender(address=one.address, over=one.over) for name, one in file.senders.items()
        },
        lines=[_script(one, one.times, file) for one in file.lines],
        background=[_script(one, None, file) for one in file.background],
    )


def _script(block: BackgroundBlock, times: int | None, file: IncidentFile) -> Script:
    return Script(
        at=block.at,
        every=block.every,
        times=times,
        sender=block.sender,
        host=block.host,
        program=block.program,
        priority=file.programs[block.program],
        text=block.text,
        vary=block.vary,
    )


def _unknown_names(document: Document) -> Iterator[Fault]:
    """Senders and programs that the file does not introduce."""
    for key, kind in (("sender", "senders"), ("program", "programs")):
        known = [
            str(name) for _, part in document.find(kind) if isinstance(part, dict) for name in part
        ]
        for part in ("lines", "background"):
            for where, name in document.find(part, "*", key):
                if isinstance(name, str) and name not in known:
                    yield Fault(
                        document.place(where),
                        f"it is none of the {kind}",
                        key=dotted(where),
                        found=repr(name),
                        allowed=", ".join(known),
                    )
