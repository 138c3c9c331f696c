"""Rules part by a field's value, and an event goes where all the rules are that it may meet."""

import pytest

from sentinel.detect.match.hints import Hints
from sentinel.detect.match.junction import FEWEST, WAYS, Junction, parting
from sentinel.detect.match.memory import Memories


def _hints(*asked):
    return [Hints((), {} if each is None else {"id": each}) for each in asked]


TEN = _hints((1,), (1,), ("1",), ("x", 2), (3,), (4,), (5,), (6,), None, (7, "7"))


def _junction(hints, memory=10_000):
    return Junction(parting(hints), sorted, Memories(memory))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, [0, 1, 2, 8]),
        ("1", [0, 1, 2, 8]),
        (1.0, [0, 1, 2, 8]),
        ("1.0", [0, 1, 8]),
        (True, [8]),
        ("X", [3, 8]),
        (["x", 1, None], list(range(10))),
        (None, [8]),
        ("other", [8]),
        (7, [8, 9]),
    ],
)
def test_an_event_goes_the_way_of_its_value(value, expected):
    """With the rules that ask for it, and those that do not ask."""
    junction = _junction(TEN)

    assert expected == junction.way({"id": value})
    assert expected == junction.way({"id": value}), "asked again"


def test_an_event_without_the_field_meets_the_others_only():
    """Rules that ask for a value cannot be met without one."""
    assert _junction(TEN).way({}) == [8]


def test_whole_numbers_of_any_length_find_their_rules():
    """A number that is too long to be written as one in a text is still itself."""
    big = 10**45

    assert _junction(_hints((big,), *[(1,)] * 9)).way({"id": big}) == [0]


def test_few_rules_or_rules_that_ask_for_different_fields_stay_together():
    """There is one way, whatever the event."""
    assert parting(TEN[: FEWEST - 1]).field is None
    assert _junction(_hints((1,), *[None] * 9)).way({"id": 2}) == list(range(10))
    assert parting([]).others == set()


def test_the_number_of_ways_is_bounded():
    """Beyond the bound, and for lists, all rules stay together: nobody can ask for more ways."""
    junction = _junction(_hints(*[(number,) for number in range(WAYS + 50)]))
    for number in range(WAYS + 50):
        assert number in junction.way({"id": number})
        assert junction.way({"id": [number, number + 1]}) == list(range(WAYS + 50))

    assert len(junction._ways) <= WAYS + 1


def test_a_flood_of_values_fills_no_memory():
    """What is remembered of values is bounded, and long ones are not remembered."""
    memories = Memories(5_000)
    junction = Junction(parting(TEN), sorted, memories)
    for number in range(1_000):
        assert junction.way({"id": f"flood {number}"}) == [8]
    junction.way({"id": "x" * 10_000})

    assert sum(map(len, memories.ways.dictionaries)) < 30
    assert memories.forgotten > 10
