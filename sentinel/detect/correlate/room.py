"""How much one group may remember, and what goes first when that is too much.

Who writes the log lines chooses how many there are. Where it can be done, what goes is what no
event that comes in order will ask for; where it cannot, the window knows, and it is told.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import ceil

from sentinel.detect.correlate.timeline import Counted, Mark
from sentinel.detect.ruleset import Correlation, Kind

REMEMBERED = 2_000  # events of a group at least; more where the threshold asks for more
NUMBERS = 10_000  # of a group, where each event may change what is measured

EVENTS_NAMED = 100  # ids that a detection names; its count is that of all

_COUNTS = (Kind.EVENT_COUNT, Kind.VALUE_COUNT)
_RULES = (Kind.TEMPORAL, Kind.TEMPORAL_ORDERED)


def every_event_matters(correlation: Correlation) -> bool:
    """Say whether letting go of any event in the window may change what is measured."""
    return correlation.kind not in (*_COUNTS, *_RULES)


def room(correlation: Correlation) -> int:
    """How many events a group may remember."""
    if every_event_matters(correlation):
        return NUMBERS
    # Half of the room is for the newest, the other for values: with more than the highest number
    # in the condition, no greater count changes the answer.
    highest = max((ceil(bound.number) for bound in correlation.bounds), default=0)
    rules = len(correlation.rules)
    parts = 2**rules if correlation.kind is Kind.TEMPORAL_ORDERED else rules
    return max(REMEMBERED, 2 * (highest + 1), 2 * parts)


def kept(correlation: Correlation, events: Sequence[Counted], most: int) -> list[Counted]:
    """What stays of these events, which are sorted and more than there is room for."""
    if correlation.kind is Kind.EVENT_COUNT or every_event_matters(correlation):
        return list(events[-most:])
    half = max(most // 2, 1)
    older, newest = events[:-half], events[-half:]
    if correlation.kind is Kind.TEMPORAL_ORDERED:
        return [*sorted(_in_rows(older)), *newest]
    seen = {value for each in newest for value in each.values}
    return [*_with_news(older, seen, most - half), *newest]


def named(correlation: Correlation, events: Sequence[Counted], asked: Counted) -> list[Counted]:
    """The events of a window that a detection names, oldest first.

    The one that completed it and the newest; where the correlation is about rules, those that make
    up the answer before the newest.
    """
    found = {asked}
    if correlation.kind is Kind.TEMPORAL:
        found.update(_with_news(events, set(), EVENTS_NAMED - 1))
    elif correlation.kind is Kind.TEMPORAL_ORDERED:
        found.update(sorted(_in_rows(events))[1 - EVENTS_NAMED :])
    for each in reversed(events):
        if len(found) >= EVENTS_NAMED:
            break
        found.add(each)
    return sorted(found)


def _with_news(events: Sequence[Counted], seen: set[Mark], most: int) -> list[Counted]:
    """The newest events that have a value of which nothing newer knows, oldest first."""
    found: list[Counted] = []
    for each in reversed(events):
        if len(found) == most:
            break
        if not seen.issuperset(each.values):
            seen.update(each.values)
            found.append(each)
    return found[::-1]


def _in_rows(events: Sequence[Counted]) -> set[Counted]:
    """The events that a row ending after all of these would be made of.

    Looking back from the end, only the last event of each rule is asked for, then the last of each
    earlier rule before it, and so on: at most 2 ** rules - 1 of them.
    """
    by_rule: dict[int, list[Counted]] = {}
    for each in events:
        for step in each.values:
            if isinstance(step, int):
                by_rule.setdefault(step, []).append(each)
    found: set[tuple[int, Counted]] = set()
    open_ends = [(step, places[-1]) for step, places in by_rule.items()]
    while open_ends:
        step, end = open_ends.pop()
        if (step, end) in found:
            continue
        found.add((step, end))
        for rule, places in by_rule.items():
            index = bisect_left(places, end) if rule < step else 0
            if index:
                open_ends.append((rule, places[index - 1]))
    return {each for _, each in found}
