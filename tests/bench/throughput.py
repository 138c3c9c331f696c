"""Events a second from the socket to the store, by a real service, with nothing lost.

All lines go down one TCP connection as fast as it takes them. "Taken" ends when every line is in
the journal (fsynced), "done" when every one has been read, kept, detected on and committed. Then
the service is stopped as Ctrl-C does, and the lines in its Parquet segments are compared with
those that were sent, each with its number of times.
"""

import socket
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Thread

import pyarrow.parquet as pq

from tests.bench import measured
from tests.bench.lines import framed, lines
from tests.bench.report import Kind, Table
from tests.system import running

EVENTS = 60_000  # more than one segment
LOOK = 0.1  # seconds between two looks at the counters
LONGEST = 600
HERE = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blast:
    """What one run showed. Times in seconds since the first byte was sent, memory in MiB.

    `processor` is the time the service had a processor: no program beside it changes that much.
    """

    events: int
    octets: int
    taken: float
    done: float
    processor: float
    alerts: int
    stored_octets: int
    peak_memory: float


def measure(folder: Path, events: int = EVENTS) -> Table:
    """Run it with each kind of line."""
    rows = []
    for kind in Kind:
        blast = run(folder, kind, events)
        rows.append(
            (
                kind.value,
                f"{blast.events / blast.done:,.0f}",
                f"{blast.events / blast.taken:,.0f}",
                f"{blast.done:.1f}",
                f"{blast.processor / blast.events * 1e6:.0f}",
                f"{blast.octets / blast.events:.0f}",
                f"{blast.stored_octets / blast.events:.0f}",
                f"{blast.alerts:,}",
            )
        )
    return Table(
        title="Events a second from socket to store, one worker",
        head=(
            "lines",
            "events/s",
            "taken into the journal/s",
            "seconds",
            "processor µs an event",
            "bytes a line",
            "bytes stored",
            "alerts",
        ),
        rows=rows,
        inside=(
            f"{events:,} lines, all different, down one TCP connection, octet-counted, until every"
            " one has been journalled, normalised, kept, detected on with the shipped rules, and"
            f" committed with its alerts (looked for every {LOOK * 1000:.0f} ms). The sender runs"
            " on the same machine. After SIGINT every line sent was in the Parquet segments, as"
            " often as it was sent."
        ),
    )


@cache
def run(folder: Path, kind: Kind, events: int) -> Blast:
    """Send so many lines of a kind and follow them; raises where one is missing in the end."""
    settings = measured.settings(folder / kind.name.lower(), HERE, HERE)
    with running.service(settings) as service:
        service.wait_ready()
        with measured.api(service) as api:
            sent = lines(kind, events, datetime.now(UTC))
            stream = framed(sent)
            before = measured.processor_seconds(service.process.pid)
            began = time.perf_counter()
            sender = Thread(target=_send, args=(stream,))
            sender.start()
            taken = _follow(api, events, began, _is_taken)
            done = _follow(api, events, began, _is_done)
            sender.join()
            processor = measured.processor_seconds(service.process.pid) - before
            status = api.get("/api/v1/status")
            peak = measured.memory(service.process.pid)
        measured.ended(service)
    stored = _compare(settings.data / "events", sent)
    return Blast(
        events=events,
        octets=len(stream),
        taken=taken,
        done=done,
        processor=processor,
        alerts=measured.counted(status, "alerts_opened"),
        stored_octets=stored,
        peak_memory=peak,
    )


def _send(stream: bytes) -> None:
    with socket.create_connection((HERE, measured.SYSLOG_PORT)) as line:
        line.sendall(stream)


def _is_taken(status: dict, events: int) -> bool:
    return measured.counted(status, "records") >= events


def _is_done(status: dict, events: int) -> bool:
    return status["lag"] == 0 and measured.counted(status, "events") >= events


def _follow(api: measured.Api, events: int, began: float, holds) -> float:
    while not holds(api.get("/api/v1/status"), events):
        if time.perf_counter() - began > LONGEST:
            raise AssertionError(f"not within {LONGEST} s: {api.get('/api/v1/status')}")
        time.sleep(LOOK)
    return time.perf_counter() - began


def _compare(folder: Path, sent: list[bytes]) -> int:
    """Hold what is stored against what was sent; returns how many octets it takes on disk."""
    files = sorted(folder.glob("events-*.parquet"))
    stored: Counter[str] = Counter()
    ids: set[str] = set()
    for file in files:
        table = pq.read_table(file, columns=["id", "raw"])
        stored.update(table["raw"].to_pylist())
        ids.update(table["id"].to_pylist())
    wanted = Counter(line.decode() for line in sent)
    if stored != wanted or len(ids) != len(sent):
        raise AssertionError(
            f"{len(sent)} lines sent, {stored.total()} stored under {len(ids)} ids;"
            f" {(wanted - stored).total()} are missing, {(stored - wanted).total()} too many"
        )
    return sum(file.stat().st_size for file in files)
