"""Every source is listed, and its last hour is true."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.health import MINUTES, SourceBook, source_statuses
from sentinel.model.agency import Registry, Source
from sentinel.model.ids import AgencyId, InputName, SourceId
from sentinel.model.source_mark import SourceMark
from sentinel.ports import SourceStatus
from tests.samples import NOON, FixedClock, Tally, an_agency

A, B = SourceId("so-a-syslog"), SourceId("so-b-web")
MINUTE = timedelta(minutes=1)
SILENT = (0,) * MINUTES


@pytest.fixture
def clock():
    return FixedClock()


@pytest.fixture
def book(clock):
    return SourceBook(clock, Tally())


def a_mark(source=A, agency="so-a", **changes):
    mark = SourceMark(source=source, agency=agency, events=12, unparsed=1, received=NOON, at=NOON)
    return replace(mark, **changes)


def registry(*agencies):
    return Registry({agency.id: agency for agency in agencies})


# -- the book ---------------------------------------------------------------------------------


def test_events_stand_in_the_minute_in_which_they_were_counted(book, clock):
    """Oldest first, the minute under way last."""
    book.count("events", 3, source=A)
    clock.move(MINUTE)
    book.count("events", 2, source=A)
    clock.move(MINUTE)
    book.count("events", source=A)
    book.count("events", source=A)

    assert (*(0,) * 57, 3, 2, 2) == book.minutes(A)


def test_each_source_has_minutes_of_its_own(book):
    """Those that nobody claims too; one that was never seen has none."""
    book.count("events", 3, source=A)
    book.count("events", 5, source="unassigned")

    assert [book.minutes(source)[-1] for source in (A, None, B)] == [3, 5, 0]


def test_what_is_older_than_an_hour_is_gone(book, clock):
    """Also of a source that sends nothing any more."""
    book.count("events", 3, source=A)
    clock.move(59 * MINUTE)
    assert (3, *(0,) * 59) == book.minutes(A)
    clock.move(MINUTE)
    assert book.minutes(A) == SILENT


def test_other_counters_are_none_of_its_business(book):
    """Unread events are events already."""
    book.count("events_unparsed", 3, source=A)
    book.count("events", 3)
    book.count("alerts_opened")

    assert book.minutes(A) == SILENT


def test_the_meter_behind_it_is_told_everything(clock):
    """Nothing is kept back."""
    meter = Tally()
    book = SourceBook(clock, meter)

    book.count("events", 3, source=A)
    book.count("alerts_opened")

    assert meter.counts == {("events", (("source", A),)): 3, ("alerts_opened", ()): 1}


def test_a_clock_that_is_set_back_leaves_no_minutes_of_the_future(book, clock):
    """What was counted in them is not shown twice when they come."""
    clock.move(5 * MINUTE)
    book.count("events", 7, source=A)
    clock.move(-5 * MINUTE)
    book.count("events", 1, source=A)
    assert (*(0,) * 59, 1) == book.minutes(A)
    clock.move(5 * MINUTE)

    assert (*(0,) * 54, 1, 0, 0, 0, 0, 0) == book.minutes(A)


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 9)), max_size=50))
def test_the_hour_is_the_sum_of_what_was_counted_in_it(steps):
    """Whatever the pace."""
    clock = FixedClock()
    book = SourceBook(clock, Tally())
    told = []
    for seconds, amount in steps:
        clock.move(timedelta(seconds=seconds))
        book.count("events", amount, source=A)
        told.append((clock.now(), amount))
    first = int(clock.now().timestamp() // 60) - MINUTES + 1

    expected = sum(amount for at, amount in told if int(at.timestamp() // 60) >= first)
    assert expected == sum(book.minutes(A))
    assert len(book.minutes(A)) == MINUTES


# -- the list ---------------------------------------------------------------------------------


def test_a_registered_source_is_listed_also_when_it_never_sent(book):
    """Silence is a state, not an absence."""
    book.count("events", 4, source=A)
    second = Source(id=SourceId("so-a-web"), input=InputName("web"))
    agency = an_agency()
    agency = replace(agency, sources=(second, *agency.sources))

    statuses = source_statuses(registry(agency), [a_mark()], book)

    assert [
        SourceStatus(
            source=A,
            agency=agency.id,
            input="syslog-udp",
            mark=a_mark(),
            minutes=(*(0,) * 59, 4),
        ),
        SourceStatus(source=second.id, agency=agency.id, input="web", mark=None, minutes=SILENT),
    ] == list(statuses)


def test_what_nobody_claims_comes_behind_and_then_what_has_left(book):
    """Nothing that sends is out of sight."""
    book.count("events", 9, source="unassigned")
    book.count("events", 2, source="gone")
    gone = a_mark(SourceId("gone"), AgencyId("so-x"))
    nobodys = a_mark(None, None)

    statuses = source_statuses(registry(an_agency()), [gone, nobodys], book)

    assert [(status.source, status.input, status.minutes[-1]) for status in statuses] == [
        (A, "syslog-udp", 0),
        (None, "", 9),
        ("gone", "", 2),
    ]
    assert [None, nobodys, gone] == [status.mark for status in statuses]


def test_a_source_that_was_moved_keeps_apart_what_it_sent_for_whom(book):
    """The old agency's count stays the old one's; what comes now is the new one's."""
    book.count("events", 4, source=A)
    old = a_mark(agency=AgencyId("so-old"))

    statuses = source_statuses(registry(an_agency()), [old], book)

    assert [("so-a", None, 4), ("so-old", old, 0)] == [
        (status.agency, status.mark, status.minutes[-1]) for status in statuses
    ]


def test_without_agencies_and_marks_there_is_nothing(book):
    """A new service."""
    assert list(source_statuses(registry(), [], book)) == []
