"""Events in their order, and a window that hears of each only when it enters or leaves."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from sentinel.detect.correlate.timeline import Counted, Timeline, micros, moment
from tests.samples import NOON
from tests.unit.detect.correlate.streams import SECOND, in_order


class _Ear:
    """A tally that knows which events are in the window, and how often it was told."""

    def __init__(self):
        self.inside = []
        self.told = 0

    def add(self, counted):
        assert counted not in self.inside
        self.inside.append(counted)
        self.told += 1

    def remove(self, counted):
        self.inside.remove(counted)
        self.told += 1

    def met(self, asked):
        return len(self.inside)


def _windows(line, ear, at, span=10):
    """The end of each window in seconds with the turns that the tally knows of."""
    return [
        (ends // SECOND, sorted(each.turn for each in ear.inside))
        for ends in line.windows_with(at * SECOND, span * SECOND)
    ]


def test_times_survive_as_microseconds():
    """An aware time and its microseconds are the same moment, before 1970 too."""
    for at in (NOON.replace(microsecond=123_456), datetime(1960, 1, 1, tzinfo=UTC)):
        assert at == moment(micros(at))


def test_an_event_in_order_ends_its_only_window():
    """(end - span, end]."""
    ear = _Ear()
    line = Timeline(ear, in_order([0, 5, 10]))

    assert _windows(line, ear, 10) == [(10, [2, 3])]
    assert line.shown() == line.events()[1:]
    assert line.met(line.newest()) == 2


def test_a_late_event_stands_in_several_windows():
    """Each that ends with it or less than a span later, in order."""
    ear = _Ear()
    line = Timeline(ear)
    for each in in_order([0, 12, 14]):
        line.add(each)
    line.add(Counted(5 * SECOND, 9, 14 * SECOND, "late"))

    assert _windows(line, ear, 5) == [(5, [1, 9]), (12, [2, 9]), (14, [2, 3, 9])]


def test_the_tally_hears_of_an_event_in_order_twice_at_most():
    """However many are remembered, moving on costs what enters and what leaves."""
    ear = _Ear()
    line = Timeline(ear)
    for each in in_order(range(3000)):
        line.add(each)
        _windows(line, ear, each.at // SECOND, span=1000)

    assert ear.told <= 2 * 3000


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 20), st.integers(1, 15)),
        min_size=1,
        max_size=40,
    ),
    st.integers(1, 12),
)
def test_the_tally_always_knows_the_window_that_is_looked_at(steps, keep):
    """Through late events, forgetting and making room."""
    ear = _Ear()
    line, known, clock = Timeline(ear), [], 0
    for turn, (at, later, span) in enumerate(steps):
        clock += later
        gone = [each for each in known if each.arrived < (clock - 30) * SECOND]
        known = [each for each in known if each not in gone]
        counted = Counted(at * SECOND, turn, clock * SECOND, f"e{turn}")

        assert line.forget_before((clock - 30) * SECOND) == max(
            (each.at for each in gone), default=None
        )
        line.add(counted)
        known = sorted([*known, counted])
        for ends in line.windows_with(counted.at, span * SECOND):
            expected = [each for each in known if ends - span * SECOND < each.at <= ends]
            assert expected == line.shown() == sorted(ear.inside)
        assert known == line.events()
        if turn % 7 == 6:
            known = known[-keep:]
            line.keep(known)
            assert ear.inside == []


def test_what_is_gone_takes_no_place_for_ever():
    """A group that lives for years is no longer than what it remembers."""
    line = Timeline(_Ear())
    for each in in_order(range(5000)):
        line.forget_before(each.arrived - 10 * SECOND)
        line.add(each)

    assert len(line) == 11
    assert len(line._events) < 2000
