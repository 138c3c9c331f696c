"""When a suppression hides something."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.model.ids import RuleId, SuppressionId
from sentinel.model.suppression import Scope, Suppression
from tests.samples import NOON

ONE = Suppression(
    id=SuppressionId("s-1"),
    version=1,
    scope=Scope(rule=RuleId("r")),
    title="SSH password guessing",
    reason="the scanner of our own audit",
    by="lan",
    at=NOON,
    begun=NOON,
    expires=NOON + timedelta(hours=8),
)


@pytest.mark.parametrize(
    ("hours", "expected"), [(-1, False), (0, True), (7, True), (8, False), (9, False)]
)
def test_it_works_from_its_beginning_until_its_end(hours, expected):
    """The end is not part of it."""
    assert ONE.works(NOON + timedelta(hours=hours)) is expected


def test_a_lifted_one_works_no_more():
    """Whatever its end says."""
    assert not replace(ONE, lifted=True).works(NOON)
