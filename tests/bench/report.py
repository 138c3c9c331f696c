"""What was measured, as Markdown: tables for people, and the place they have in docs/benchmarks.md.

Figures are medians unless a column says otherwise. The machine is described by what makes a
figure larger or smaller, never by name.
"""

import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


class Kind(StrEnum):
    """What the lines are."""

    SSHD = "sshd"
    ACCESS = "access log"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One measurement. `inside` says what the figures contain and how they came about."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    inside: str

    def markdown(self) -> str:
        """The table as it stands in the page."""
        lines = [self.head, ["---", *["---:"] * (len(self.head) - 1)], *self.rows]
        table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
        return f"### {self.title}\n\n{table}\n\n{self.inside}\n"


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def machine() -> str:
    """What ran it, in a sentence."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return (
        f"Measured on {os.cpu_count()} CPUs ({platform.machine()}), {pages / 2**30:.0f} GiB of"
        f" memory, Python {platform.python_version()} with SQLite {sqlite3.sqlite_version}.\n"
    )


def missing(why: str) -> str:
    """What could not be measured, in a sentence."""
    return f"Not measured: {why}.\n"


def write(tables: Sequence[Table], not_run: Sequence[str], path: Path = PAGE) -> None:
    """Put everything that was measured in one run between the markers of the page."""
    parts = [machine(), *(table.markdown() for table in tables), *map(missing, not_run)]
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    text = "\n".join(parts)
    path.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")
