"""A chunk of a job: so many alerts changed, their items and the counts, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sentinel.alert import lifecycle
from sentinel.errors import NotAllowed, NotFound
from sentinel.model.alert import Alert, AlertState
from sentinel.model.job import AlertAction, AlertStanding, Job, JobItem
from sentinel.ports import StateTransaction

REFUSALS_KEPT = 5


def carry_on(state: StateTransaction, job: Job, limit: int, at: datetime) -> Job:
    """Take a job at most `limit` alerts further, in this transaction; returns how far it is."""
    items = []
    refusals = list(job.refusals)
    changed = 0
    for item in state.job_items(job.id, limit, after=job.done):
        try:
            before = _carry_out(state, job, item, at)
        except (NotAllowed, NotFound) as refusal:
            items.append(replace(item, done=True, before=None))
            refusals.append(str(refusal))
        else:
            items.append(replace(item, done=True, before=before))
            changed += 1
    state.put_job_items(job.id, job.done, items)
    after = replace(
        job,
        changed=job.changed + changed,
        refused=job.refused + len(items) - changed,
        refusals=tuple(refusals[:REFUSALS_KEPT]),
    )
    if after.done >= job.total:
        after = replace(after, finished=at)
    state.put_job(after)
    return after


def _carry_out(state: StateTransaction, job: Job, item: JobItem, at: datetime) -> AlertStanding:
    """Change one alert; returns what undoing that would put back. Raises NotAllowed, NotFound."""
    alert = state.alert(item.alert)
    if job.action is AlertAction.UNDO and item.before is not None:
        state.put_alert(_put_back(state, alert, item.before, job.by, at))
        return item.before
    state.put_alert(_stepped(alert, job, at))
    return lifecycle.standing(alert)


def _stepped(alert: Alert, job: Job, at: datetime) -> Alert:
    match job.action:
        case AlertAction.ACKNOWLEDGE:
            return lifecycle.acknowledge(alert, job.by, at, job.note)
        case AlertAction.TAKE:
            return lifecycle.take(alert, job.by, at, job.note)
        case AlertAction.NOTE:
            return lifecycle.note(alert, job.by, at, job.note)
        case AlertAction.CLOSE:
            disposition = lifecycle.chosen(job.disposition)
            return lifecycle.close(alert, job.by, at, disposition, job.note)
        case AlertAction.UNDO:
            raise NotAllowed(f"It is not known how alert {alert.id} stood before.")


def _put_back(
    state: StateTransaction, alert: Alert, before: AlertStanding, who: str, at: datetime
) -> Alert:
    undone = lifecycle.undone(alert, who, at, before)
    if undone.state is not AlertState.CLOSED:
        another = state.open_alert(alert.agency, alert.cause)
        if another is not None and another.id != alert.id:
            raise NotAllowed(
                f"Alert {alert.id} stays closed: its cause has a new alert since, {another.id}."
            )
    return undone
