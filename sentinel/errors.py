"""Every error of ours is a sentence with a place and a way out.

SentinelError
├── InputError              something a person wrote is wrong; carries all its faults
│   ├── SettingsError       sentinel.yml
│   ├── RegistryError       the registry of agencies
│   └── RuleError           a Sigma rule
├── NotFound                no such alert, warning, agency, event
├── NotAllowed              the thing exists, its state forbids the action
├── AlreadyRunning          another service holds the data folder
├── PortTaken               a listener's address is in use
├── WorkerLost              a process that shared a work has ended before it was done
├── JournalFull             the disk reserve is reached; nothing is taken until there is room
├── JournalDamaged          a journal file cannot be read; it was set aside
├── StoreDamaged            a segment cannot be read; it was set aside
├── StateDamaged            the state database cannot be read
├── StateUnfinished         a crash left it half written; the next opening puts it right
└── DeliveryError           a message was not accepted
    ├── TemporaryRefusal    try again later (4xx, time-out, no connection)
    │   └── AnswerLost      handed over, but no answer came: it may have arrived
    └── PermanentRefusal    never again (5xx)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# What code raises at a value that it was not made for. Disks, databases and networks say OSError,
# or one of ours, instead.
MISTAKES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, where, and what would be right.

    `place` is `file:line` (or `file` where no line is known); `key` the dotted key or the field;
    `found` what stands there; `allowed` what may stand there, as a sentence fragment.
    """

    place: str
    message: str
    key: str = ""
    found: str = ""
    allowed: str = ""

    def __str__(self) -> str:
        text = f"{self.place}: "
        text += f"{self.key}: " if self.key else ""
        text += self.message
        text += f"; found {self.found}" if self.found else ""
        return text + (f"; allowed: {self.allowed}" if self.allowed else "")


class SentinelError(Exception):
    """The root: whoever catches it can show `str(error)` to a person."""


class InputError(SentinelError):
    """Something a person wrote is wrong. All faults at once, never only the first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class SettingsError(InputError):
    """The settings file cannot be used."""


class RegistryError(InputError):
    """The registry of agencies cannot be used."""


class RuleError(InputError):
    """A rule cannot be used; the others run."""


class NotFound(SentinelError):  # noqa: N818 - reads as the sentence it is
    """There is no such thing."""


class NotAllowed(SentinelError):  # noqa: N818 - reads as the sentence it is
    """The thing exists, but its state forbids the action."""


class AlreadyRunning(SentinelError):  # noqa: N818 - reads as the sentence it is
    """Another service holds this data folder."""


class PortTaken(SentinelError):  # noqa: N818 - reads as the sentence it is
    """A listener's address is in use by another program."""


class WorkerLost(SentinelError):  # noqa: N818 - reads as the sentence it is
    """A process that shared a work has ended before the work was done."""


class JournalFull(SentinelError):  # noqa: N818 - reads as the sentence it is
    """The disk reserve is reached: nothing more is taken until there is room."""


class JournalDamaged(SentinelError):  # noqa: N818 - reads as the sentence it is
    """A journal file cannot be read; it was set aside, and the error says how much it held."""


class StoreDamaged(SentinelError):  # noqa: N818 - reads as the sentence it is
    """A segment of events cannot be read; it was set aside."""


class StateDamaged(SentinelError):  # noqa: N818 - reads as the sentence it is
    """The state database is damaged, or is none."""


class StateUnfinished(SentinelError):  # noqa: N818 - reads as the sentence it is
    """A crash left a transaction half written: whoever opens it for writing rolls it back."""


class DeliveryError(SentinelError):
    """A message was not accepted."""


class TemporaryRefusal(DeliveryError):  # noqa: N818 - the mail world's own word
    """Not now: 4xx, a time-out, no connection. Try again later."""


class AnswerLost(TemporaryRefusal):
    """The message was handed over and no answer came: it may have arrived. The next is a repeat."""


class PermanentRefusal(DeliveryError):  # noqa: N818 - the mail world's own word
    """Never: 5xx. Trying again would change nothing."""
