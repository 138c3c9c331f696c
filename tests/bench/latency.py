"""From a line said at the agency to its alert readable in the API, as a sender and a reader see it.

A real rsyslog in a network namespace of its own reads its socket (as /dev/log) and forwards by
TCP to a real service. Each line is an alert of its own, root's password login from an address not
seen before, with a warning released at once. The clock starts before the line is written to
rsyslog's socket and stops when the answer that holds the alert has been read; from the same start
a second time when both letters lie in the spool. The next line is said when the deliveries have
been noted, so that the figures are those of a service that has nothing else to do.
"""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address
from pathlib import Path
from statistics import median

from tests.bench import measured
from tests.bench.report import Table, percentile
from tests.system import lab, running

LINES = 1000
HOPS = 200
HOP_PORT = 5515
POLL = 0.005  # seconds between an answer and the next question
LONGEST = 30.0
LETTERS = 2  # a warning: the agency has two contacts

_FIRST = IPv6Address("2001:db8:1::1")
_FORWARD = (
    'action(type="omfwd" target="{target}" port="{port}" protocol="tcp"'
    ' TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format")'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Latencies:
    """Milliseconds: to each alert, to its letters, through rsyslog, and what a question took.

    `last` is the question that found an alert, `idle` one while nothing happens.
    """

    alerts: list[float]
    letters: list[float]
    hops: list[float]
    last: list[float]
    idle: list[float]


def measure(folder: Path, lines: int = LINES) -> Table:
    """Run it. Needs root and rsyslog."""
    found = run(folder, lines)
    rows = [
        _row("line to alert", found.alerts),
        _row("line to both letters written", found.letters),
        _row("rsyslog alone, socket to TCP", found.hops),
        _row("the question that found the alert", found.last),
        _row("a question while nothing happens", found.idle),
    ]
    return Table(
        title="From a line at the agency to its alert in the API",
        head=("ms", "median", "p90", "p99", "max", "n"),
        rows=rows,
        inside=(
            f"{lines:,} lines, one after the other, each an alert of its own. Inside: rsyslog's"
            " hop, the journal's fsync, all stages, the commit of alert and warning, and the"
            f" asking: the next question {POLL * 1000:.0f} ms after an answer, over one HTTPS"
            f" connection. Each alert released a warning with {LETTERS} letters to the spool"
            " folder, each written with an fsync."
        ),
    )


def _row(what: str, values: list[float]) -> tuple[str, ...]:
    figures = (median(values), percentile(values, 90), percentile(values, 99), max(values))
    return (what, *(f"{figure:.2f}" for figure in figures), f"{len(values):,}")


def run(folder: Path, lines: int) -> Latencies:
    """Say so many lines and read so many alerts."""
    settings = measured.settings(folder / "sentinel", lab.HERE, lab.AGENCY)
    with lab.network(), running.service(settings) as service:
        service.wait_ready()
        with _hop() as hop, lab.agency_host(folder / "host", _action()):
            said = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            said.connect(str(folder / "host" / "dev-log"))
            with said, measured.api(service) as api:
                hops = _measure_hops(said, hop)
                idle = [_ask(api)[1] for _ in range(HOPS)]
                spool = settings.data / "mail"
                rounds = [_round(said, api, spool, number) for number in range(lines)]
        measured.ended(service)
    alerts, letters, last = (list(column) for column in zip(*rounds, strict=True))
    return Latencies(alerts=alerts, letters=letters, hops=hops, last=last, idle=idle)


def _action() -> str:
    """Everything to the service; what the tag "hop" says to us, to time rsyslog alone."""
    return (
        f'if $programname == "hop" then {{'
        f" {_FORWARD.format(target=lab.HERE, port=HOP_PORT)} stop }}\n"
        f"{_FORWARD.format(target=lab.HERE, port=measured.SYSLOG_PORT)}"
    )


@contextmanager
def _hop() -> Iterator[socket.socket]:
    with socket.create_server((lab.HERE, HOP_PORT)) as server:
        server.settimeout(LONGEST)
        yield server


def _measure_hops(said: socket.socket, server: socket.socket) -> list[float]:
    """From rsyslog's socket through rsyslog to a TCP socket of ours."""
    said.send(_hop_line(0))  # makes rsyslog connect
    arrived, _ = server.accept()
    took = []
    with arrived:
        arrived.settimeout(LONGEST)
        _read_until(arrived, b"number 0\n")
        for number in range(1, HOPS + 1):
            began = time.perf_counter()
            said.send(_hop_line(number))
            _read_until(arrived, b"number %d\n" % number)
            took.append((time.perf_counter() - began) * 1000)
    return took


def _hop_line(number: int) -> bytes:
    return f"<86>{_stamp()} hop[1]: number {number}".encode()


def _stamp() -> str:
    """The time as syslog(3) writes it."""
    return time.strftime("%b %e %H:%M:%S")


def _read_until(arrived: socket.socket, end: bytes) -> None:
    read = b""
    while not read.endswith(end):
        try:
            more = arrived.recv(65536)
        except TimeoutError:
            more = b""
        if not more:
            raise AssertionError(f"rsyslog said {read!r}, and nothing that ends in {end!r}")
        read += more


def _round(
    said: socket.socket, api: measured.Api, spool: Path, number: int
) -> tuple[float, float, float]:
    """One line: milliseconds to its alert, to its letters, and of the question that found it.

    All alerts have one score, so the first of the queue is the newest.
    """
    address = str(_FIRST + number)
    line = f"<86>{_stamp()} sshd[{10_000 + number}]: Accepted password for root from {address}"
    questions = []

    def found() -> bool:
        alerts, took = _ask(api)
        questions.append(took)
        return bool(alerts) and alerts[0]["subject"]["source.ip"] == address

    began = time.perf_counter()
    said.send(f"{line} port {20_000 + number} ssh2".encode())
    alert = _until(f"an alert about {address}", found, began)
    letters = _until("its letters", lambda: _letters(spool) >= LETTERS * (number + 1), began)
    _until("their deliveries are noted", lambda: _is_quiet(api), began)
    return alert, letters, questions[-1]


def _until(what: str, holds: Callable[[], bool], began: float) -> float:
    """Look until it holds; milliseconds since it began."""
    while not holds():
        if time.perf_counter() - began > LONGEST:
            raise AssertionError(f"not within {LONGEST} s: {what}")
        time.sleep(POLL)
    return (time.perf_counter() - began) * 1000


def _letters(spool: Path) -> int:
    return len(list(spool.glob("*.eml")))


def _is_quiet(api: measured.Api) -> bool:
    """Whether every copy of the newest warning has been accepted."""
    (warning,) = api.get("/api/v1/warnings?limit=1")["warnings"]
    return all(copy["state"] == "accepted" for copy in warning["deliveries"])


def _ask(api: measured.Api) -> tuple[list[dict], float]:
    """The first alert of the queue, and how long (ms) the answer took."""
    asked = time.perf_counter()
    alerts = api.get("/api/v1/alerts?limit=1")["alerts"]
    return alerts, (time.perf_counter() - asked) * 1000
