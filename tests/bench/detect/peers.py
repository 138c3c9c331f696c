"""The engines that are compared, as commands: how each is asked, and what it answers.

An engine that did not read every event has no speed: what it says that it read is held against
what it was given. Sentinel and rsigma read the same folder of rules and the same file of events,
one JSON object a line, each in one process on one processor, and both take an event's logsource
from the same fields.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from tests.bench.detect import logsources
from tests.bench.detect.lanes import NUMBER, Made

Match = tuple[str, int]  # the rule's id, the record's number
STOPWATCH = Path(__file__).with_name("stopwatch.py")
TIMEOUT = 900.0  # seconds; a run takes some ten


@dataclass(frozen=True, slots=True)
class Took:
    """What one run needed: seconds on the clock and of the processor, bytes of memory at most."""

    clock: float
    processor: float
    memory: int


class EngineError(RuntimeError):
    """An engine ended with an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """An engine: its name, its command, and the exits that are no failure.

    `said` finds in its complaints how many events it read.
    """

    name: str
    start: Sequence[str]
    said: re.Pattern[str]
    fine: frozenset[int] = frozenset({0})
    environment: dict[str, str] = field(default_factory=dict)

    def command(self, rules: Path, events: Path) -> list[str]:
        """What is timed."""
        raise NotImplementedError

    def asked_for_records(self, rules: Path, events: Path) -> list[str]:
        """What tells the record of every match, where that takes something more."""
        return self.command(rules, events)

    def match(self, line: bytes) -> Match:
        """The match that a line of its output tells."""
        raise NotImplementedError

    def matches(self, made: Made) -> Counter[Match]:
        """Every match of a lane, as often as it was told."""
        with TemporaryDirectory(prefix="sentinel-bench-") as folder:
            out = Path(folder) / "out"
            command = self.asked_for_records(made.rules, made.events)
            run(self, command, out, made.event_count)
            with out.open("rb") as told:
                return Counter(self.match(line) for line in told if line.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentinel(Peer):
    """`sentinel detect`."""

    def command(self, rules: Path, events: Path) -> list[str]:
        """One worker; JSON with the names that it has."""
        return [*self.start, "--rules", str(rules), "--format", "json", str(events)]

    def match(self, line: bytes) -> Match:
        """It tells the record of every match anyway."""
        told = orjson.loads(line)
        return told["rule"]["id"], told["record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rsigma(Peer):
    """`rsigma engine eval`, with an index of its own choice beside the one it always has."""

    options: Sequence[str] = ()

    def command(self, rules: Path, events: Path) -> list[str]:
        """Routing by logsource on; the logsource in the same fields."""
        fields = ",".join(f"{part}={name}" for part, name in logsources.FIELDS.items())
        return [
            *(*self.start, "engine", "eval", "--output-format", "ndjson"),
            *("--logsource-routing", "--logsource-field-map", fields),
            *self.options,
            *("--rules", str(rules), "--event", f"@{events}"),
        ]

    def asked_for_records(self, rules: Path, events: Path) -> list[str]:
        """With the event, which has its number in it: without it a match names no record."""
        return [*self.command(rules, events), "--include-event"]

    def match(self, line: bytes) -> Match:
        """The number stands in the event."""
        told = orjson.loads(line)
        return told["rule_id"], told["event"][NUMBER]


# What rsigma can be told to build besides; each lane is timed with what was faster on it.
# `--cross-rule-ac` made every lane with many rules slower, alone and with the other.
RSIGMA_OPTIONS = ((), ("--bloom-prefilter",))


def sentinel(cache: Path, workers: int = 1) -> Sentinel:
    """Sentinel of this checkout, which keeps what it made of rules in `cache`."""
    program = [str(Path(sys.executable).with_name("sentinel")), "detect"]
    return Sentinel(
        name="Sentinel",
        said=re.compile(r"^Events: (\d+)\.", re.MULTILINE),
        start=[*program, "--workers", str(workers)] if workers > 1 else program,
        fine=frozenset({0, 1}),  # 1: something was refused, which the matches tell better
        environment={"SENTINEL_CACHE_DIR": str(cache)},
    )


def rsigma() -> Rsigma | None:
    """The rsigma that RSIGMA names, as `make bench-detect` does, or of the path; None: none."""
    found = shutil.which(os.environ.get("RSIGMA") or "rsigma")
    said = re.compile(r"^Processed (\d+) events", re.MULTILINE)
    return Rsigma(name="rsigma", start=[found], said=said) if found else None


def version(peer: Peer) -> str:
    """What the engine calls itself."""
    command = [peer.start[0], "--version"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return told.stdout.splitlines()[0]


def processors(amount: int) -> str:
    """The last so many processors that this process may use, as `taskset -c` takes them."""
    return ",".join(map(str, sorted(os.sched_getaffinity(0))[-amount:]))


def run(peer: Peer, command: Sequence[str], out: Path, events: int, on: str = "") -> Took:
    """Run on one processor, or on the given ones (`processors`), its output into a file.

    Raises:
        EngineError: it failed, or it read another number of events than it was given.
    """
    result, complaint = out.with_suffix(".took"), out.with_suffix(".err")
    timed = [sys.executable, "-S", "-E", str(STOPWATCH), str(result), "taskset", "-c"]
    with out.open("wb") as told, complaint.open("wb") as said:
        subprocess.run(
            [*timed, on or processors(1), *command],
            stdout=told,
            stderr=said,
            env={**os.environ, "LC_ALL": "C.UTF-8", **peer.environment},
            check=True,
            timeout=TIMEOUT,
        )
    took = json.loads(result.read_text("ascii"))
    complained = complaint.read_text("utf-8", "replace")
    read = peer.said.search(complained)
    if took.pop("status") not in peer.fine or read is None or int(read[1]) != events:
        how = f"{read[1] if read else 'no'} of {events} events read"
        raise EngineError(f"{peer.name}: {how}: {' '.join(command)}\n{complained[-800:]}")
    return Took(**took)
