"""What an analyst triages."""

from sentinel.model.alert import Score
from sentinel.model.severity import Severity


def test_a_score_is_said_as_a_word():
    """The word that the letter uses is the score's, not the rule's."""
    assert Score(85, ()).severity is Severity.CRITICAL
