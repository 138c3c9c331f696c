"""The picture of when it happened."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sentinel.web.console.triage.timeline import HEIGHT, STRETCHES, WIDTH, timeline
from tests.samples import NOON

HOUR = timedelta(hours=1)


def test_bars_count_events_in_stretches_of_equal_length():
    """The tallest is as high as the picture, a single event is still seen."""
    times = [NOON] * 200 + [NOON + HOUR]
    found = timeline(times, [NOON + HOUR / 2], NOON, NOON + HOUR)

    assert [(bar.x, bar.height, bar.count) for bar in found.bars] == [
        (0, HEIGHT, 200),
        (WIDTH - WIDTH // STRETCHES, 2, 1),
    ]
    assert found.marks == (WIDTH // 2,)
    assert (found.busiest, found.stretch) == (found.bars[0], timedelta(minutes=1))


def test_without_events_there_is_no_picture():
    """Nor where all of them lie outside."""
    assert timeline([NOON - HOUR], [], NOON, NOON).busiest is None


def test_one_moment_is_a_bar():
    """A span of no length has a first stretch."""
    assert [bar.count for bar in timeline([NOON, NOON], [NOON], NOON, NOON).bars] == [2]


@given(st.lists(st.integers(0, 7200), min_size=1), st.integers(0, 7200))
def test_every_event_inside_is_counted_once_and_every_bar_fits(seconds, length):
    """However they lie."""
    times = [NOON + timedelta(seconds=each) for each in seconds]
    found = timeline(times, times, NOON, NOON + timedelta(seconds=length))

    assert sum(each <= length for each in seconds) == sum(bar.count for bar in found.bars)
    for bar in found.bars:
        assert 0 <= bar.x < WIDTH
        assert 2 <= bar.height <= HEIGHT
