"""5. How bad is it? Points from 0 to 100, and a reason for each of them that a person can read.

The weights are policy data; this file only adds them up. The words of a reason are made by
`sentinel.wording.reason_words` from its code and details:

    code         details                                              points
    rule-level   level: Sigma's word                                  weights.level
    asset-level  level: "1".."5", "unknown", or "none" (no system)    weights.asset; 0 for "none"
    confidence   confidence: "high", "medium", "low"                  weights.confidence, 0 or less
    repetition   detections: how many, from: the threshold reached    weights.repetition
    limit        bound: "0" or "100", sum: points before              what the clamp took or gave

The first four are always there, also with 0 points: what did not count is an answer too.
"""

from __future__ import annotations

from sentinel.model.agency import SecurityLevel
from sentinel.model.alert import Reason, Score
from sentinel.model.policy import ScoreWeights
from sentinel.model.rule import Confidence, RuleCard

LOWEST, HIGHEST = 0, 100


def score(
    card: RuleCard, level: SecurityLevel | None, detections: int, weights: ScoreWeights
) -> Score:
    """Score a cause that has been detected this often.

    `level` is that of the information system concerned, None where no system is known. A value
    that the weights do not name counts 0. With weights that rise with severity, level and
    repetition, so does the score.
    """
    reasons: tuple[Reason, ...] = (
        Reason("rule-level", weights.level.get(card.level, 0), {"level": card.level.word}),
        _asset(level, weights),
        _confidence(card.confidence, weights),
        _repetition(detections, weights),
    )
    total = sum(reason.points for reason in reasons)
    points = min(max(total, LOWEST), HIGHEST)
    if points != total:
        limit = Reason("limit", points - total, {"bound": str(points), "sum": str(total)})
        reasons = (*reasons, limit)
    return Score(points, reasons)


def _asset(level: SecurityLevel | None, weights: ScoreWeights) -> Reason:
    if level is None:
        return Reason("asset-level", 0, {"level": "none"})
    word = "unknown" if level is SecurityLevel.UNKNOWN else str(int(level))
    return Reason("asset-level", weights.asset.get(level, 0), {"level": word})


def _confidence(confidence: Confidence, weights: ScoreWeights) -> Reason:
    points = weights.confidence.get(confidence, 0)
    return Reason("confidence", points, {"confidence": confidence.value})


def _repetition(detections: int, weights: ScoreWeights) -> Reason:
    reached = [(points, start) for start, points in weights.repetition if start <= detections]
    points, start = max(reached, default=(0, 1))
    return Reason("repetition", points, {"detections": str(detections), "from": str(start)})
