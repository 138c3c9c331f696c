"""How a source stands: whether it sends, whether we can read it, whether its clock is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sentinel.model.source_mark import SourceMark
from sentinel.ports import InputStatus, ServiceStatus, SourceStatus
from sentinel.web.console.overview.sparkline import Sparkline, sparkline

QUIET_AFTER = timedelta(minutes=15)
CLOCK_OFF = timedelta(minutes=5)
UNREADABLE_ABOVE = 0.1
HOUR = timedelta(hours=1)
NEARLY = timedelta(minutes=2)


class Standing(StrEnum):
    """What can be said of a source, the worst first.

    UNCLAIMED sends, but no agency owns what it sends, so nobody is warned. PAST is not in the
    registry and does not send either.
    """

    QUIET = "quiet"
    NEVER = "never"
    UNREADABLE = "unreadable"
    UNCLAIMED = "unclaimed"
    CLOCK = "clock"
    SENDING = "sending"
    PAST = "past"


_ORDER = {standing: place for place, standing in enumerate(Standing)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source as a line. `standings` are all that hold, the worst first, at least one.

    `behind` is how much later than its own time the newest record came; negative where the
    record's time is in the future. `share` is what could not be read, 0 to 1. `through` is the
    input it comes by, None where the registry names none or the service has no such input.
    """

    source: SourceStatus
    standings: tuple[Standing, ...]
    line: Sparkline
    behind: timedelta | None
    share: float | None
    through: InputStatus | None

    @property
    def standing(self) -> Standing:
        """The worst that can be said."""
        return self.standings[0]

    @property
    def is_deaf(self) -> bool:
        """Whether its input is not at work: then it is not the source that is silent."""
        return self.through is not None and self.through.state != "running"

    @property
    def is_zone(self) -> bool:
        """Whether the difference is whole hours: then it is a time zone, not a clock."""
        if self.behind is None or abs(self.behind) < HOUR / 2:
            return False
        return abs(self.behind - round(self.behind / HOUR) * HOUR) <= NEARLY


def source_rows(status: ServiceStatus, now: datetime) -> list[SourceRow]:
    """Every source of the service, the worst first, then by agency and name."""
    inputs: Mapping[str, InputStatus] = {one.name: one for one in status.inputs}
    rows = [_row(source, inputs.get(source.input), now) for source in status.sources]
    return sorted(rows, key=_place)


def standings(source: SourceStatus, now: datetime) -> tuple[Standing, ...]:
    """Everything that is to be said of a source, the worst first."""
    mark, known = source.mark, source.input != ""
    if mark is None:
        return (Standing.NEVER,)
    quiet = now - mark.received > QUIET_AFTER
    found = set()
    if quiet:
        found.add(Standing.QUIET if known else Standing.PAST)
    elif not known:
        found.add(Standing.UNCLAIMED)
    if _share(mark) > UNREADABLE_ABOVE:
        found.add(Standing.UNREADABLE)
    if abs(mark.received - mark.at) > CLOCK_OFF:
        found.add(Standing.CLOCK)
    if Standing.PAST in found:
        return (Standing.PAST,)
    return tuple(sorted(found, key=_ORDER.__getitem__)) or (Standing.SENDING,)


def _row(source: SourceStatus, through: InputStatus | None, now: datetime) -> SourceRow:
    mark = source.mark
    return SourceRow(
        source=source,
        standings=standings(source, now),
        line=sparkline(source.minutes),
        behind=None if mark is None else mark.received - mark.at,
        share=None if mark is None else _share(mark),
        through=through,
    )


def _share(mark: SourceMark) -> float:
    return mark.unparsed / mark.events if mark.events else 0.0


def _place(row: SourceRow) -> tuple[int, str, str]:
    return _ORDER[row.standing], row.source.agency or "", row.source.source or ""
