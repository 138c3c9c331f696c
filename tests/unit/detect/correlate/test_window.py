"""What one group remembers: the same answers as a look at everything, its bounds, its JSON."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.detect.correlate import room, window
from sentinel.detect.correlate.reference import Plain
from sentinel.detect.correlate.window import Plan, Window
from sentinel.detect.ruleset import Kind, Term
from tests.unit.detect.correlate.streams import (
    SECOND,
    a_correlation,
    correlations,
    in_order,
    streams,
)

MATTERING = (Kind.VALUE_SUM, Kind.VALUE_AVG, Kind.VALUE_MEDIAN, Kind.VALUE_PERCENTILE)
BOUNDED = [kind for kind in Kind if kind not in MATTERING]


def _run(found, correlation, events):
    """The ids of each window that was met, by the index of the event that completed it."""
    met = [found.add(each, each.arrived) for each in events]
    return [
        (index, [each.event for each in one.events])
        for index, one in enumerate(met)
        if one is not None
    ]


def _plain(correlation, events, memory=None):
    plain = Plain(correlation, memory)
    met = [plain.take(each) for each in events]
    return [(index, [each.event for each in one]) for index, one in enumerate(met) if one]


@given(st.data())
def test_events_in_order_are_judged_as_by_a_look_at_everything(data):
    """Every type, every operator, conditions over rules: nothing is forgotten that matters."""
    correlation = data.draw(correlations())
    events = data.draw(streams(correlation))
    found = Window(Plan.of(correlation))

    assert _plain(correlation, events) == _run(found, correlation, events)


@given(st.data())
def test_an_event_a_timespan_late_is_judged_as_by_a_look_at_everything(data):
    """So long an event may be on its way; whoever waits for it has its neighbours still."""
    correlation = data.draw(correlations())
    events = data.draw(streams(correlation, latest=correlation.timespan))
    found = Window(Plan.of(correlation))

    assert _plain(correlation, events) == _run(found, correlation, events)
    assert not found.misses_some


@given(st.data())
def test_later_events_are_judged_by_what_arrived_two_timespans_ago_and_since(data):
    """That is all that is forgotten, and whoever may have missed something is told so."""
    correlation = data.draw(correlations())
    events = data.draw(streams(correlation, latest=50))
    plan = Plan.of(correlation)
    found, plain, forgetful = Window(plan), Plain(correlation), Plain(correlation, plan.memory)
    for each in events:
        met = found.add(each, each.arrived)
        judged = [] if met is None else list(met.events)

        assert forgetful.take(each) == judged
        if found.misses_some:
            return
        assert plain.take(each) == judged


@given(st.data(), st.integers(0, 30))
def test_a_restart_changes_nothing(data, cut):
    """The JSON holds all that the window knows, exactly."""
    correlation = data.draw(correlations())
    events = data.draw(streams(correlation, latest=30))
    plan = Plan.of(correlation)
    found = Window(plan)
    expected = _run(Window(plan), correlation, events)
    first = _run(found, correlation, events[:cut])
    again = Window.restore(plan, found.dump())
    second = [(index + cut, ids) for index, ids in _run(again, correlation, events[cut:])]

    assert expected == first + second[: len(expected)]
    assert again.dump() == Window.restore(plan, again.dump()).dump()


@given(st.data())
def test_making_room_changes_nothing_for_events_in_order(data):
    """A bounded window fires exactly when an unbounded one does, for counts and for rules."""
    correlation = data.draw(correlations(BOUNDED))
    events = data.draw(streams(correlation, most=60))
    expected = [index for index, _ in _plain(correlation, events)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "REMEMBERED", 1)
        plan = Plan.of(correlation)
        bounded = Window(plan)
        found = [index for index, _ in _run(bounded, correlation, events)]

    assert expected == found
    assert not bounded.misses_some
    assert len(bounded) <= plan.room + plan.room // 4


@given(st.data())
def test_where_room_may_change_an_answer_it_is_said(data):
    """For sums and percentiles, and for late events, an answer is right or known to be unsure."""
    correlation = data.draw(correlations())
    events = data.draw(streams(correlation, latest=correlation.timespan, most=60))
    plain = Plain(correlation)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "REMEMBERED", 2)
        patch.setattr(room, "NUMBERS", 4)
        bounded = Window(Plan.of(correlation))
    for each in events:
        met = bounded.add(each, each.arrived)
        if bounded.misses_some:
            return
        assert bool(plain.take(each)) == (met is not None)


def test_memory_is_bounded_in_a_flood(monkeypatch):
    """However many events come, the newest are kept and the JSON stays small."""
    monkeypatch.setattr(room, "REMEMBERED", 50)
    correlation = a_correlation(Kind.EVENT_COUNT, ("gte", 3), timespan=3600)
    flooded = Window(Plan.of(correlation))
    _run(flooded, correlation, in_order([0] * 500))

    assert 50 <= len(flooded) <= 62
    assert len(flooded.dump()) < 62 * 40


def test_moments_of_firing_are_bounded_and_a_late_one_is_told(monkeypatch):
    """A backlog that arrives at once may fire for each second of a day."""
    monkeypatch.setattr(window, "FIRED", 5)
    correlation = a_correlation(Kind.EVENT_COUNT, ("gte", 1), timespan=1)
    fired = Window(Plan.of(correlation))
    backlog = [each._replace(arrived=100 * SECOND) for each in in_order(range(20))]
    found = [fired.add(each, each.arrived) is not None for each in backlog]

    assert found == [True] * 20
    late = backlog[3]._replace(turn=21)
    fired.add(late, late.arrived)
    assert fired.misses_some


def test_what_arrived_two_timespans_ago_is_forgotten():
    """Memory is by arrival: an old event that came late is still there."""
    correlation = a_correlation(Kind.EVENT_COUNT, ("gte", 9), timespan=10)
    forgetting = Window(Plan.of(correlation))
    old, late, new = in_order([0, 1, 21])
    for each in (old, late._replace(arrived=15 * SECOND), new):
        forgetting.add(each, each.arrived)

    assert len(forgetting) == 2


def test_a_window_survives_as_json():
    """Letters, fractions, huge numbers and places of rules."""
    for kind, values in (
        (Kind.VALUE_COUNT, ("đ", "x")),
        (Kind.VALUE_SUM, (3, 2**70, Fraction(1, 3))),
        (Kind.TEMPORAL, (0, 2)),
    ):
        correlation = a_correlation(kind, ("gte", 1))
        plan = Plan.of(correlation)
        kept = Window(plan)
        kept.add(in_order([1], [values])[0], SECOND)

        assert kept.dump() == Window.restore(plan, kept.dump()).dump()


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b"null",
        b'{"events":[[1]],"fired":[],"lost":null,"trimmed":null,"touched":1,"turn":1}',
        b'{"events":[["a",1,1,"e"]],"fired":[],"lost":null,"trimmed":null,"touched":1,"turn":1}',
        b'{"events":[],"fired":[1],"lost":null,"trimmed":null,"touched":1,"turn":1}',
    ],
)
def test_what_is_no_window_says_so(state):
    """A damaged state is told apart, not taken for an empty one."""
    with pytest.raises(ValueError):
        Window.restore(Plan.of(a_correlation()), state)


def test_a_condition_over_rules_says_how_many_were_seen():
    """What was measured is told with the window."""
    correlation = a_correlation(Kind.TEMPORAL, terms=(Term((0, 1), (2,)),))
    found = Window(Plan.of(correlation))
    first, second = in_order([1, 2], [(0,), (1,)])
    found.add(first, first.arrived)
    met = found.add(second, second.arrived)

    assert met is not None
    assert (met.measured, [each.event for each in met.events]) == (2, ["e0", "e1"])
