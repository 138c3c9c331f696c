"""How much memory the service needs: its highest resident size, idle and after the throughput runs.

The kernel keeps the highest value itself (VmHWM in /proc/PID/status), so that no peak is missed.
"""

import time
from pathlib import Path

from tests.bench import measured, throughput
from tests.bench.report import Kind, Table
from tests.system import running

IDLE = 5.0  # seconds in which nothing arrives


def measure(folder: Path, events: int = throughput.EVENTS) -> Table:
    """Measure it idle; the throughput runs are those of this session, or made now."""
    rows = [("idle, after start", f"{idle(folder):.0f}")]
    for kind in Kind:
        blast = throughput.run(folder, kind, events)
        rows.append((f"after {events:,} {kind.value} lines", f"{blast.peak_memory:.0f}"))
    return Table(
        title="Highest resident memory of the service",
        head=("state", "MiB"),
        rows=rows,
        inside=(
            "At most the newest 50,000 events are in memory until they are written as a segment"
            " (`store.seal_events`); the writing makes the peak."
        ),
    )


def idle(folder: Path) -> float:
    """Start it, leave it alone for a while, look."""
    settings = measured.settings(folder / "idle", "127.0.0.1", "127.0.0.1")
    with running.service(settings) as service:
        service.wait_ready()
        time.sleep(IDLE)
        peak = measured.memory(service.process.pid)
        measured.ended(service)
    return peak
