"""A score is the sum of its reasons, and each reason can be read."""

from hypothesis import given
from hypothesis import strategies as st

from sentinel.model.agency import SecurityLevel
from sentinel.model.alert import Reason, Score
from sentinel.model.policy import ScoreWeights
from sentinel.model.rule import Confidence
from sentinel.model.severity import Severity
from sentinel.score import score
from tests.samples import a_card

WEIGHTS = ScoreWeights(
    level={
        Severity.INFORMATIONAL: 5,
        Severity.LOW: 20,
        Severity.MEDIUM: 40,
        Severity.HIGH: 60,
        Severity.CRITICAL: 80,
    },
    asset={level: 4 * int(level) for level in SecurityLevel},
    confidence={Confidence.HIGH: 0, Confidence.MEDIUM: -5, Confidence.LOW: -15},
    repetition=((3, 5), (10, 10)),
)
SEVERITIES = st.sampled_from(Severity)
LEVELS = st.none() | st.sampled_from(SecurityLevel)
CONFIDENCES = st.sampled_from(Confidence)
DETECTIONS = st.integers(min_value=1, max_value=1_000_000)


def rising(values, low, high):
    numbers = st.lists(st.integers(low, high), min_size=len(values), max_size=len(values))
    return numbers.map(lambda points: dict(zip(values, sorted(points), strict=True)))


# Any policy whose weights rise, also one whose sums leave 0..100 on either side.
POLICIES = st.builds(
    ScoreWeights,
    level=rising(list(Severity), -50, 150),
    asset=rising(list(SecurityLevel), 0, 60),
    confidence=rising([Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH], -120, 0),
    repetition=st.lists(st.tuples(st.integers(1, 50), st.integers(0, 60)), max_size=4).map(tuple),
)


def test_each_point_has_its_reason():
    """A high rule on a level 3 system, seen four times, says what each part gave."""
    result = score(a_card(confidence=Confidence.MEDIUM), SecurityLevel.THREE, 4, WEIGHTS)

    assert (
        Score(
            72,
            (
                Reason("rule-level", 60, {"level": "high"}),
                Reason("asset-level", 12, {"level": "3"}),
                Reason("confidence", -5, {"confidence": "medium"}),
                Reason("repetition", 5, {"detections": "4", "from": "3"}),
            ),
        )
        == result
    )


def test_what_counts_nothing_is_said_too():
    """Without a known system, repetition or doubt the reasons are there with 0 points."""
    result = score(a_card(), None, 1, WEIGHTS)

    assert [
        Reason("asset-level", 0, {"level": "none"}),
        Reason("confidence", 0, {"confidence": "high"}),
        Reason("repetition", 0, {"detections": "1", "from": "1"}),
    ] == list(result.reasons[1:])


def test_an_unclassified_system_is_not_an_unknown_one():
    """Level "unknown" weighs what the policy says; "no system" weighs nothing."""
    weights = ScoreWeights(level={}, asset={SecurityLevel.UNKNOWN: 6}, confidence={}, repetition=())

    unknown = score(a_card(), SecurityLevel.UNKNOWN, 1, weights)

    assert Reason("asset-level", 6, {"level": "unknown"}) == unknown.reasons[1]
    assert unknown.points == 6
    assert score(a_card(), None, 1, weights).points == 0


def test_a_score_ends_at_100_and_says_so():
    """What the clamp takes away is the last reason."""
    result = score(a_card(level=Severity.CRITICAL), SecurityLevel.FIVE, 10, WEIGHTS)

    assert result.points == 100
    assert Reason("limit", -10, {"bound": "100", "sum": "110"}) == result.reasons[-1]


def test_a_score_does_not_fall_below_0():
    """A doubtful rule that says little ends at 0, and the limit gives the points back."""
    card = a_card(level=Severity.INFORMATIONAL, confidence=Confidence.LOW)

    result = score(card, None, 1, WEIGHTS)

    assert result.points == 0
    assert Reason("limit", 10, {"bound": "0", "sum": "-10"}) == result.reasons[-1]


def test_the_order_of_the_thresholds_does_not_matter():
    """A policy that lists repetition downwards gives the same points."""
    downwards = ScoreWeights(level={}, asset={}, confidence={}, repetition=((10, 10), (3, 5)))

    assert [score(a_card(), None, n, downwards).points for n in (2, 3, 9, 10)] == [0, 5, 5, 10]


@given(SEVERITIES, CONFIDENCES, LEVELS, DETECTIONS, POLICIES)
def test_the_points_are_the_sum_of_the_reasons(severity, confidence, level, detections, weights):
    """Whatever the policy: 0 to 100, and nothing unexplained."""
    result = score(a_card(level=severity, confidence=confidence), level, detections, weights)

    assert sum(reason.points for reason in result.reasons) == result.points
    assert 0 <= result.points <= 100
    assert all(isinstance(v, str) for reason in result.reasons for v in reason.details.values())


@given(SEVERITIES, CONFIDENCES, LEVELS, st.tuples(DETECTIONS, DETECTIONS), POLICIES)
def test_more_detections_never_lower_a_score(severity, confidence, level, counts, weights):
    """Repetition adds or leaves as it is."""
    card = a_card(level=severity, confidence=confidence)

    fewer, more = (score(card, level, count, weights) for count in sorted(counts))

    assert fewer.points <= more.points


@given(st.tuples(SEVERITIES, SEVERITIES), CONFIDENCES, LEVELS, DETECTIONS, POLICIES)
def test_a_graver_rule_never_lowers_a_score(severities, confidence, level, detections, weights):
    """The rule's level adds or leaves as it is."""
    lower, higher = (
        score(a_card(level=severity, confidence=confidence), level, detections, weights)
        for severity in sorted(severities)
    )

    assert lower.points <= higher.points


@given(SEVERITIES, CONFIDENCES, st.tuples(LEVELS, LEVELS), DETECTIONS, POLICIES)
def test_a_weightier_system_never_lowers_a_score(severity, confidence, levels, detections, weights):
    """No system, unknown, 1 to 5: each counts at least as much as the one before."""
    card = a_card(level=severity, confidence=confidence)
    ordered = sorted(levels, key=lambda level: -1 if level is None else int(level))

    lower, higher = (score(card, level, detections, weights) for level in ordered)

    assert lower.points <= higher.points
