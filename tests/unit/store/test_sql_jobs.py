"""What is special to jobs in SQL: a hundred thousand items go in and are read in pieces."""

import json

import pytest
from sqlalchemy import create_engine, select

from sentinel.model.alert import AlertState
from sentinel.model.job import AlertAction, AlertStanding, Job, JobItem
from sentinel.store.schema import job_items, metadata
from sentinel.store.sql_jobs import JobWriter
from tests.samples import NOON

JOB = Job(id="j", action=AlertAction.CLOSE, by="lan", at=NOON, total=3)
BEFORE = AlertStanding(state=AlertState.NEW, assignee="", disposition=None)


@pytest.fixture
def writer():
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        jobs = JobWriter()
        jobs._connection = connection
        yield jobs
    engine.dispose()


def test_items_are_rows_in_the_jobs_order(writer):
    """Added behind those that are there, and written over in their place."""
    writer.put_job(JOB, [JobItem(alert="a"), JobItem(alert="b")])
    writer.put_job(JOB, [JobItem(alert="c")])
    writer.put_job_items("j", 1, [JobItem(alert="b", done=True, before=BEFORE)])
    rows = writer._connection.execute(select(job_items.c.position, job_items.c.rest)).all()
    told = [
        (position, json.loads(rest)["alert"], json.loads(rest)["done"]) for position, rest in rows
    ]
    assert told == [(0, "a", False), (1, "b", True), (2, "c", False)]


def test_a_large_job_is_read_in_pieces(writer):
    """The end of it is as near as its beginning."""
    writer.put_job(JOB, [JobItem(alert=str(number)) for number in range(3000)])
    found = writer.job_items("j", 2, after=2998)
    assert [item.alert for item in found] == ["2998", "2999"]
