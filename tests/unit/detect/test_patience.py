"""The time for the looks at one event: one for each, one for all, a little even after that."""

import pytest

from sentinel.detect.patience import (
    CHARACTER,
    EVENT,
    LEAST,
    LOOK,
    STEP,
    Patience,
    patiently,
    seconds_left,
)


class Clock:
    """Stands still until it is moved."""

    def __init__(self):
        self.at = 1_000.0

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def patience(clock):
    made = Patience(clock)
    begun = made.begin()
    yield made
    made.end(begun)


def test_a_look_has_its_time_and_no_more(clock, patience):
    """It runs from the first time that it is asked for."""
    assert seconds_left() == pytest.approx(LOOK)
    clock.at += 0.75 * LOOK
    assert seconds_left() == pytest.approx(0.25 * LOOK)
    clock.at += LOOK
    with pytest.raises(TimeoutError):
        seconds_left()


def test_the_next_look_has_time_again_until_that_of_the_event_is_spent(clock, patience):
    """Then each has a little: what is simple needs no more."""
    left = []
    for _ in range(5):
        patience.next_look()
        left.append(seconds_left())
        clock.at += LOOK

    assert left == pytest.approx([LOOK, EVENT - LOOK, LEAST, LEAST, LEAST])


def test_the_next_event_has_all_of_it(clock, patience):
    """What one event cost is not held against the next."""
    seconds_left()
    clock.at += 10 * EVENT
    begun = patience.begin()

    assert seconds_left() == pytest.approx(LOOK)
    patience.end(begun)


def test_outside_of_an_event_each_expression_has_a_look_s_time(clock, patience):
    """Whoever explains a rule or tries it has no engine."""
    begun = patience.begin()
    seconds_left()
    clock.at += 2 * LOOK
    patience.end(begun)

    with pytest.raises(TimeoutError):
        seconds_left()


def test_without_any_event_there_is_always_time():
    """Nothing was begun."""
    assert [seconds_left() for _ in range(3)] == [LOOK] * 3


def test_a_text_that_is_too_long_for_what_is_left_is_not_begun_with(clock, patience):
    """An expression asks the clock too seldom to be stopped in time."""
    long = int(0.6 * LOOK / CHARACTER)

    assert seconds_left(long) == pytest.approx(LOOK)
    clock.at += 0.5 * LOOK
    assert seconds_left(1_000) == pytest.approx(0.5 * LOOK)
    with pytest.raises(TimeoutError):
        seconds_left(long)


@pytest.mark.parametrize("count", [0, 1, STEP - 1, STEP, STEP + 1, 3 * STEP])
def test_what_is_gone_through_patiently_comes_whole(count):
    """In order, nothing twice."""
    assert list(patiently(iter(range(count)))) == list(range(count))


def test_going_through_much_ends_when_the_time_does(clock, patience):
    """A list of a million elements holds nothing up."""
    seen = []

    def go_through():
        for each in patiently(range(100 * STEP)):
            seen.append(each)
            clock.at += LOOK / (2 * STEP)

    with pytest.raises(TimeoutError):
        go_through()
    assert 2 * STEP <= len(seen) <= 4 * STEP
