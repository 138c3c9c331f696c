"""Does the service run, and what does it say of itself?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sentinel.assembly import journal_folder
from sentinel.doctor.linux import Presence
from sentinel.doctor.patient import Patient
from sentinel.doctor.say import listed, ok, say, unknown, warn
from sentinel.model.checkup import Check


def examine_service(patient: Patient) -> Iterator[Check]:
    """Whether it runs; from inside also its own problems."""
    yield running(patient)
    if patient.health is not None:
        yield problems(patient.health.status().problems)


def running(patient: Patient) -> Check:
    """By the lock in the journal folder."""
    name, folder = "service.running", patient.settings.data
    match patient.presence:
        case Presence.RUNNING:
            return ok(
                name,
                say("A service runs on the data folder {folder}.", folder=folder),
                say("It holds the folder's lock."),
            )
        case Presence.STOPPED:
            return warn(
                name,
                say("No service runs on the data folder {folder}.", folder=folder),
                say("Nothing is collected, detected or sent now."),
                say(
                    "Start it: `sentinel run`, or its unit (`systemctl start`). If it should be"
                    " running, see that this is its data folder, and read its log."
                ),
            )
        case _:
            return unknown(
                name,
                say(
                    "The lock in {folder} cannot be read.", folder=journal_folder(patient.settings)
                ),
                say("Whether a service runs cannot be seen."),
                say("Run this as the service's user, with `sudo -u USER`, or as root."),
            )


def problems(told: Sequence[str]) -> Check:
    """What the service itself complains of."""
    name = "service.problems"
    if not told:
        return ok(
            name, say("The running service knows of no problem."), say("It looks all the time.")
        )
    return warn(
        name,
        listed(told),
        say("The running service says so itself."),
        say("Each sentence says what it waits for; the service's log says since when."),
    )
