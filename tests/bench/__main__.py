"""Measures what is promised in docs/benchmarks.md: `python -m tests.bench [NAME...] [--write]`.

Without a name everything is measured, in some twenty minutes. Tables go to standard output;
`--write` puts them into docs/benchmarks.md instead of what stands there. It takes fixed ports and
addresses: as root, run it in a network namespace of its own, as `make bench` does.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import console, latency, memory, report, stages, startup, throughput
from tests.system import lab

MEASUREMENTS: dict[str, Callable[..., report.Table]] = {
    "latency": latency.measure,
    "throughput": throughput.measure,
    "stages": stages.measure,
    "startup": startup.measure,
    "memory": memory.measure,
    "console": console.measure,
}


def main(arguments: list[str]) -> int:
    """Measure, and show what was found."""
    asked = _asked(arguments)
    tables, not_run = [], []
    _show(report.machine())
    with TemporaryDirectory(prefix="sentinel-bench-") as folder:
        _keep_compiled(Path(folder) / "compiled")
        for name in asked.names or MEASUREMENTS:
            why = _cannot(name)
            if why:
                not_run.append(f"{name}, {why}")
                continue
            began = time.perf_counter()
            _say(f"{name} ...")
            tables.append(MEASUREMENTS[name](Path(folder), *([asked.n] if asked.n else [])))
            _show(tables[-1].markdown())
            _say(f"{name}: {time.perf_counter() - began:.0f} s")
    for why in not_run:
        _show(report.missing(why))
    if asked.write:
        report.write(tables, not_run)
    return 1 if asked.names and not_run else 0


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        choices=[*MEASUREMENTS, []],
        metavar="NAME",
        help=", ".join(MEASUREMENTS),
    )
    parser.add_argument("--write", action="store_true", help="put it into docs/benchmarks.md")
    parser.add_argument("-n", type=int, help="so many lines instead of the usual number")
    return parser.parse_args(arguments)


def _cannot(name: str) -> str:
    """Why a measurement cannot be made here; "" where it can."""
    if name != "latency":
        return ""
    if os.geteuid():
        return "which needs root for network namespaces"
    missing = lab.missing()
    return f"which needs {', '.join(missing)}" if missing else ""


def _keep_compiled(folder: Path) -> None:
    """Let the services keep their compiled modules, as installed ones do, whatever is set here."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder)


def _show(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
