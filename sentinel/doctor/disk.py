"""How long does the disk last? A full one stops everything, a read-only one at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sentinel.assembly import MEBIBYTE, events_folder, look_at_events
from sentinel.doctor.patient import Patient, there
from sentinel.doctor.say import fail, ok, say, size, unknown, warn
from sentinel.model.checkup import Check

DAY = 86_400.0
RECENT_DAYS = 7
FEW_DAYS = 14
TIGHT = 1.2  # of the reserve
FEW_INODES = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """What the file system says. `inodes` is the free share, None where it does not count them."""

    free: int  # bytes that may still be filled
    read_only: bool
    inodes: float | None


def examine_disk(patient: Patient) -> Iterator[Check]:
    """The file system of the data folder."""
    folder = _nearest(patient.settings.data)
    disk = look(folder)
    reserve = patient.settings.journal.reserve_mb * MEBIBYTE
    yield writable(folder, disk, allowed=os.access(folder, os.W_OK | os.X_OK))
    yield room(folder, disk.free, reserve)
    yield inodes(disk.inodes)
    written: Sequence[tuple[float, int]] = ()
    if there(events_folder(patient.settings)):
        written = look_at_events(patient.settings).bytes_at
    yield forecast(disk.free - reserve, growth(written, patient.clock.now().timestamp()))


def look(folder: Path) -> Disk:
    """Ask the file system. Raises OSError."""
    found = os.statvfs(folder)
    return Disk(
        free=found.f_bavail * found.f_frsize,
        read_only=bool(found.f_flag & os.ST_RDONLY),
        inodes=found.f_favail / found.f_files if found.f_files else None,
    )


def writable(folder: Path, disk: Disk, *, allowed: bool) -> Check:
    """Whether anything can be written there at all."""
    name = "disk.writable"
    if disk.read_only:
        return fail(
            name,
            say("The file system of {folder} is read-only.", folder=folder),
            say("No record can be kept. Linux does this by itself after a disk error."),
            say("Read `dmesg`, check the disk, then mount it for writing again."),
        )
    if not allowed:
        return fail(
            name,
            say("This user cannot write into {folder}.", folder=folder),
            say("A service of this user cannot keep anything."),
            say(
                "Run this as the service's user (`sudo -u USER`). If it is that user, give it the"
                " folder: chown USER {folder}",
                folder=folder,
            ),
        )
    return ok(
        name,
        say("{folder} can be written.", folder=folder),
        say("Everything that is kept is kept there."),
    )


def room(folder: Path, free: int, reserve: int) -> Check:
    """The free space against the journal's reserve."""
    name, how_much = "disk.reserve", {"free": size(free), "reserve": size(reserve)}
    remedy = say(
        "Make room on the disk of {folder}, or set a smaller `journal.reserve_mb`.", folder=folder
    )
    if free < reserve:
        return fail(
            name,
            say("Free: {free}. That is less than the reserve of {reserve}.", **how_much),
            say("No record is taken any more, until there is room."),
            remedy,
        )
    if free < reserve * TIGHT:
        return warn(
            name,
            say("Free: {free}. That is little more than the reserve of {reserve}.", **how_much),
            say("At the reserve no record is taken any more, until there is room."),
            remedy,
        )
    return ok(
        name,
        say("Free: {free}, the reserve is {reserve}.", **how_much),
        say("At the reserve no record is taken any more, until there is room."),
    )


def inodes(share: float | None) -> Check:
    """A file system may run out of files before it runs out of bytes."""
    name = "disk.inodes"
    if share is None:
        return ok(
            name,
            say("This file system does not limit the number of files."),
            say("Only its bytes can run out."),
        )
    shown = round(share * 100)
    if share < FEW_INODES:
        return warn(
            name,
            say("Free inodes: {percent} %.", percent=shown),
            say("Without one no new file can be made, whatever room is left."),
            say(
                "Find the folder with very many files (`du --inodes -x / | sort -n | tail`) and"
                " clear it."
            ),
        )
    return ok(
        name,
        say("Free inodes: {percent} %.", percent=shown),
        say("Without one no new file can be made, whatever room is left."),
    )


def growth(written: Sequence[tuple[float, int]], now: float) -> float | None:
    """Bytes a day that the event store grew by, of late; None where too little is known.

    `written` holds times (seconds since 1970) and bytes.
    """
    recent = [(at, amount) for at, amount in written if now - RECENT_DAYS * DAY <= at <= now]
    if not recent:
        return None
    span = now - min(at for at, _ in recent)
    return sum(amount for _, amount in recent) / (span / DAY) if span >= DAY else None


def forecast(spare: int, daily: float | None) -> Check:
    """How many days until the reserve, if it goes on like this."""
    name = "disk.forecast"
    if not daily:
        return unknown(
            name,
            say("How fast the disk fills is not known yet."),
            say("It is told by what was stored in the past days; there is less than a day of it."),
        )
    days = int(max(0, spare) / daily)
    grows = size(int(daily))
    if days < FEW_DAYS:
        return warn(
            name,
            say(
                "At {amount} a day the reserve is reached in {days} days.", amount=grows, days=days
            ),
            say("Then no record is taken any more. Events are kept until somebody removes them."),
            say(
                "Enlarge the disk, or move the oldest files of the folder `events` to another"
                " place while the service is stopped."
            ),
        )
    return ok(
        name,
        say("At {amount} a day the room lasts {days} days.", amount=grows, days=days),
        say("This counts what was stored in the past {count} days.", count=RECENT_DAYS),
    )


def _nearest(folder: Path) -> Path:
    """The folder itself, or the nearest above it that is there."""
    folder = folder.resolve()
    while not there(folder):
        folder = folder.parent
    return folder
