"""Sigma's levels and the words of a score."""

import pytest

from sentinel.model.severity import Severity


@pytest.mark.parametrize(
    ("points", "expected"),
    [(0, "informational"), (19, "informational"), (20, "low"), (40, "medium"), (59, "medium"),
     (60, "high"), (79, "high"), (80, "critical"), (100, "critical"), (-5, "informational")],
)  # fmt: skip
def test_a_score_has_a_word(points, expected):
    """Twenty points a step."""
    assert Severity.of_score(points).word == expected


def test_a_word_is_read_in_any_case_and_a_wrong_one_is_refused():
    """Sigma writes them in lower case; people do not always."""
    assert Severity.of_word("High") is Severity.HIGH
    with pytest.raises(ValueError, match="no such level: 'hgih'"):
        Severity.of_word("hgih")
