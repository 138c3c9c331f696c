"""The API's jobs: one order for many alerts, how far it is, and its way back."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sentinel.model.alert import Disposition
from sentinel.model.ids import AlertId, JobId
from sentinel.model.job import AlertAction, Job
from sentinel.ports import AlertQuery, Desk, Order
from sentinel.web.api.asking import AlertChoice, Ask, Limit, Name, PersonsDisposition, Words
from sentinel.web.api.routing import CHANGED, CONFLICT, FOUND, Caller, JobPath, cut, guarded
from sentinel.web.api.shapes import Shape, Text, Utc

PersonsAction = Literal[
    AlertAction.ACKNOWLEDGE, AlertAction.TAKE, AlertAction.NOTE, AlertAction.CLOSE
]


class JobFilter(Ask):
    """How many jobs."""

    limit: Limit = 100


class Acting(BaseModel):
    """Do this with these alerts: `ids`, or all that `filter` fits now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: PersonsAction
    ids: list[Name] | None = Field(default=None, min_length=1, max_length=1000)
    filter: AlertChoice | None = None
    note: Words = Field(default="", description="For close: the reason.")
    disposition: PersonsDisposition | None = Field(default=None, description="For close alone.")

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if (self.ids is None) == (self.filter is None):
            raise ValueError("either ids or filter, and not both")
        if self.filter is not None and self.filter.query() == AlertQuery():
            raise ValueError("a filter with a condition: an empty one would mean every alert")
        return self

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if (self.action is AlertAction.CLOSE) != (self.disposition is not None):
            raise ValueError("a disposition where the action is close, and nowhere else")
        if self.action in (AlertAction.CLOSE, AlertAction.NOTE) and not self.note:
            raise ValueError("a note where the action is close or note")
        return self

    def order(self, who: str) -> Order:
        """Say it as the desk is told."""
        ids = tuple(dict.fromkeys(AlertId(each) for each in self.ids or ()))
        return Order(
            action=self.action,
            alerts=ids if self.filter is None else self.filter.query(),
            who=who,
            note=self.note,
            disposition=self.disposition,
            filter=self.filter.model_dump_json(exclude_unset=True) if self.filter else "",
        )


class JobShape(Shape):
    """An order and how far it is; `changed + refused` is `total` when it is finished."""

    id: str
    action: AlertAction
    by: Text
    at: Utc
    total: int = Field(description="Alerts that fitted when the order was given.")
    changed: int
    refused: int
    refusals: list[Text] = Field(description="The first few, a sentence each.")
    note: Text
    disposition: Disposition | None
    filter: Text = Field(description="The filter as it was asked, for the record.")
    finished: Utc | None = Field(description="null: it is under way.")
    undoes: str | None
    undone_by: str | None


class JobList(Shape):
    """Jobs, newest first. `more` says that the limit cut the list."""

    jobs: list[JobShape]
    more: bool


def job_shape(job: Job) -> JobShape:
    """Show a job."""
    return JobShape(
        id=job.id,
        action=job.action,
        by=job.by,
        at=job.at,
        total=job.total,
        changed=job.changed,
        refused=job.refused,
        refusals=list(job.refusals),
        note=job.note,
        disposition=job.disposition,
        filter=job.filter,
        finished=job.finished,
        undoes=job.undoes,
        undone_by=job.undone_by,
    )


def job_routes(desk: Desk) -> APIRouter:
    """Everything below /jobs, and the order that makes one."""
    router = guarded("jobs")

    @router.post("/alerts/act", responses=CONFLICT)
    def act(caller: Caller, body: Acting) -> JobShape:
        """Do something with many alerts at once, each exactly once.

        A small order is finished in the answer; a large one goes on, at /jobs/{job_id}.
        """
        return job_shape(desk.act(body.order(caller)))

    @router.get("/jobs")
    def jobs(ask: Annotated[JobFilter, Query()]) -> JobList:
        """List jobs, the newest first."""
        found, more = cut(desk.jobs(ask.limit + 1), ask.limit)
        return JobList(jobs=[job_shape(job) for job in found], more=more)

    @router.get("/jobs/{job_id}", responses=FOUND)
    def job(job_id: JobPath) -> JobShape:
        """Show one job: exact counts, and what was refused."""
        return job_shape(desk.job(JobId(job_id)))

    @router.post("/jobs/{job_id}/undo", responses=CHANGED)
    def undo(job_id: JobPath, caller: Caller) -> JobShape:
        """Put back what it changed, but for alerts that have moved on since: a job too."""
        return job_shape(desk.undo(JobId(job_id), caller))

    return router
