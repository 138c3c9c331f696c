"""What an analyst may type above the queue, and what it asks for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.model.alert import AlertState, Disposition
from sentinel.model.entity import Entity, EntityKind
from sentinel.ports import AlertOrder, AlertQuery
from sentinel.web.console.triage.filtering import (
    LONGEST,
    MOST_WORDS,
    OPEN,
    FaultKind,
    FilterFault,
    Parsed,
    parse,
    write,
)
from tests.samples import NOON

CLOSED = frozenset({AlertState.CLOSED})


def asked(text):
    return parse(text, who="lan", now=NOON)


def test_nothing_typed_asks_for_what_is_open():
    """Closed alerts are for those who ask for them."""
    assert Parsed(query=AlertQuery(states=OPEN)) == asked("  ")


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("agency:so-a", {"agency": "so-a"}),
        ("agency:none", {"unassigned": True}),
        ('agency:"none"', {"agency": "none"}),
        ("status:new", {"states": frozenset({AlertState.NEW})}),
        ("status:new,in-progress", {"states": OPEN - {AlertState.ACKNOWLEDGED}}),
        ("Status:OPEN", {"states": OPEN}),
        ("status:closed", {"states": CLOSED}),
        ("status:any", {"states": frozenset()}),
        ("status:any,new", {"states": frozenset()}),
        ("status:open,closed", {"states": frozenset(AlertState)}),
        ("score:>=40", {"min_score": 40}),
        ("score:>40", {"min_score": 41}),
        ("score:<40", {"max_score": 39}),
        ("score:<=40", {"max_score": 40}),
        ("score:40", {"min_score": 40, "max_score": 40}),
        ("score:=40", {"min_score": 40, "max_score": 40}),
        ("score:40..60", {"min_score": 40, "max_score": 60}),
        ("rule:4a1c0f2e", {"rule": "4a1c0f2e"}),
        ("who:me", {"assignee": "lan"}),
        ("who:nobody", {"assignee": ""}),
        ("who:minh", {"assignee": "minh"}),
        ('who:"me"', {"assignee": "me"}),
        ("disposition:benign", {"states": CLOSED, "dispositions": {Disposition.BENIGN}}),
        (
            "disposition:benign,duplicate status:any",
            {
                "states": frozenset(),
                "dispositions": {Disposition.BENIGN, Disposition.DUPLICATE},
            },
        ),
        ("host:WEB01", {"entity": Entity(EntityKind.HOST, "web01")}),
        ("user:root", {"entity": Entity(EntityKind.USER, "root")}),
        ("address:2001:DB8:0::1", {"entity": Entity(EntityKind.ADDRESS, "2001:db8::1")}),
        ("since:24h", {"seen_since": NOON - timedelta(hours=24)}),
        ("since:7d", {"seen_since": NOON - timedelta(days=7)}),
        ("since:2026-11-22", {"seen_since": datetime(2026, 11, 21, 17, tzinfo=UTC)}),
        ("since:2026-11-22T08:05Z", {"seen_since": datetime(2026, 11, 22, 8, 5, tzinfo=UTC)}),
        ("sort:newest", {"order": AlertOrder.NEWEST}),
        ('ssh "invalid user"', {"words": ("ssh", "invalid user")}),
        (
            "agency:so-a status:open score:>=40",
            {"agency": "so-a", "min_score": 40},
        ),
    ],
)
def test_each_key_asks_for_its_part(text, changes):
    """And the rest stays as it is by default."""
    assert Parsed(query=replace(AlertQuery(states=OPEN), **changes)) == asked(text)


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("colour:red", FaultKind.UNKNOWN_KEY, "colour:red"),
        ("http://example.com", FaultKind.UNKNOWN_KEY, "http://example.com"),
        ("status:opne", FaultKind.UNKNOWN_VALUE, "status:opne"),
        ("status:new,", FaultKind.UNKNOWN_VALUE, "status:new,"),
        ("disposition:good", FaultKind.UNKNOWN_VALUE, "disposition:good"),
        ("sort:oldest", FaultKind.UNKNOWN_VALUE, "sort:oldest"),
        ("score:high", FaultKind.UNKNOWN_VALUE, "score:high"),
        ("score:>=", FaultKind.UNKNOWN_VALUE, "score:>="),
        ("score:>100", FaultKind.NOTHING_BETWEEN, "score:>100"),
        ("score:<0", FaultKind.NOTHING_BETWEEN, "score:<0"),
        ("score:60..40", FaultKind.NOTHING_BETWEEN, "score:60..40"),
        ("score:0..101", FaultKind.NOTHING_BETWEEN, "score:0..101"),
        ("since:yesterday", FaultKind.UNKNOWN_VALUE, "since:yesterday"),
        ("since:999999w", FaultKind.UNKNOWN_VALUE, "since:999999w"),
        ("since:0001-01-01", FaultKind.UNKNOWN_VALUE, "since:0001-01-01"),
        ("agency:", FaultKind.NO_VALUE, "agency:"),
        ('""', FaultKind.NO_VALUE, '""'),
        ('host:" "', FaultKind.NO_VALUE, 'host:" "'),
        ("host:" + "x" * 257, FaultKind.TOO_LONG, "host:" + "x" * 257),
        ("status:new status:closed", FaultKind.TWICE, "status:closed"),
        ("host:a user:b", FaultKind.TWICE, "user:b"),
        ('"ssh', FaultKind.OPEN_QUOTE, '"ssh'),
        ('"a"b', FaultKind.GLUED, '"a"b'),
        ("x" * (LONGEST + 1), FaultKind.TOO_LONG, "x" * 40),
        ("e " * MOST_WORDS + "z", FaultKind.TOO_MANY, "z"),
    ],
)
def test_what_cannot_be_understood_is_named(text, kind, part):
    """With the part as it was typed."""
    [fault] = asked(text).faults

    assert (kind, part) == (fault.kind, fault.part)


def test_all_faults_are_named_with_what_is_allowed():
    """Not only the first one."""
    found = asked("status:opne sort:up web01")

    assert (
        FilterFault(
            kind=FaultKind.UNKNOWN_VALUE,
            part="status:opne",
            allowed=("new", "acknowledged", "in-progress", "closed", "open", "any"),
        ),
        FilterFault(kind=FaultKind.UNKNOWN_VALUE, part="sort:up", allowed=("score", "newest")),
    ) == found.faults
    assert found.query.words == ("web01",)


SHORT = st.text(min_size=1, max_size=20)
SCORES = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted)
ENTITIES = st.builds(Entity.of, st.sampled_from(EntityKind), SHORT).filter(
    lambda entity: entity == Entity.of(entity.kind, entity.value) and entity.value
)


@st.composite
def queries(draw):
    least, most = draw(SCORES)
    agency = draw(st.none() | SHORT | st.sampled_from(["none", "so-a"]))
    return AlertQuery(
        states=draw(st.frozensets(st.sampled_from(AlertState))),
        agency=agency,
        unassigned=agency is None and draw(st.booleans()),
        min_score=least,
        max_score=most,
        rule=draw(st.none() | SHORT),
        assignee=draw(st.none() | st.just("") | SHORT | st.sampled_from(["me", "nobody", "lan"])),
        dispositions=draw(st.frozensets(st.sampled_from(Disposition))),
        words=tuple(draw(st.lists(SHORT | st.just("status:new"), max_size=4))),
        entity=draw(st.none() | ENTITIES),
        seen_since=draw(st.none() | st.datetimes(timezones=st.just(UTC))),
        order=draw(st.sampled_from(AlertOrder)),
    )


@given(queries())
def test_what_is_written_asks_for_the_same(query):
    """Whatever the query, whoever reads it, at any later time."""
    written = write(query, who="lan")

    assert Parsed(query=query) == parse(written, who="lan", now=NOON + timedelta(days=3))


@given(st.text(max_size=LONGEST))
def test_any_text_is_answered(text):
    """With a query or with faults, never with a crash."""
    found = asked(text)

    assert found.faults or asked(write(found.query, who="lan")) == found
