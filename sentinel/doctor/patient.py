"""Who is examined: settings, time, and whether the service is there to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sentinel.assembly import journal_folder
from sentinel.doctor.linux import Presence, lock_holder, presence
from sentinel.doctor.reading import Reading
from sentinel.ports import Clock, Health
from sentinel.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """One service, or the place where one would run.

    `reading` None: the settings are those that the service itself runs with. `pid` is the
    service's process, None where it does not run or cannot be seen. `health` asks the service
    from inside.
    """

    settings: Settings
    clock: Clock
    presence: Presence
    reading: Reading | None = None
    pid: int | None = None
    health: Health | None = None

    @property
    def running(self) -> bool:
        """Whether the service is known to run."""
        return self.presence is Presence.RUNNING


def from_outside(reading: Reading, clock: Clock) -> Patient:
    """The patient that these settings name, seen by another process."""
    lock = lock_file(reading.settings)
    there = presence(lock)
    return Patient(
        settings=reading.settings,
        clock=clock,
        presence=there,
        reading=reading,
        pid=lock_holder(lock) if there is Presence.RUNNING else None,
    )


def lock_file(settings: Settings) -> Path:
    """The file that a running service holds locked."""
    return journal_folder(settings) / "lock"


def there(path: Path) -> bool:
    """Whether a file or folder is there; unlike `Path.exists`, not knowing is no answer.

    Raises:
        OSError: we may not look.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True
