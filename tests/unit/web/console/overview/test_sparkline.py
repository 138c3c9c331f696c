"""An hour as bars: what is seen is what was counted."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.web.console.overview.sparkline import HEIGHT, MINUTES, sparkline


def bars(path):
    """The height of each of the 60 places, read back from the path."""
    heights, level, place = [0] * MINUTES, 0, 0
    for name, number in re.findall(r"([MHV])(\d+)", path):
        if name == "V":
            level = HEIGHT - int(number)
        else:
            if name == "H":
                heights[place : int(number)] = [level] * (int(number) - place)
            place = int(number)
    return heights


def test_bars_stand_in_the_order_of_the_minutes_with_the_newest_at_the_right():
    """The tallest is the busiest minute; equal neighbours are one line."""
    line = sparkline([4, 4, 0, 8])

    assert line.path == "M56 16H56V8H58V16H59V0H60V16z"
    assert bars(line.path) == [0] * 56 + [8, 8, 0, 16]


@pytest.mark.parametrize(
    ("minutes", "now", "most", "total", "seen"),
    [
        ([], 0, 0, 0, 0),
        ([7], 7, 7, 7, 1),
        ([5, 9, 2], 9, 9, 16, 3),
        ([5, 0, 2], 0, 5, 7, 3),
        ([0, 0, 3], 3, 3, 3, 3),
        ([1000, *[1] * 60], 1, 1, 60, 60),
    ],
    ids=[
        "just started",
        "first minute",
        "whole minutes",
        "a silent minute",
        "just begun",
        "more than an hour",
    ],
)
def test_the_figures_beside_it_are_exact(minutes, now, most, total, seen):
    """ "Now" is the last whole minute: the one under way is never complete."""
    line = sparkline(minutes)

    assert (now, most, total, seen) == (line.now, line.most, line.total, line.seen)


def test_silence_draws_nothing():
    """No bar, not even a flat one."""
    assert sparkline([0] * 60).path == ""


@given(st.lists(st.integers(0, 10**9), max_size=70))
def test_a_trickle_is_never_drawn_as_silence(minutes):
    """A minute has a bar if, and only if, it had an event; none leaves the box."""
    drawn = bars(sparkline(minutes).path)
    known = ([0] * MINUTES + minutes)[-MINUTES:]

    assert [events > 0 for events in known] == [height > 0 for height in drawn]
    assert max(drawn) <= HEIGHT


@pytest.mark.parametrize(("minutes", "first"), [([0, 3], True), ([1, 3], False), ([0, 0], False)])
def test_a_first_minute_is_told_from_a_whole_one(minutes, first):
    """What has just begun is not said to send nothing."""
    assert first is sparkline(minutes).is_under_way
