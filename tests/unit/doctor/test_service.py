"""Does the service run, and what does it say of itself?"""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from sentinel.doctor.linux import Presence
from sentinel.doctor.service import examine_service, running


@pytest.mark.parametrize(
    ("presence", "expected"),
    [(Presence.RUNNING, "ok"), (Presence.STOPPED, "warn"), (Presence.UNKNOWN, "unknown")],
)
def test_whether_it_runs(patient, presence, expected):
    """Not to see is not "stopped"."""
    assert running(replace(patient, presence=presence)).status.value == expected


@pytest.mark.parametrize(("problems", "expected"), [([], "ok"), (["mail waits: refused"], "warn")])
def test_its_own_problems_are_told_from_inside(patient, standing, problems, expected):
    """It knows what cannot be seen from outside."""
    health = SimpleNamespace(status=lambda: SimpleNamespace(problems=problems))

    checks = list(examine_service(replace(patient, presence=Presence.RUNNING, health=health)))

    assert standing(checks) == [("service.running", "ok"), ("service.problems", expected)]
    assert all(problem in checks[1].found.en for problem in problems)


def test_from_outside_they_are_not_known(patient, standing):
    """Nobody is asked."""
    assert standing(examine_service(patient)) == [("service.running", "warn")]
