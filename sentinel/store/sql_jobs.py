"""Jobs in SQL: a row a job, and a row for each of its alerts, in the job's order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select

from sentinel.errors import NotFound
from sentinel.model.ids import JobId
from sentinel.model.job import Job, JobItem
from sentinel.store.codec import text_of, value_of
from sentinel.store.rows import job_of, job_row
from sentinel.store.schema import JOB_IS_UNFINISHED, job_items, jobs
from sentinel.store.sql_put import put, replacement


class JobReader:
    """The part of `ports.StateReader` that tells of jobs."""

    _connection: Connection

    def job(self, job: JobId) -> Job:
        """See `ports.StateReader.job`."""
        row = self._connection.execute(select(jobs).where(jobs.c.id == job)).mappings().first()
        if row is None:
            raise NotFound(f"there is no job {job!r}")
        return job_of(row)

    def jobs(self, limit: int, *, unfinished: bool = False) -> Sequence[Job]:
        """See `ports.StateReader.jobs`. Those given at once by id, in the same direction."""
        if unfinished:
            wanted = select(jobs).where(JOB_IS_UNFINISHED).order_by(jobs.c.at, jobs.c.id)
        else:
            wanted = select(jobs).order_by(jobs.c.at.desc(), jobs.c.id.desc())
        rows = self._connection.execute(wanted.limit(limit)).mappings()
        return [job_of(row) for row in rows]

    def job_items(self, job: JobId, limit: int, *, after: int = 0) -> Sequence[JobItem]:
        """See `ports.StateReader.job_items`. None where there is no such job."""
        texts = self._connection.execute(
            select(job_items.c.rest)
            .where(job_items.c.job == job, job_items.c.position >= after)
            .order_by(job_items.c.position)
            .limit(limit)
        ).scalars()
        return [value_of(JobItem, text) for text in texts]


class JobWriter(JobReader):
    """The part of `ports.StateTransaction` that changes jobs."""

    def put_job(self, job: Job, items: Sequence[JobItem] = ()) -> None:
        """See `ports.StateTransaction.put_job`."""
        put(self._connection, jobs, job_row(job), "id")
        if items:
            rows = _item_rows(job.id, self._count_items(job.id), items)
            self._connection.execute(insert(job_items), [*rows])

    def put_job_items(self, job: JobId, after: int, items: Sequence[JobItem]) -> None:
        """See `ports.StateTransaction.put_job_items`.

        Raises:
            ValueError: the job has fewer items.
        """
        if after + len(items) > self._count_items(job):
            raise ValueError(f"job {job}: {len(items)} items after {after} are more than it has")
        if items:
            rows = [
                {**row, "this_job": job, "this_position": row["position"]}
                for row in _item_rows(job, after, items)
            ]
            self._connection.execute(replacement(job_items, ("job", "position")), rows)

    def _count_items(self, job: JobId) -> int:
        last = self._connection.execute(
            select(func.max(job_items.c.position)).where(job_items.c.job == job)
        ).scalar()
        return 0 if last is None else int(last) + 1


def _item_rows(job: JobId, first: int, items: Sequence[JobItem]) -> Iterable[Mapping[str, Any]]:
    for position, item in enumerate(items, start=first):
        yield {"job": job, "position": position, "rest": text_of(item)}
