"""Is any rule blind?"""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from sentinel.doctor.detection import examine_detection
from sentinel.model.ids import RuleId
from sentinel.model.profile import DetectionProfile, Resting
from tests.samples import NOON

REST = Resting(
    rule=RuleId("r"),
    title="slow",
    why="rules/slow.yml:3: rule 'slow' is left out",
    since=NOON,
    until=NOON + timedelta(minutes=1),
)


def asked(patient, now, ever):
    health = SimpleNamespace(
        resting=lambda: now, profile=lambda: DetectionProfile(resting=tuple(ever))
    )
    return list(examine_detection(replace(patient, health=health)))


@pytest.mark.parametrize(
    ("now", "ever", "expected"),
    [([REST], [REST], "fail"), ([], [REST], "warn"), ([], [], "ok")],
)
def test_a_rule_that_is_blind_is_wrong_one_that_was_needs_attention(
    patient, standing, now, ever, expected
):
    """With the engine's own sentence, and what to do."""
    checks = asked(patient, now, ever)

    assert standing(checks) == [("detection.resting", expected)]
    assert (REST.why in checks[0].found.en) is bool(ever)
    assert (checks[0].remedy is not None) is bool(ever)


def test_from_outside_it_is_not_known(patient):
    """Nobody is asked."""
    assert list(examine_detection(patient)) == []
