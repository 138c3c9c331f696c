"""From the start of the process to /health/ready: on an empty data folder, and on one in use.

The first start makes the database, the certificate and the journal; a later one reads back the
segments' footers, the correlation windows and the journal's end. The clock starts before the
process is made and stops with the first 200 of /health/ready. Python finds its modules compiled.
"""

import ssl
import time
from http.client import HTTPException
from pathlib import Path
from shutil import rmtree
from statistics import median

from tests.bench import measured, stages
from tests.bench.report import Kind, Table
from tests.system import running

TIMES = 5
LOOK = 0.01  # seconds between two looks
LONGEST = 60
EVENTS = 20_000
HERE = "127.0.0.1"


def measure(folder: Path, events: int = EVENTS) -> Table:
    """Start it again and again."""
    settings = measured.settings(folder / "startup", HERE, HERE)
    start(settings)  # compiles the modules
    empty = []
    for _ in range(TIMES):
        rmtree(settings.data, ignore_errors=True)
        empty.append(start(settings))
    stages.run(settings, Kind.MIXED, events)
    used = [start(settings) for _ in range(TIMES)]
    return Table(
        title="From the start of the process to ready",
        head=("seconds", "median", "least", "most", "n"),
        rows=[_row("empty data folder", empty), _row(f"with {events:,} events", used)],
        inside=(
            f"Asked for every {LOOK * 1000:.0f} ms. Python finds its modules compiled: the first"
            " start after an installation takes longer."
        ),
    )


def _row(what: str, values: list[float]) -> tuple[str, ...]:
    figures = (median(values), min(values), max(values))
    return (what, *(f"{figure:.2f}" for figure in figures), str(len(values)))


def start(settings: running.Settings) -> float:
    """Seconds until it is ready; it is stopped again."""
    trust = ssl.create_default_context()
    # Its certificate is not made yet, and nothing but "ready" is asked of it.
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    began = time.perf_counter()
    with running.service(settings) as service:
        while not _ready(settings.ports[0], trust):
            if service.process.poll() is not None or time.perf_counter() - began > LONGEST:
                raise AssertionError(f"it does not start: {service.said()}")
            time.sleep(LOOK)
        took = time.perf_counter() - began
        measured.ended(service)
    return took


def _ready(port: int, trust: ssl.SSLContext) -> bool:
    api = measured.Api(port, trust)
    try:
        return bool(api.get("/health/ready")["ready"])
    except (OSError, HTTPException, AssertionError):  # not listening yet, or 503
        return False
    finally:
        api.close()
