"""A job counts what it has looked at, and says whether it can be taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.model.ids import JobId
from sentinel.model.job import UNDO_WITHIN, AlertAction, Job
from tests.samples import NOON

DONE = Job(
    id=JobId("j-1"),
    action=AlertAction.TAKE,
    by="lan",
    at=NOON,
    total=6,
    changed=4,
    refused=2,
    finished=NOON,
)


def test_what_was_changed_and_what_was_refused_is_done():
    """Both count."""
    assert DONE.done == 6


@pytest.mark.parametrize(
    ("changes", "after", "expected"),
    [
        ({}, UNDO_WITHIN, True),
        ({}, UNDO_WITHIN + timedelta(seconds=1), False),
        ({"changed": 0}, timedelta(), False),
        ({"finished": None}, timedelta(), False),
        ({"undone_by": JobId("j-2")}, timedelta(), False),
        ({"action": AlertAction.UNDO}, timedelta(), False),
    ],
)
def test_a_change_can_be_taken_back_once_and_for_a_while(changes, after, expected):
    """When it is finished; an undo itself cannot."""
    assert expected == replace(DONE, **changes).can_be_undone(NOON + after)
