"""When did it happen? Time stamps of logs, with and without year and zone, as UTC.

A time stamp is believed when it is not before 2000 (a clock that was never set says 1970 or 1980)
and not more than a day after the record's arrival (skewed clocks, wrong zones). What is not
believed is None here; the event then carries the time of arrival and says so.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SKEW = timedelta(days=1)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# February 29th may lie this many years back (1896 to 1904 had none, so has 2096 to 2104).
_YEARS_BACK = 8

_MONTH_NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905 - reads better
MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}

# RFC 3164 4.1.2, and what devices make of it: a year before or after the time, fractions.
BSD = re.compile(
    rf"[*.]?({'|'.join(MONTHS)}) {{1,2}}([0-9]{{1,2}}) (?:([0-9]{{4}}) )?"
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(?: ([0-9]{4})(?=:? ))?"
)
# RFC 3339, the zone left out by some.
ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
# Apache's and nginx's %t, without brackets.
CLF = re.compile(
    rf"([0-9]{{2}})/({'|'.join(MONTHS)})/([0-9]{{4}}):([0-9]{{2}}):([0-9]{{2}}):([0-9]{{2}})"
    r" ([+-])([0-9]{2})([0-9]{2})"
)


@lru_cache(maxsize=256)
def zone_named(name: str) -> tzinfo | None:
    """The time zone of this IANA name; None where there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def bsd_time(match: re.Match[str], arrival: datetime, zone: tzinfo) -> datetime | None:
    """Read a match of `BSD`. Without a year it is the last such moment up to arrival and a day."""
    month, day, year_before, hour, minute, second, fraction, year_after = match.groups()
    year = year_before or year_after
    latest = (arrival + SKEW).astimezone(zone).year
    years = (int(year),) if year else range(latest, latest - _YEARS_BACK - 1, -1)
    micros = int((fraction or "0").ljust(6, "0")[:6])
    for candidate in years:
        try:
            at = datetime(
                candidate,
                MONTHS[month],
                int(day),
                int(hour),
                int(minute),
                int(second),
                micros,
                zone,
            )
        except ValueError:
            continue
        found = believed(at, arrival)
        if found is not None:
            return found
    return None


def iso_time(text: str, arrival: datetime, zone: tzinfo) -> datetime | None:
    """Read a match of `ISO`; without an offset it is in `zone`."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return believed(at if at.tzinfo else at.replace(tzinfo=zone), arrival)


def clf_time(text: str, arrival: datetime) -> datetime | None:
    """Read "22/Nov/2026:12:00:00 +0700"."""
    match = CLF.fullmatch(text)
    if match is None:
        return None
    day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = match.groups()
    try:
        at = datetime(
            int(year),
            MONTHS[month],
            int(day),
            int(hour),
            int(minute),
            int(second),
            tzinfo=_offset(sign, zone_hours, zone_minutes),
        )
    except ValueError:
        return None
    return believed(at, arrival)


def utc_text(at: datetime) -> str:
    """ISO 8601 in UTC with "Z": milliseconds, or microseconds where they say more."""
    precision = "microseconds" if at.microsecond % 1000 else "milliseconds"
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precision) + "Z"


@lru_cache(maxsize=256)
def _offset(sign: str, hours: str, minutes: str) -> timezone:
    """The fixed zone of "+0700". Raises ValueError from 24 hours on."""
    east = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(east if sign == "+" else -east)


def believed(at: datetime, arrival: datetime) -> datetime | None:
    """The time in UTC, where it can be: not before 2000, at most a day after arrival."""
    try:
        at = at.astimezone(UTC)
    except OverflowError:
        return None
    return at if EARLIEST <= at <= arrival + SKEW else None
