"""A warning's official number: "CB-2026-000123", the 123rd of 2026 in the series CB.

Numbers are given at approval, so the year is the year of approval on the issuer's calendar: a
letter approved at 00:10 on New Year's Day in Ha Noi is the new year's, although UTC says December.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

# A number stands in subjects, Message-IDs and file names: ASCII letters and digits only.
_SERIES = re.compile(r"[A-Z0-9]{1,12}")
_NUMBER = re.compile(r"([A-Z0-9]{1,12})-([0-9]{4})-([0-9]{6,12})")


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningNumber:
    """A number, taken apart: `count` begins at 1 in each series and year."""

    series: str
    year: int
    count: int

    def __str__(self) -> str:
        return f"{self.series}-{self.year:04d}-{self.count:06d}"


def year(at: datetime, zone: str) -> int:
    """The calendar year of this time in this zone."""
    return at.astimezone(ZoneInfo(zone)).year


def text(series: str, year: int, count: int) -> str:
    """Write a number as people cite it; from a million on it simply grows a digit.

    Raises:
        ValueError: the series is not 1-12 of A-Z and 0-9, or the count is below 1.
    """
    if not _SERIES.fullmatch(series):
        raise ValueError(
            f"series {series!r} cannot begin a warning's number; allowed: 1-12 of A-Z and 0-9"
        )
    if count < 1:
        raise ValueError(f"count {count} cannot end a warning's number; allowed: 1 and above")
    return str(WarningNumber(series=series, year=year, count=count))


def parse(number: str) -> WarningNumber:
    """Read a number as a person typed it: spaces around it and lower case do not matter.

    Raises:
        ValueError: this is no number.
    """
    found = _NUMBER.fullmatch(number.strip().upper())
    if found is None or int(found[3]) < 1:
        raise ValueError(f"no warning's number: {number!r}; it looks like CB-2026-000123")
    return WarningNumber(series=found[1], year=int(found[2]), count=int(found[3]))
