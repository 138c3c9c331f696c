"""A job counts what it has looked at."""

from sentinel.model.ids import JobId
from sentinel.model.job import AlertAction, Job
from tests.samples import NOON


def test_what_was_changed_and_what_was_refused_is_done():
    """Both count."""
    job = Job(
        id=JobId("j-1"), action=AlertAction.TAKE, by="lan", at=NOON, total=9, changed=4, refused=2
    )

    assert job.done == 6
