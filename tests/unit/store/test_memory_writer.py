"""What is special to writing in memory: values that are there are replaced, never changed."""

import pytest

from sentinel.model.job import AlertAction, Job, JobItem
from sentinel.store.memory_tables import MemoryTables
from sentinel.store.memory_writer import MemoryWriter
from tests.samples import NOON

JOB = Job(id="j", action=AlertAction.CLOSE, by="lan", at=NOON, total=2)


def test_items_in_the_copy_leave_those_of_the_original_alone():
    """They are written over in the copy alone."""
    original = MemoryTables()
    MemoryWriter(original).put_job(JOB, [JobItem(alert="a"), JobItem(alert="b")])
    MemoryWriter(original.copy()).put_job_items("j", 0, [JobItem(alert="a", done=True)])
    assert (JobItem(alert="a"), JobItem(alert="b")) == original.job_items["j"]


def test_a_refusal_says_how_it_came_to_it():
    """The job, and where in it."""
    with pytest.raises(ValueError, match="job j: 1 items after 0 are more than it has"):
        MemoryWriter(MemoryTables()).put_job_items("j", 0, [JobItem(alert="a")])
