"""Correlations keep their state across restarts, their groups apart, their memory bounded."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.detect.correlate import book, room
from sentinel.detect.correlate.correlator import Correlator
from sentinel.detect.engine import Engine
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText
from sentinel.model.ids import AgencyId
from tests.samples import NOON, an_event
from tests.unit.detect.correlate.streams import CARD, a_correlation

BASE = """
title: hit
name: hit
logsource: {product: linux}
detection: {selection: {process.name: sshd}, condition: selection}
"""
COUNT = """
title: count
id: 11111111-1111-4111-8111-111111111111
correlation:
  type: event_count
  rules: hit
  group-by: source.ip
  timespan: 10s
  condition: {gte: 3}
"""
VALUES = """
title: values
id: 22222222-2222-4222-8222-222222222222
correlation:
  type: value_count
  rules: hit
  group-by: source.ip
  timespan: 7s
  condition: {field: user.name, gte: 2}
"""


OTHER = """
title: x seen
name: x_seen
logsource: {product: linux}
detection: {selection: {user.name: x}, condition: selection}
"""
ORDER = """
title: order
id: 33333333-3333-4333-8333-333333333333
correlation:
  type: temporal_ordered
  rules: [x_seen, hit]
  group-by: source.ip
  timespan: 6s
"""
ABSENT = """
title: absent
id: 44444444-4444-4444-8444-444444444444
correlation:
  type: temporal
  rules: [x_seen, hit]
  group-by: source.ip
  timespan: 6s
  condition: hit and not x_seen
"""
NUMBERS = """
title: {type}
id: 55555555-5555-4555-8555-5555555555{number}
name: {type}
correlation:
  type: {type}
  rules: hit
  group-by: source.ip
  timespan: 8s
  condition: {{field: {field}, {condition}}}
"""
CHAIN = """
title: chain
id: 66666666-6666-4666-8666-666666666666
correlation:
  type: event_count
  rules: [value_sum, value_median]
  group-by: source.ip
  timespan: 20s
  condition: {gte: 2}
  generate: true
"""
EVERY_TYPE = (
    OTHER,
    ORDER,
    ABSENT,
    NUMBERS.format(type="value_sum", number=10, field="event.bytes", condition="gte: 24.2"),
    NUMBERS.format(type="value_avg", number=11, field="event.bytes", condition="gt: 12.05"),
    NUMBERS.format(type="value_median", number=12, field="event.bytes", condition="gt: 12"),
    NUMBERS.format(type="value_percentile", number=13, field="user.name", condition="lt: 40"),
    CHAIN,
)


@cache
def _ruleset(*documents):
    ruleset = load([SourceText("rules.yml", "---".join(documents))])
    assert ruleset.refused == ()
    return ruleset


def _event(number, at=0, arrived=None, **fields):
    return an_event(
        number,
        at=NOON + timedelta(seconds=at),
        received=NOON + timedelta(seconds=at if arrived is None else arrived),
        fields={name.replace("_", "."): value for name, value in fields.items()},
    )


def _run(engine, events):
    return [
        (detection.rule.title, detection.event.id, detection.count, detection.events)
        for event in events
        for detection in engine.match(event)
    ]


def _keep(store, engine):
    for key, state in engine.changes().items():
        if state is None:
            store.pop(key, None)
        else:
            store[key] = state


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 40),  # happened
        st.integers(0, 15),  # late by
        st.sampled_from(["a", "b"]),
        st.sampled_from(["x", "y", "z"]),
    ),
    min_size=1,
    max_size=25,
)


def _events(rows, *, in_order):
    if in_order:
        rows = sorted(rows, key=lambda row: row[0] + row[1])
    return [
        _event(index + 1, at, at + late, source_ip=ip, user_name=user, event_bytes=ord(user) / 10)
        for index, (at, late, ip, user) in enumerate(rows)
    ]


@given(EVENTS, st.sets(st.integers(0, 25)), st.booleans())
def test_a_restart_at_any_point_changes_nothing(rows, restarts, in_order):
    """Kept windows lead to the same detections as an engine that never stopped, of every type."""
    ruleset = _ruleset(BASE, COUNT, VALUES, *EVERY_TYPE)
    events = _events(rows, in_order=in_order)
    expected = _run(Engine(ruleset), events)
    store, found = {}, []
    engine = Engine(ruleset)
    for index, event in enumerate(events):
        if index in restarts:
            _keep(store, engine)
            engine = Engine(ruleset, store)
        found += _run(engine, [event])

    assert expected == found


@given(EVENTS, st.integers(0, 25))
def test_other_rules_in_a_reload_change_nothing(rows, reload):
    """What stayed as it was goes on; what is new, changed or gone is no business of it."""
    events = _events(rows, in_order=True)
    stays = (BASE, VALUES, *EVERY_TYPE)
    names = {"values", "order", "chain"}
    expected = _run(Engine(_ruleset(*stays)), events)
    engine = Engine(_ruleset(COUNT, *stays))
    found = _run(engine, events[:reload])
    changed = COUNT.replace("gte: 3", "gte: 2")
    found += _run(Engine(_ruleset(*stays, changed), engine.changes()), events[reload:])

    assert [each for each in expected if each[0] in names] == [
        each for each in found if each[0] in names
    ]


def test_changes_are_told_once():
    """A second look finds nothing new."""
    engine = Engine(_ruleset(BASE, COUNT))
    engine.match(_event(1))
    first = engine.changes()

    assert [key.split("|")[0] for key in first] == ["11111111-1111-4111-8111-111111111111"]
    assert engine.changes() == {}


def test_a_changed_rule_starts_afresh_and_its_old_windows_go():
    """What counts is another thing now; the old counts would be lies."""
    store = {}
    engine = Engine(_ruleset(BASE, COUNT))
    _run(engine, [_event(1, 0), _event(2, 1)])
    _keep(store, engine)
    changed = Engine(_ruleset(BASE, COUNT.replace("10s", "20s")), store)

    assert _run(changed, [_event(3, 2)]) == []
    _keep(store, changed)
    assert len(store) == 1


def test_a_changed_base_rule_starts_afresh_too():
    """The correlation counts what its rules match."""
    engine = Engine(_ruleset(BASE, COUNT))
    _run(engine, [_event(1, 0), _event(2, 1)])
    kept = dict(engine.changes())
    changed = Engine(_ruleset(BASE.replace("sshd}", "sshd, event.outcome: failure}"), COUNT), kept)

    assert _run(changed, [_event(3, 2)]) == []


def test_a_new_title_keeps_the_windows():
    """Words about a rule change nothing of what it counts."""
    engine = Engine(_ruleset(BASE, COUNT))
    _run(engine, [_event(1, 0), _event(2, 1)])
    again = Engine(_ruleset(BASE, COUNT.replace("title: count", "title: other")), engine.changes())

    assert [title for title, *_ in _run(again, [_event(3, 2)])] == ["other"]


def test_a_damaged_window_is_told_and_starts_afresh():
    """One that cannot be read is no reason to stop, nor to be silent."""
    engine = Engine(_ruleset(BASE, COUNT))
    engine.match(_event(1))
    (key,) = engine.changes()
    damaged = Engine(_ruleset(BASE, COUNT), {key: b"?"})

    assert list(damaged.dropped_windows) == [key]
    assert damaged.changes() == {key: None}


def test_groups_without_news_are_let_go():
    """An address that was seen once does not stay for ever."""
    engine = Engine(_ruleset(BASE, COUNT))
    engine.match(_event(1, 0, source_ip="192.0.2.1"))
    (key,) = engine.changes()
    engine.match(_event(2, 100, source_ip="192.0.2.2"))
    changed = engine.changes()

    assert changed[key] is None
    assert len(changed) == 2


def test_one_agency_never_counts_for_another():
    """The same address at two agencies is two groups; unassigned is a third."""
    engine = Engine(_ruleset(BASE, COUNT))
    agencies = [AgencyId("so-a"), AgencyId("so-b"), None, AgencyId("so-a"), None, AgencyId("so-b")]
    events = [an_event(number, agency=agency) for number, agency in enumerate(agencies, start=1)]

    assert _run(engine, events) == []


def test_group_values_cannot_pretend_to_be_others():
    """Values that join to the same text are different groups."""
    two_fields = COUNT.replace("source.ip", "[user.name, host.name]").replace("gte: 3", "gte: 2")
    engine = Engine(_ruleset(BASE, two_fields))
    events = [
        _event(1, user_name='a", "b', host_name="c"),
        _event(2, user_name="a", host_name='b", "c'),
        _event(3, user_name=["a", "b"], host_name="c"),
    ]

    assert _run(engine, events) == []


def test_long_values_are_told_apart_and_kept_short():
    """A long value counts by its hash."""
    engine = Engine(_ruleset(BASE, VALUES))
    found = _run(
        engine,
        [_event(1, user_name="x" * 5000), _event(2, 1, user_name="x" * 5000 + "y")],
    )

    assert [count for _, _, count, _ in found] == [2]
    assert [state for state in engine.changes().values() if len(state) > 1000] == []


def test_a_detection_names_a_bounded_number_of_events():
    """The count is whole; of the ids the newest are named, the completing event last."""
    engine = Engine(_ruleset(BASE, COUNT.replace("gte: 3", "gte: 300")))
    ((_, event, count, events),) = _run(engine, [_event(number) for number in range(1, 301)])

    assert (count, len(events), events[-1]) == (300, room.EVENTS_NAMED, event)


def test_a_detection_says_when_it_began_and_for_whom():
    """First of the window, the group as the completing event has it, all of it as matched."""
    engine = Engine(_ruleset(BASE, COUNT))
    events = [_event(number, number) for number in (1, 2, 3)]
    (detection,) = [each for event in events for each in engine.match(event)]

    assert detection.first == NOON + timedelta(seconds=1)
    assert detection.group == {"source.ip": "203.0.113.45"} == detection.matched


def test_a_clock_that_was_ahead_for_a_moment_does_not_silence_a_correlation():
    """After years in the future the time is right again: what arrives now still counts."""
    century = 100 * 365 * 24 * 3600
    ahead = _event(1, 0, century, source_ip="192.0.2.1")
    engine = Engine(_ruleset(BASE, COUNT))
    engine.match(ahead)
    kept = {key: state for key, state in engine.changes().items() if state}
    later = [_event(number, number, source_ip="192.0.2.2") for number in (2, 3, 4)]

    assert [count for _, _, count, _ in _run(engine, later)] == [3]
    begun_again = Engine(_ruleset(BASE, COUNT), kept)
    assert [count for _, _, count, _ in _run(begun_again, later)] == [3]


def test_groups_are_bounded_and_what_had_to_go_is_said(monkeypatch):
    """Whoever invents sources fills neither memory nor the database; the quietest goes first."""
    monkeypatch.setattr(book, "MOST_GROUPS", 3)
    engine = Engine(_ruleset(BASE, COUNT))
    store = {}
    for number in range(1, 11):
        engine.match(_event(number, source_ip=f"192.0.2.{number}"))
        _keep(store, engine)

    assert len(store) == 3
    (sentence,) = engine.dropped_windows.values()
    assert "'count'" in sentence
    assert "7 that were quiet for longest are forgotten" in sentence
    newest = [_event(number, source_ip="192.0.2.10") for number in (11, 12)]
    assert [count for _, _, count, _ in _run(engine, newest)] == [3]


def test_a_chain_is_counted_whatever_the_order_of_its_correlations():
    """What a correlation is over comes before it."""
    inner = """
title: inner
name: inner
correlation: {type: event_count, rules: hit, timespan: 9s, condition: {gte: 2}}
"""
    outer = """
title: outer
name: outer
correlation: {type: event_count, rules: inner, timespan: 9s, condition: {gte: 1}}
"""
    events = [_event(number) for number in (1, 2)]
    found = [
        [title for title, *_ in _run(Engine(_ruleset(*documents)), events)]
        for documents in ((BASE, inner, outer), (outer, inner, BASE))
    ]

    assert found == [["outer"], ["outer"]]


def test_correlations_over_each_other_are_no_correlator():
    """Whoever makes them by hand hears of it; files are refused before."""
    one = a_correlation(card=replace(CARD, id="one"), rules=("two",))
    two = a_correlation(card=replace(CARD, id="two"), rules=("one",))

    with pytest.raises(ValueError):
        Correlator([one, two], {})


def test_a_detection_of_values_says_what_was_measured():
    """As a number, beside how many events there were."""
    engine = Engine(_ruleset(BASE, VALUES))
    events = [_event(1, 0, user_name="x"), _event(2, 1, user_name="y")]
    (detection,) = [each for event in events for each in engine.match(event)]

    assert (detection.count, detection.measured) == (2, 2.0)


def test_an_event_that_comes_too_late_is_told_for_its_correlation():
    """It may have completed what is forgotten by now."""
    engine = Engine(_ruleset(BASE, COUNT))
    _run(engine, [_event(1, 0), _event(2, 1), _event(3, 60, source_ip="192.0.2.9")])
    _run(engine, [_event(4, 2, 61)])
    (sentence,) = engine.dropped_windows.values()

    assert "without all of their neighbours (1)" in sentence


def test_halves_of_letters_in_a_log_line_do_not_stop_what_is_kept():
    """JSON may say half of a surrogate pair, which no UTF-8 can hold."""
    engine = Engine(_ruleset(BASE, VALUES))
    _run(engine, [_event(1, 0, user_name="\ud800x"), _event(2, 1, user_name="\ud801x")])
    kept = {key: state for key, state in engine.changes().items() if state}

    assert len(kept) == 1
    assert Engine(_ruleset(BASE, VALUES), kept).dropped_windows == {}
