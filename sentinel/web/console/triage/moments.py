"""Times as triage needs them beside the console's own: to the second, and as short spans."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def to_the_second(at: datetime, zone: str) -> str:
    """A log line's time: "11:59:12 22/11/2026" in that zone."""
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S %d/%m/%Y")


def span_words(first: datetime, last: datetime, now: datetime, zone: str) -> str:
    """From when to when, as short as it is clear: what is of today has no date.

    "07:41", "07:41 - 07:58", "23:50 21/11 - 00:10" (dashes are en dashes), with the year where it
    is another one.
    """
    begin, end, today = (at.astimezone(ZoneInfo(zone)) for at in (first, last, now))
    until = _words(end, today)
    if begin.strftime("%Y%m%d%H%M") == end.strftime("%Y%m%d%H%M"):
        return until
    since = f"{begin:%H:%M}" if begin.date() == end.date() else _words(begin, today, dated=True)
    return f"{since}–{until}"  # noqa: RUF001 - an en dash stands between times


def _words(at: datetime, today: datetime, *, dated: bool = False) -> str:
    if at.date() == today.date() and not dated:
        return f"{at:%H:%M}"
    return f"{at:%H:%M %d/%m}" if at.year == today.year else f"{at:%H:%M %d/%m/%Y}"
