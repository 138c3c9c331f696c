"""The windows of one correlation: groups of their own, let go in time, bounded, and told."""

from datetime import timedelta

from sentinel.detect.correlate import book
from sentinel.detect.correlate.book import Book
from sentinel.detect.correlate.occurrence import Occurrence
from sentinel.detect.ruleset import Kind
from tests.samples import NOON, an_event
from tests.unit.detect.correlate.streams import a_correlation


def _take(kept, number, at, *rules, arrived=None, **fields):
    """Counts and values that an event of these rules leads to."""
    event = an_event(
        number,
        at=NOON + timedelta(seconds=at),
        received=NOON + timedelta(seconds=at if arrived is None else arrived),
    )
    seen = [Occurrence(rule, fields) for rule in rules or ("a",)]
    return [(each.detection.count, each.detection.group) for each in kept.take(event, seen)]


def test_an_event_counts_once_for_each_of_its_groups():
    """Two rules in one group are one event, in two groups two."""
    counts = Book(a_correlation(Kind.EVENT_COUNT, ("gte", 1), group_by=("ip",)))
    aliased = Book(
        a_correlation(
            Kind.EVENT_COUNT,
            ("gte", 1),
            group_by=("ip",),
            aliases={"ip": {"a": "src", "b": "dst"}},
        )
    )

    assert _take(counts, 1, 0, "a", "b", ip="x") == [(1, {"ip": "x"})]
    assert _take(aliased, 1, 0, "a", "b", src="x", dst="y") == [(1, {"ip": "x"}), (1, {"ip": "y"})]


def test_an_event_of_two_rules_is_both_of_them():
    """A temporal correlation waits for rules, not for events."""
    rules = Book(a_correlation(Kind.TEMPORAL, ("gte", 2)))

    assert _take(rules, 1, 0, "a", "c") == [(1, {})]


def test_quiet_groups_are_let_go_and_said_to_be_gone():
    """Two timespans after the last event of theirs."""
    groups = Book(a_correlation(Kind.EVENT_COUNT, ("gte", 9), group_by=("ip",)))
    _take(groups, 1, 0, ip="x")
    ((key, _),) = groups.changes().items()
    _take(groups, 2, 21, ip="y")
    changed = groups.changes()

    assert changed[key] is None
    assert len(changed) == 2
    assert groups.told == ""


def test_a_late_event_of_a_group_that_was_let_go_is_told():
    """What it might have completed is forgotten."""
    groups = Book(a_correlation(Kind.EVENT_COUNT, ("gte", 2), group_by=("ip",)))
    _take(groups, 1, 0, ip="x")
    _take(groups, 2, 30, ip="y")

    assert _take(groups, 3, 1, arrived=31, ip="z") == []
    assert groups.told == ""
    assert _take(groups, 4, 1, arrived=31, ip="x") == []
    assert "without all of their neighbours (1)" in groups.told


def test_too_many_groups_are_told(monkeypatch):
    """The one that was quiet for longest goes."""
    monkeypatch.setattr(book, "MOST_GROUPS", 2)
    groups = Book(a_correlation(Kind.EVENT_COUNT, ("gte", 2), group_by=("ip",)))
    for number, ip in enumerate("xyx"):
        _take(groups, number, 0, ip=ip)
    _take(groups, 4, 0, ip="z")

    assert "had more than 2 groups at once: 1 that" in groups.told
    assert groups.told.startswith("rules.yml:1: correlation 'c'")


def test_nothing_happens_after_it_arrived():
    """A clock that is ahead counts as arrival."""
    counts = Book(a_correlation(Kind.EVENT_COUNT, ("gte", 2)))
    _take(counts, 1, 999, arrived=0)

    assert _take(counts, 2, 1) == [(2, {})]


def test_a_window_goes_on_where_it_was_kept():
    """Under the same key."""
    correlation = a_correlation(Kind.EVENT_COUNT, ("gte", 2))
    first, again = Book(correlation), Book(correlation)
    _take(first, 1, 0)
    ((key, state),) = first.changes().items()
    again.put_back(key, again.restore(state))

    assert key.startswith(f"{first.prefix}|")
    assert _take(again, 2, 1) == [(2, {})]
