"""What a group may remember, what goes first, and which events a detection names."""

from hypothesis import given
from hypothesis import strategies as st

from sentinel.detect.correlate.room import EVENTS_NAMED, REMEMBERED, kept, named, room
from sentinel.detect.ruleset import Kind
from tests.unit.detect.correlate.streams import a_correlation, in_order


def test_there_is_room_for_twice_the_threshold():
    """More than what the condition asks about is never needed."""
    few = a_correlation(Kind.EVENT_COUNT, ("gte", 3))
    many = a_correlation(Kind.EVENT_COUNT, ("gt", 10), ("lte", 5000))

    assert (room(few), room(many)) == (REMEMBERED, 10_002)


def test_the_newest_of_counted_events_stay():
    """One is as good as another."""
    events = in_order(range(10))

    assert kept(a_correlation(Kind.EVENT_COUNT, ("gte", 1)), events, 4) == events[-4:]


def test_values_that_nothing_newer_has_stay():
    """Half of the room is for the newest, half for what else is known."""
    values = [("a",), ("b",), ("a",), ("c",), ("c",), ("c",)]
    events = in_order(range(6), values)
    stay = kept(a_correlation(Kind.VALUE_COUNT, ("gte", 1)), events, 4)

    assert [each.turn for each in stay] == [2, 3, 5, 6]


def test_the_last_ways_through_the_rules_stay():
    """The last of each rule, and before it the last of each earlier one."""
    values = [(0,), (1,), (0,), (2,), (1,), (1,), (0,), (2,), (2,)]
    events = in_order(range(9), values)
    stay = kept(a_correlation(Kind.TEMPORAL_ORDERED, ("gte", 3)), events, 2)

    # The 9th is the newest. Of the rest: 8 (rule 2), 7 (rule 0) and 6 (rule 1), 3 (rule 0).
    assert [each.turn for each in stay] == [3, 6, 7, 8, 9]


@given(st.lists(st.integers(0, 2), min_size=1, max_size=300), st.sampled_from(list(Kind)))
def test_a_detection_names_a_bounded_number_and_the_one_that_completed_it(steps, kind):
    """Oldest first, some of its window, at least one of each rule where rules are counted."""
    values = [(step,) if kind is not Kind.VALUE_COUNT else (str(step),) for step in steps]
    events = in_order(range(len(steps)), values)
    found = named(a_correlation(kind), events, events[0])

    assert found == sorted(found)
    assert events[0] in found
    assert set(found) <= set(events)
    assert len(found) == min(len(events), EVENTS_NAMED)
    if kind in (Kind.TEMPORAL, Kind.TEMPORAL_ORDERED):
        assert {each.values for each in found} == {each.values for each in events}
