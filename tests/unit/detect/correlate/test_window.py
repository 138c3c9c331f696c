"""What one group remembers: its bounds, its JSON, and the same answers as a count by hand."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.detect.correlate import window as module
from sentinel.detect.correlate.window import Counted, Window, memory, micros, moment
from sentinel.detect.ruleset import Kind
from sentinel.detect.values import Order
from tests.samples import NOON

SECOND = 1_000_000
TIMES = st.lists(st.integers(0, 60), min_size=1, max_size=30)


def _correlation(count=3, timespan=10, kind=Kind.EVENT_COUNT, order=Order.GTE):
    return SimpleNamespace(count=count, timespan=timespan, kind=kind, order=order)


def _run(window, correlation, seconds, values=None):
    """Add events in order of arrival; the indexes that fired with the size of their windows."""
    found = []
    for index, second in enumerate(seconds):
        at = second * SECOND
        value = (values[index],) if values else ()
        met = window.add(Counted(at, at, f"e{index}", value), correlation, at)
        if met:
            found.append((index, len(met)))
    return found


def test_times_survive_as_microseconds():
    """An aware time and its microseconds are the same moment."""
    at = NOON.replace(microsecond=123_456)

    assert at == moment(micros(at))


@given(TIMES, st.integers(1, 4), st.integers(1, 20))
def test_events_in_order_fire_as_counted_by_hand(seconds, count, timespan):
    """For events in order: enough in (t - timespan, t], and quiet for a timespan after."""
    seconds = sorted(seconds)
    expected, fired = [], None
    for index, second in enumerate(seconds):
        inside = [each for each in seconds[: index + 1] if each > second - timespan]
        if len(inside) >= count and (fired is None or second >= fired + timespan):
            expected.append((index, len(inside)))
            fired = second

    assert expected == _run(Window(), _correlation(count, timespan), seconds)


@given(TIMES, st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_hide_a_crowd(seconds, random):
    """If some window holds enough, it is found in whatever order the events arrive in time."""
    correlation = _correlation(count=3, timespan=10)
    crowded = any(
        sum(1 for each in seconds if second - 10 < each <= second) >= 3 for second in seconds
    )
    shuffled = [*seconds]
    random.shuffle(shuffled)
    window, fired = Window(), False
    for index, second in enumerate(shuffled):
        counted = Counted(second * SECOND, 60 * SECOND, f"e{index}")
        fired = bool(window.add(counted, correlation, 60 * SECOND)) or fired

    assert crowded == fired


@given(
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from("abcd")), min_size=1, max_size=20),
    st.integers(1, 4),
    st.integers(1, 12),
    st.sampled_from(list(Kind)),
)
def test_late_events_complete_the_windows_that_a_count_by_hand_finds(events, count, span, kind):
    """The first window that holds the event, counts enough and is not quiet, whatever the order."""
    window, correlation = Window(), _correlation(count, span, kind)
    seen, fired = [], []
    for number, (second, value) in enumerate(events):
        seen.append((second, value))
        expected = []
        for end in sorted({at for at, _ in seen if second <= at < second + span}):
            inside = sorted(at for at, _ in seen if end - span < at <= end)
            values = {value for at, value in seen if end - span < at <= end}
            enough = (len(values) if kind is Kind.VALUE_COUNT else len(inside)) >= count
            if enough and all(abs(end - other) >= span for other in fired) and not expected:
                expected = inside
                fired.append(end)
        values = (value,) if kind is Kind.VALUE_COUNT else ()
        counted = Counted(second * SECOND, 60 * SECOND, f"e{number:02}", values)
        met = window.add(counted, correlation, 60 * SECOND)

        assert expected == [each.at // SECOND for each in met]


@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from("abcde")), min_size=1, max_size=40),
    st.integers(1, 4),
    st.sampled_from(list(Kind)),
    st.sampled_from(list(Order)),
)
def test_forgetting_changes_nothing_for_events_in_order(events, count, kind, order):
    """A bounded window fires exactly when an unbounded one does."""
    events = sorted(events)
    seconds = [second for second, _ in events]
    # A correlation that counts events is given none of their values.
    values = None if kind is Kind.EVENT_COUNT else [value for _, value in events]
    correlation = _correlation(count, 10, kind, order)
    expected = [index for index, _ in _run(Window(), correlation, seconds, values)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "REMEMBERED", 1)
        bounded = Window()
        found = [index for index, _ in _run(bounded, correlation, seconds, values)]

    assert expected == found
    assert len(bounded.events) <= max(1, 2 * count)


def test_memory_is_bounded_in_a_flood(monkeypatch):
    """However many events come, the newest are kept and the JSON stays small."""
    monkeypatch.setattr(module, "REMEMBERED", 50)
    window = Window()
    for number in range(500):
        window.add(Counted(number, number, f"e{number}"), _correlation(timespan=3600), number)

    assert [f"e{number}" for number in range(450, 500)] == [each.event for each in window.events]


def test_a_fired_moment_is_remembered_a_bounded_number_of_times():
    """A group that fires for ever does not grow."""
    window = Window()
    _run(window, _correlation(count=1, timespan=1), range(200))

    assert len(window.fired) == module.FIRED


def test_what_arrived_two_timespans_ago_is_forgotten():
    """Memory is by arrival: an old event that came late is still there."""
    correlation = _correlation(timespan=10)
    window = Window()
    window.add(Counted(0, 0, "old"), correlation, 0)
    window.add(Counted(1 * SECOND, 15 * SECOND, "late"), correlation, 15 * SECOND)
    window.add(Counted(21 * SECOND, 21 * SECOND, "new"), correlation, 21 * SECOND)

    assert [each.event for each in window.events] == ["late", "new"]
    assert memory(correlation) == 20 * SECOND


def test_a_window_survives_as_json():
    """What is dumped is restored, values and letters included."""
    window = Window([Counted(1, 2, "e1", ("đ", "x")), Counted(3, 3, "e2")], [3], 3, 2)

    assert window == Window.restore(window.dump())


@pytest.mark.parametrize(
    "state",
    [b"", b"\xff", b"[]", b"{}", b'{"events":[[1]],"fired":[],"touched":1,"turn":1}', b"null"],
)
def test_what_is_no_window_says_so(state):
    """A damaged state is told apart, not taken for an empty one."""
    with pytest.raises(ValueError):
        Window.restore(state)
