"""Is the time right? Deadlines, correlations and evidence are worth what the clock is worth."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sentinel import wiring
from sentinel.assembly import journal_folder
from sentinel.doctor.patient import Patient, there
from sentinel.doctor.say import fail, ok, say, unknown, warn
from sentinel.i18n import DEFAULT_ZONE
from sentinel.journal.look import look
from sentinel.model.checkup import Check
from sentinel.ports import Tables, WarningQuery

AHEAD = timedelta(minutes=1)
_TIMESYNC = Path("/run/systemd/timesync/synchronized")
_TIME_ERROR = 5  # adjtimex(2): the clock is not synchronised


class Sync(StrEnum):
    """What the system says of its clock."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """The newest time that was written down; `where` says in what."""

    at: datetime
    where: str


def examine_clock(patient: Patient) -> Iterator[Check]:
    """Synchronised, never set back, and zones known."""
    yield synchronised(sync())
    yield zones((patient.settings.time_zone, DEFAULT_ZONE))
    yield back(_written(patient), patient.clock.now())


def sync(stamp: Path = _TIMESYNC) -> Sync:
    """Ask the kernel; systemd-timesyncd leaves a file too."""
    answer = _kernel()
    if answer is None:
        return Sync.YES if stamp.exists() else Sync.UNKNOWN
    return Sync.NO if answer == _TIME_ERROR else Sync.YES


def _kernel() -> int | None:
    """The kernel's own answer, asked without setting anything (adjtimex(2), modes = 0)."""
    # Larger than struct timex on every architecture; all zero means "only tell".
    room = ctypes.create_string_buffer(512)
    try:
        ask = ctypes.CDLL(None, use_errno=True).adjtimex
    except (AttributeError, OSError):
        return None
    answer = int(ask(room))
    return None if answer < 0 else answer


def synchronised(found: Sync) -> Check:
    """Whether something keeps the clock right."""
    name = "clock.synchronised"
    remedy = say(
        "Turn on time synchronisation: `timedatectl set-ntp true`, or install chrony; in"
        " a container the host does it."
    )
    match found:
        case Sync.YES:
            return ok(
                name,
                say("The system clock is synchronised."),
                say("Deadlines and the order of events can be trusted."),
            )
        case Sync.NO:
            return warn(
                name,
                say("The system clock is not synchronised."),
                say("Nothing keeps it right: deadlines, correlations and evidence lean on it."),
                remedy,
            )
        case _:
            return unknown(
                name,
                say("Whether the clock is synchronised cannot be seen here."),
                say("Deadlines, correlations and evidence lean on it."),
                say("See on the host: `timedatectl`, or `chronyc tracking`."),
            )


def zones(names: tuple[str, ...]) -> Check:
    """Whether the zones that are shown are known here."""
    name = "clock.zones"
    missing = [zone for zone in dict.fromkeys(names) if not _known(zone)]
    if missing:
        return fail(
            name,
            say("Time zones that are not known here: {zones}", zones=", ".join(missing)),
            say("No time can be shown, and no letter written."),
            say("Install the time zone data: apt install tzdata, or pip install tzdata."),
        )
    return ok(
        name,
        say("Time zone data is there."),
        say("Times are kept in UTC and shown in {zone}.", zone=names[0]),
    )


def back(latest: Latest | None, now: datetime) -> Check:
    """A time ahead of now was written before the clock was set back, or is wrong now."""
    name = "clock.back"
    if latest is not None and latest.at - now > AHEAD:
        return warn(
            name,
            say(
                "The newest entry in {where} is {seconds} seconds ahead of the clock.",
                where=latest.where,
                seconds=int((latest.at - now).total_seconds()),
            ),
            say(
                "The clock went back since then, or is wrong now. Until it has caught up, order and"
                " deadlines are not what they seem."
            ),
            say(
                "Compare `date -u` with a clock you trust, and correct it. Then wait: what is"
                " written stays as it is."
            ),
        )
    return ok(
        name,
        say("Nothing that was written down is ahead of the clock."),
        say("The clock was not set back."),
    )


def _written(patient: Patient) -> Latest | None:
    """The newest time of our own making: an arrival, or a warning's beginning."""
    found: list[Latest] = []
    if there(folder := journal_folder(patient.settings)):
        arrived = look(folder).newest
        found += [] if arrived is None else [Latest(at=arrived, where="journal")]
    if there(wiring.state_file(patient.settings)):
        with wiring.look_at_state(patient.settings) as seen:
            if seen.tables() is Tables.CURRENT:
                newest = seen.reader.warnings(WarningQuery(limit=1))
                found += [Latest(at=one.created, where="state.db") for one in newest]
    return max(found, key=lambda each: each.at, default=None)


def _known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
