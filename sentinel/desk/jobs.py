"""Orders on many alerts: each is a job with an exact count, that outlives page and process.

The alerts of an order are looked up once, in the transaction that writes the job; what comes later
is not part of it. A chunk of them is changed in one transaction together with the counts, so a
job that is stopped at any point goes on where it was, and touches no alert twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sentinel.alert.lifecycle import chosen, named
from sentinel.desk.chunk import carry_on
from sentinel.desk.seat import Seat
from sentinel.errors import NotAllowed
from sentinel.i18n import show_time
from sentinel.model.ids import AlertId, JobId
from sentinel.model.job import UNDO_WITHIN, AlertAction, Job, JobItem
from sentinel.ports import Order, StateReader, StateTransaction

AT_ONCE = 200  # alerts of an order that somebody can wait for; more go on in the background
CHUNK = 200  # alerts changed in one transaction: others may write in between
LONGEST_NOTE = 4000  # characters; a note is written to each of the alerts
_PAGE = 5000  # items that are read at once


class JobDesk(Seat):
    """What is done with many alerts."""

    def act(self, order: Order) -> Job:
        """Do something with every alert of the order, each once; those it may not are counted.

        An order of at most `AT_ONCE` alerts is finished on return; of a larger one nothing is done
        yet, `work` goes on with it.

        Raises:
            NotAllowed: nobody is named, a note or a disposition is missing, or it is an UNDO.
        """
        order = _checked(order)
        now = self._clock.now()
        with self._state.transaction() as state:
            alerts = _resolved(state, order)
            job = Job(
                id=self._new_id(),
                action=order.action,
                by=order.who,
                at=now,
                total=len(alerts),
                note=order.note,
                disposition=order.disposition,
                filter=order.filter,
            )
            state.put_job(job, [JobItem(alert=alert) for alert in alerts])
            return self._begin(state, job)

    def undo(self, job: JobId, who: str) -> Job:
        """Put back what a job changed, but for alerts that have moved on since: a job too.

        Raises:
            NotFound: there is no such job.
            NotAllowed: it is not finished, changed nothing, is too old, undone already or an UNDO
                itself; or nobody is named.
        """
        who, now = named(who), self._clock.now()
        with self._state.transaction() as state:
            mistake = state.job(job)
            _must_be_undoable(state, mistake)
            if mistake.finished is None or now > mistake.finished + UNDO_WITHIN:
                raise NotAllowed(_too_late(mistake))
            undo = Job(
                id=self._new_id(),
                action=AlertAction.UNDO,
                by=who,
                at=now,
                total=mistake.changed,
                undoes=mistake.id,
            )
            state.put_job(undo)
            for items in _changed_items(state, mistake):
                state.put_job(undo, items)
            state.put_job(replace(mistake, undone_by=undo.id))
            return self._begin(state, undo)

    def job(self, job: JobId) -> Job:
        """One job and how far it is. Raises NotFound."""
        with self._state.reading() as state:
            return state.job(job)

    def jobs(self, limit: int) -> Sequence[Job]:
        """The newest jobs."""
        with self._state.reading() as state:
            return state.jobs(limit)

    def work(self, limit: int = CHUNK) -> bool:
        """Take the oldest unfinished job at most `limit` alerts further; whether there is more."""
        with self._state.reading() as state:
            if not state.jobs(1, unfinished=True):
                return False
        with self._state.transaction() as state:
            # Asked again: another process may have finished it in between.
            for job in state.jobs(1, unfinished=True):
                carry_on(state, job, limit, self._clock.now())
            return bool(state.jobs(1, unfinished=True))

    def _begin(self, state: StateTransaction, job: Job) -> Job:
        if job.total > AT_ONCE:
            return job
        return carry_on(state, job, AT_ONCE, self._clock.now())

    def _new_id(self) -> JobId:
        return JobId(f"j-{self._issuing.tokens.token()}")


def _checked(order: Order) -> Order:
    """The order in its final words. Raises NotAllowed where it makes no sense."""
    note = order.note.strip()
    if len(note) > LONGEST_NOTE:
        raise NotAllowed(
            f"The note has {len(note)} characters, at most {LONGEST_NOTE} are kept: shorten it."
        )
    disposition = None
    match order.action:
        case AlertAction.UNDO:
            raise NotAllowed("An undo needs the job that it takes back: undo that job instead.")
        case AlertAction.CLOSE:
            disposition = chosen(order.disposition)
            if not note:
                raise NotAllowed("Say why the alerts are closed: the reason is empty.")
        case AlertAction.NOTE if not note:
            raise NotAllowed("Write the note: it is empty.")
        case _:
            pass
    return replace(order, who=named(order.who), note=note, disposition=disposition)


def _resolved(state: StateReader, order: Order) -> Sequence[AlertId]:
    """The alerts that the order means now, each once."""
    if isinstance(order.alerts, tuple):
        return tuple(dict.fromkeys(order.alerts))
    return state.alert_ids(order.alerts)


def _must_be_undoable(state: StateReader, job: Job) -> None:
    """Raises NotAllowed."""
    if job.action is AlertAction.UNDO:
        raise NotAllowed(f"Job {job.id} took another one back: give that order again instead.")
    if job.undone_by is not None:
        undo = state.job(job.undone_by)
        raise NotAllowed(
            f"Job {job.id} was undone by {undo.by} at {show_time(undo.at)} (UTC+7) already."
        )
    if job.finished is not None and not job.changed:
        raise NotAllowed(f"Job {job.id} changed nothing: there is nothing to undo.")


def _too_late(job: Job) -> str:
    if job.finished is None:
        return f"Job {job.id} is at {job.done} of {job.total} alerts: undo it when it is finished."
    return (
        f"Job {job.id} was finished at {show_time(job.finished)} (UTC+7): it could be undone for"
        f" {UNDO_WITHIN.seconds // 60} minutes."
    )


def _changed_items(state: StateReader, job: Job) -> Iterator[Sequence[JobItem]]:
    """What a job changed, as items of the job that takes it back."""
    for after in range(0, job.total, _PAGE):
        items = state.job_items(job.id, _PAGE, after=after)
        yield [replace(item, done=False) for item in items if item.before is not None]
