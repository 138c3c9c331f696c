"""What may be asked: bounds and defaults."""

import pytest
from pydantic import ValidationError

from sentinel.model.alert import Disposition
from sentinel.web.api.asking import AlertFilter, Closing, ContextFilter, Note


def test_without_filters_everything_is_asked_for():
    """No state, no agency, no lowest score; a hundred at most."""
    ask = AlertFilter()

    assert (
        ask.state,
        ask.agency,
        ask.unassigned,
        ask.min_score,
        ask.limit,
    ) == ([], None, False, 0, 100)


@pytest.mark.parametrize("limit", [0, 501, "many"])
def test_a_list_is_bounded(limit):
    """Nobody asks for everything at once."""
    with pytest.raises(ValidationError):
        AlertFilter.model_validate({"limit": limit})


@pytest.mark.parametrize("minutes", [-1, 1441])
def test_a_context_is_at_most_a_day(minutes):
    """Before the first event and after the last."""
    with pytest.raises(ValidationError):
        ContextFilter.model_validate({"minutes": minutes})


@pytest.mark.parametrize(
    "disposition", [each for each in Disposition if each != "resolved-by-system"]
)
def test_a_person_closes_with_any_disposition_but_the_systems(disposition):
    """Four of five."""
    closing = Closing.model_validate({"disposition": disposition.value, "reason": " vì vậy "})

    assert (disposition, "vì vậy") == (closing.disposition, closing.reason)


def test_a_note_is_bounded():
    """A note is a note, not a file."""
    with pytest.raises(ValidationError):
        Note(note="x" * 2001)
