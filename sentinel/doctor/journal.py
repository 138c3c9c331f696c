"""Is what arrived still there, does anything arrive, and does the detection keep up?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sentinel import wiring
from sentinel.assembly import journal_folder
from sentinel.doctor.patient import Patient, there
from sentinel.doctor.say import fail, listed, ok, say, size, warn
from sentinel.journal.look import JournalSeen, look
from sentinel.model.checkup import Check
from sentinel.model.text import LocalText
from sentinel.ports import Tables

QUIET = timedelta(hours=24)
BACKLOG = 10_000
_HOUR = timedelta(hours=1)


def examine_journal(patient: Patient) -> Iterator[Check]:
    """Its files, what was set aside, the newest record, what is not detected on yet."""
    folder = journal_folder(patient.settings)
    if not there(folder):
        yield ok(
            "journal.files",
            say("There is no journal yet."),
            say("The service makes it at its first start."),
        )
        return
    seen = look(folder)
    yield files(seen)
    yield aside(seen)
    yield age(seen, patient.clock.now())
    behind = _backlog(patient, seen)
    if behind is not None:
        yield backlog(behind, running=patient.running)


def files(seen: JournalSeen) -> Check:
    """Whether each file is what was written."""
    name = "journal.files"
    if seen.broken:
        return fail(
            name,
            say("Journal files that cannot be read: {files}", files=listed(seen.broken)),
            say(
                "The service sets them aside; records in them that were not detected on yet are"
                " passed over."
            ),
            say(
                "Look after the disk (`dmesg`, `smartctl`). Keep a copy of these files: the"
                " service goes on without them."
            ),
        )
    return ok(
        name,
        say(
            "Journal files: {files}, {size}, all readable.", files=seen.files, size=size(seen.size)
        ),
        say("Every record is kept here before its sender is told that it was received."),
    )


def aside(seen: JournalSeen) -> Check:
    """What an earlier start could not read."""
    name = "journal.damaged"
    if not seen.aside:
        return ok(
            name,
            say("No journal file was ever set aside."),
            say("A damaged file is kept under another name and never read again."),
        )
    return warn(
        name,
        say("Damaged journal files that were set aside: {files}", files=listed(seen.aside)),
        say("Records in them that had not been detected on are lost to the detection."),
        say(
            "Find out what damaged the disk, keep the files for the investigation, then move them"
            " out of the journal folder."
        ),
    )


def age(seen: JournalSeen, now: datetime) -> Check:
    """Whether anything arrives."""
    name = "journal.age"
    remedy = say(
        "See that the senders are on and send to the addresses that this command names for the"
        " inputs; a firewall may stand between."
    )
    if seen.newest is None:
        return warn(
            name,
            say("The journal holds no record."),
            say("Who sees no log lines sees no attack."),
            remedy,
        )
    old = now - seen.newest
    if old > QUIET:
        return warn(
            name,
            say("The newest record arrived {age} ago.", age=_span(old)),
            say("Either every source has fallen silent, or records do not reach this machine."),
            remedy,
        )
    return ok(
        name,
        say("The newest record arrived {age} ago.", age=_span(max(old, timedelta(0)))),
        say("Something arrives."),
    )


def backlog(behind: int, *, running: bool) -> Check:
    """Whether detection keeps up."""
    name = "journal.backlog"
    if behind <= BACKLOG:
        return ok(
            name,
            say("Records that are not detected on yet: {count}.", count=behind),
            say("The detection keeps up."),
        )
    found = say("Records that are not detected on yet: {count}.", count=behind)
    if running:
        return warn(
            name,
            found,
            say("Alerts come late: more arrives than is gone through, or the pipeline waits."),
            say(
                "Run this again in a minute. If the number grows, read the service's log for"
                " step_failed, and see whether the processor or the disk is at its limit."
            ),
        )
    return warn(
        name,
        found,
        say("They arrived, and then the service was stopped; nothing is lost."),
        say("Start the service: it goes through them first."),
    )


def _backlog(patient: Patient, seen: JournalSeen) -> int | None:
    """None where there is no state to compare with; the checks of the state say why."""
    if not there(wiring.state_file(patient.settings)):
        return None
    with wiring.look_at_state(patient.settings) as state:
        if state.tables() is not Tables.CURRENT:
            return None
        return max(0, seen.last - state.reader.offset())


def _span(length: timedelta) -> LocalText:
    if length < _HOUR:
        return say("{minutes} minutes", minutes=length // timedelta(minutes=1))
    if length < 2 * QUIET:
        return say("{hours} hours", hours=length // _HOUR)
    return say("{days} days", days=length.days)
