"""Everything the doctor looks at, in order; no look can keep the next one from being taken."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sentinel.doctor.agencies import examine_agencies
from sentinel.doctor.certificates import examine_certificates
from sentinel.doctor.clock import examine_clock
from sentinel.doctor.collectors import examine_collectors
from sentinel.doctor.detection import examine_detection
from sentinel.doctor.disk import examine_disk
from sentinel.doctor.events import examine_events
from sentinel.doctor.journal import examine_journal
from sentinel.doctor.linux import Presence
from sentinel.doctor.mail import examine_mail
from sentinel.doctor.outbox import examine_outbox
from sentinel.doctor.patient import Patient
from sentinel.doctor.people import examine_people
from sentinel.doctor.ports import examine_ports
from sentinel.doctor.rules import examine_rules
from sentinel.doctor.say import say, unknown
from sentinel.doctor.service import examine_service
from sentinel.doctor.settings import examine_settings
from sentinel.doctor.sqlite import examine_sqlite
from sentinel.doctor.state import examine_state
from sentinel.doctor.versions import examine_versions
from sentinel.errors import MISTAKES, SentinelError
from sentinel.model.checkup import Check
from sentinel.ports import Clock, Health
from sentinel.settings import Settings

Examine = Callable[[Patient], Iterable[Check]]


@dataclass(frozen=True, slots=True)
class Subject:
    """One look. `keys` are those of the settings that it cannot do without."""

    name: str
    examine: Examine
    keys: frozenset[str] = frozenset()


_DATA = frozenset({"data"})

SUBJECTS: Sequence[Subject] = (
    Subject("settings", examine_settings),
    Subject("service", examine_service, _DATA),
    Subject("state", examine_state, _DATA),
    Subject("journal", examine_journal, _DATA),
    Subject("events", examine_events, _DATA),
    Subject("outbox", examine_outbox, _DATA),
    Subject("mail", examine_mail, frozenset({"mail"})),
    Subject("agencies", examine_agencies, frozenset({"data", "agencies"})),
    Subject("people", examine_people, _DATA),
    Subject("rules", examine_rules, frozenset({"rules"})),
    Subject("detection", examine_detection),
    Subject("collectors", examine_collectors),
    Subject("ports", examine_ports, _DATA),
    Subject("certificates", examine_certificates, frozenset({"data", "web"})),
    Subject("disk", examine_disk, frozenset({"data", "journal"})),
    Subject("clock", examine_clock, frozenset({"data", "time_zone"})),
    Subject("sqlite", examine_sqlite),
    Subject("versions", examine_versions),
)


def examine(patient: Patient, subjects: Sequence[Subject] = SUBJECTS) -> list[Check]:
    """Look at everything. Never raises what can be expected to go wrong."""
    return [check for subject in subjects for check in _look(subject, patient)]


def _look(subject: Subject, patient: Patient) -> Iterator[Check]:
    name = f"{subject.name}.look"
    broken = frozenset[str]() if patient.reading is None else patient.reading.broken
    if wrong := sorted(subject.keys & broken):
        yield unknown(
            name,
            say("Not looked at: {keys} in the settings cannot be used.", keys=", ".join(wrong)),
            say("What would be found with another value would say nothing."),
            say("Correct the settings, then run this again."),
        )
        return
    try:
        yield from subject.examine(patient)
    except PermissionError as error:
        yield unknown(
            name,
            say("This user may not look: {error}", error=_said(error)),
            say("Only the service's user, or root, can see whether all is well."),
            say("Run this as the service's user (`sudo -u USER`), or as root."),
        )
    except (SentinelError, OSError, *MISTAKES) as error:
        yield unknown(
            name,
            say("The look broke off: {error}", error=f"{type(error).__name__}: {_said(error)}"),
            say("What comes after it in this subject was not looked at."),
            say("If nothing else here explains it, report it with this sentence."),
        )


def _said(error: Exception) -> str:
    """The error in words, without its number."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)


class Doctor:
    """Implements `ports.Checkup` inside the running service, with the settings it runs with."""

    def __init__(self, settings: Settings, clock: Clock, health: Health | None = None) -> None:
        self._patient = Patient(
            settings=settings,
            clock=clock,
            presence=Presence.RUNNING,
            pid=os.getpid(),
            health=health,
        )

    def examine(self) -> Sequence[Check]:
        """Look at everything; it takes seconds, and must not be called on an event loop."""
        return examine(self._patient)
