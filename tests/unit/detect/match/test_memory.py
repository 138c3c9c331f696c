"""What is remembered is bounded, and forgetting is all it does."""

from sentinel.detect.match.memory import ENTRY, Memories


def test_what_is_kept_is_there():
    """Under its key, with what it counts."""
    memories = Memories(10_000)
    known = memories.values.new()
    memories.keep(known, "key", frozenset((1,)), 3)

    assert known == {"key": frozenset((1,))}


def test_full_means_that_all_of_it_is_forgotten():
    """Whichever memory fills it: together they have one bound."""
    memories = Memories(10 * ENTRY)
    one, other = memories.values.new(), memories.combinations.new()
    memories.keep(one, "first", 1, 0)
    for number in range(30):
        memories.keep(other, number, number, 0)

    assert one == {}
    assert len(other) <= 10
    assert memories.forgotten >= 2


def test_what_is_larger_than_the_bound_is_the_only_thing_kept():
    """One entry may always be there."""
    memories = Memories(10)
    known = memories.ways.new()
    memories.keep(known, "a", 1, 1_000)
    memories.keep(known, "b", 2, 1_000)

    assert known == {"b": 2}


def test_dropping_lets_go_of_the_dictionaries():
    """Their owners are gone: what they hold is not told any more."""
    memories = Memories(10_000)
    known = memories.values.new()
    memories.keep(known, "a", 1, 0)
    memories.drop()

    assert known == {}
    assert [rate.size for rate in memories.rates()] == [0, 0, 0]


def test_rates_say_how_often_it_knew():
    """Asked, known, and how many entries there are."""
    memories = Memories(100 * ENTRY)
    memories.keep(memories.values.new(), "a", 1, 0)
    memories.values.askers += [lambda: 7, lambda: 3]
    memories.values.unknown = 4
    rate, *_ = memories.rates()

    assert (rate.name, rate.asked, rate.known, rate.size, rate.most) == ("values", 10, 6, 1, 100)
