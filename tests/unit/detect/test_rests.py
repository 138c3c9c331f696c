"""Rules that rest: since when, until when, how often, and why."""

from datetime import timedelta

from sentinel.detect.rests import REST, Rests
from sentinel.model.ids import EventId
from tests.samples import NOON, a_card


def test_nothing_rests_before_something_was_slow():
    """An engine that never had trouble has nothing to ask."""
    rests = Rests()

    assert not rests
    assert rests.all == ()
    assert not rests.holds(a_card().id, NOON)


def test_a_rule_rests_from_its_event_on_for_a_while():
    """What arrives meanwhile is not held against it; what arrives then is."""
    rests = Rests()
    card = a_card()
    rests.begin(card, EventId("event-1"), NOON)

    assert rests
    assert card.id in rests
    assert rests.holds(card.id, NOON)
    assert rests.holds(card.id, NOON + REST - timedelta(microseconds=1))
    assert not rests.holds(card.id, NOON + REST)
    assert not rests.holds("another", NOON)


def test_a_rest_says_which_rule_which_event_and_how_often():
    """The sentence has a place, and a way out."""
    rests = Rests()
    card = a_card()
    rests.begin(card, EventId("event-1"), NOON)
    rests.begin(card, EventId("event-2"), NOON + REST)
    (rest,) = rests.all

    assert (rest.rule, rest.times, rest.since) == (card.id, 2, NOON + REST)
    assert rest.until == NOON + 2 * REST
    assert rest.why.startswith(f"{card.place}: ")
    assert "event-2" in rest.why
    assert "2 times" in rest.why
    assert rest.why.endswith("simplify it")
