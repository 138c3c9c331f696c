"""Is the state database whole, of this program, of this journal, and ours alone to read?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from stat import S_IMODE

from sentinel import wiring
from sentinel.assembly import journal_folder
from sentinel.doctor.patient import Patient, there
from sentinel.doctor.say import fail, listed, ok, say, size, unknown, warn
from sentinel.errors import StateDamaged, StateUnfinished
from sentinel.journal.look import JournalSeen, look
from sentinel.model.checkup import Check
from sentinel.model.ids import Offset
from sentinel.model.text import LocalText
from sentinel.ports import Tables

_OTHERS = 0o077
# Without WAL, whoever reads holds up whoever writes: beside a running service the look is short.
_PATIENCE_SECONDS = 5.0


def examine_state(patient: Patient) -> Iterator[Check]:
    """Its folder, its file, its tables, its pages, its journal."""
    folder, file = patient.settings.data, wiring.state_file(patient.settings)
    if there(folder):
        yield folder_mode(folder, S_IMODE(folder.stat().st_mode))
    if not there(file):
        yield missing(patient, file)
        return
    yield file_rights(file)
    try:
        with wiring.look_at_state(patient.settings) as seen:
            standing = seen.tables()
            yield tables(file, standing)
            yield damage(file, seen.damage(_PATIENCE_SECONDS if patient.running else None))
            if standing is Tables.CURRENT:
                known, offset = seen.reader.secret("journal"), seen.reader.offset()
                yield from _belongs(patient, known, offset)
    except StateDamaged as error:
        yield unreadable(str(error))
    except StateUnfinished:
        yield unfinished(file)


def folder_mode(folder: Path, mode: int) -> Check:
    """Whether others on this machine can look into the data folder."""
    name, shown = "state.folder", f"{mode:04o}"
    if mode & _OTHERS:
        return warn(
            name,
            say(
                "The data folder {folder} is open to other users (mode {mode}).",
                folder=folder,
                mode=shown,
            ),
            say("It holds agencies' log lines, letters and keys."),
            say("Close it: chmod 0700 {folder}", folder=folder),
        )
    return ok(
        name,
        say(
            "The data folder {folder} is closed to others (mode {mode}).", folder=folder, mode=shown
        ),
        say("It holds agencies' log lines, letters and keys."),
    )


def missing(patient: Patient, file: Path) -> Check:
    """There is no database: fresh, or lost?"""
    name = "state.file"
    if any(journal_folder(patient.settings).glob("*.journal")) and _journal(patient).last:
        return fail(
            name,
            say("{file} is not there, but the journal holds records.", file=file),
            say(
                "Alerts, warnings and their numbers stood in it. The service does not start:"
                " agencies would be warned again, from number 1 on."
            ),
            say(
                "Put state.db back from a backup, or move the whole data folder away to begin anew."
            ),
        )
    return ok(
        name,
        say("{file} is not there yet.", file=file),
        say("The service makes it at its first start."),
    )


def file_rights(file: Path) -> Check:
    """Whether we may write to it. For root every file is writable."""
    name, amount = "state.file", size(file.stat().st_size)
    if os.access(file, os.R_OK | os.W_OK):
        return ok(
            name,
            say("{file} can be read and written ({size}).", file=file, size=amount),
            say("Alerts, warnings, the outbox and the registry stand in it."),
        )
    return fail(
        name,
        say("{file} cannot be written by this user.", file=file),
        say("A service of this user could neither raise an alert nor send a warning."),
        say(
            "Run this as the service's user (`sudo -u USER`). If it is that user, give it the"
            " file: chown USER {file}",
            file=file,
        ),
    )


def tables(file: Path, standing: Tables) -> Check:
    """Whether this program knows the tables."""
    name = "state.tables"
    match standing:
        case Tables.CURRENT:
            return ok(
                name,
                say("The tables are those that this version knows."),
                say("Another version would bring them up to date, or refuse them."),
            )
        case Tables.NEWER:
            return fail(
                name,
                say("{file} was written by a newer Sentinel.", file=file),
                say("This version does not know its tables and refuses to start."),
                say(
                    "Install the newer version again, or put a backup back that is from before"
                    " its upgrade."
                ),
            )
        case _:
            return warn(
                name,
                say("The tables in {file} are older than this version.", file=file),
                say(
                    "The next start, or the next command, brings them up to date; the older"
                    " version cannot read them afterwards."
                ),
                say("Stop the service, copy the data folder, then start this version."),
            )


def damage(file: Path, found: Sequence[str] | None) -> Check:
    """What SQLite's quick check said."""
    name = "state.damage"
    if found is None:
        return unknown(
            name,
            say("{file} is too large to be checked while the service runs.", file=file),
            say("The check would hold up the service; it was stopped."),
            say("Run this once while the service is stopped."),
        )
    if found:
        return fail(
            name,
            say("{file} is damaged: {found}", file=file, found=listed(found)),
            say("Alerts, warnings or the outbox may be lost, and the service may fail."),
            _put_back(),
        )
    return ok(
        name,
        say("SQLite's quick check finds no damage."),
        say("Every page and every row could be read."),
    )


def unreadable(error: str) -> Check:
    """It could not even be opened."""
    return fail(
        "state.damage",
        say("The state database cannot be read: {error}", error=error),
        say("Without it the service does not start, and no alert can be seen."),
        _put_back(),
    )


def unfinished(file: Path) -> Check:
    """A crash came in the middle of a commit: nothing is lost, and nothing can be seen yet."""
    return unknown(
        "state.damage",
        say("A crash left a transaction in {file} unfinished.", file=file),
        say(
            "Whoever opens it next rolls it back, and nothing that was committed is lost. To look"
            " at it now would change it."
        ),
        say(
            "Start the service, or call any other command like `sentinel alerts list`; then run"
            " this again."
        ),
    )


def _put_back() -> LocalText:
    return say(
        "Stop the service, keep the damaged file, and put a backup of the data folder in its place."
    )


def _belongs(patient: Patient, known: str | None, offset: Offset) -> Iterator[Check]:
    folder = journal_folder(patient.settings)
    if there(folder):
        yield belongs(known, offset, _journal(patient))


def belongs(known: str | None, offset: Offset, journal: JournalSeen) -> Check:
    """Offsets mean nothing without their journal."""
    name = "state.journal"
    why = say(
        "The service refuses to start: offsets of another journal would pass over records"
        " or go through them twice."
    )
    remedy = say(
        "Put the journal and state.db of the same time back, or move both away to begin anew."
    )
    if known is not None and journal.id is not None and known != journal.id:
        found = say(
            "state.db belongs to journal {known}, but the folder holds {there}.",
            known=known,
            there=journal.id,
        )
        return fail(name, found, why, remedy)
    if known is None and journal.last:
        found = say("state.db has never seen a journal, but the folder holds records.")
        return fail(name, found, why, remedy)
    if offset > journal.last and not journal.broken:
        found = say(
            "state.db has seen record {offset}, but the journal ends at {last}.",
            offset=int(offset),
            last=int(journal.last),
        )
        return fail(name, found, why, remedy)
    return ok(
        name,
        say("state.db and the journal belong together."),
        say("Both name the same journal, and the journal goes as far as the state."),
    )


def _journal(patient: Patient) -> JournalSeen:
    return look(journal_folder(patient.settings))
