"""An action on alerts, on one or on a hundred thousand: a record with an exact count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sentinel.model.alert import AlertState, Disposition
from sentinel.model.ids import AlertId, JobId

UNDO_WITHIN = timedelta(minutes=15)  # after a job was finished


class AlertAction(StrEnum):
    """What is done with each alert."""

    ACKNOWLEDGE = "acknowledge"
    TAKE = "take"
    NOTE = "note"
    CLOSE = "close"
    UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertStanding:
    """What an action changes of an alert, as it was before: what an undo puts back.

    `entries` is how many lines the alert's history had: one more is the action's own, and an
    alert that has any behind it has moved on since.
    """

    state: AlertState
    assignee: str
    disposition: Disposition | None
    entries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One order and how far it is. `total` alerts fitted when it was given; these and no others.

    `changed` and `refused` count what is done: `changed + refused == total` when it is finished.
    `refusals` are the first few sentences. `note` is the reason where the action is CLOSE.
    `undoes` is the job that an UNDO takes back, `undone_by` the job that took this one back.
    """

    id: JobId
    action: AlertAction
    by: str
    at: datetime
    total: int
    note: str = ""
    disposition: Disposition | None = None
    filter: str = ""
    changed: int = 0
    refused: int = 0
    refusals: tuple[str, ...] = ()
    finished: datetime | None = None
    undoes: JobId | None = None
    undone_by: JobId | None = None

    @property
    def done(self) -> int:
        """How many of `total` have been looked at."""
        return self.changed + self.refused

    def can_be_undone(self, now: datetime) -> bool:
        """Whether what it changed can still be put back."""
        return (
            self.action is not AlertAction.UNDO
            and self.undone_by is None
            and self.changed > 0
            and self.finished is not None
            and now <= self.finished + UNDO_WITHIN
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobItem:
    """One alert of a job. `done` False: its turn is to come.

    `before` is how the alert stood before it was changed, None as long as it is not. Those of an
    UNDO have what is to be put back from the beginning, and None where that was refused.
    """

    alert: AlertId
    done: bool = False
    before: AlertStanding | None = None
