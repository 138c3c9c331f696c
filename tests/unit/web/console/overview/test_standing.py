"""How a source stands: silence, strange text and wrong clocks are told apart."""

from datetime import timedelta

import pytest

from sentinel.model.ids import AgencyId, InputName, SourceId
from sentinel.model.source_mark import SourceMark
from sentinel.ports import InputStatus, SourceStatus
from sentinel.web.console.overview.standing import Standing, source_rows, standings
from tests.samples import NOON
from tests.unit.web.fakes import FakeHealth

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def a_source(name="so-a-syslog", agency="so-a", via="syslog-udp", minutes=(), **changes):
    mark = {
        "source": name and SourceId(name),
        "agency": agency and AgencyId(agency),
        "events": 100,
        "unparsed": 0,
        "received": NOON,
        "at": NOON,
    }
    return SourceStatus(
        source=mark["source"],
        agency=mark["agency"],
        input=via,
        mark=SourceMark(**(mark | changes)),
        minutes=minutes,
    )


def never_seen(name="so-a-new"):
    return SourceStatus(
        source=SourceId(name),
        agency=AgencyId("so-a"),
        input="syslog-udp",
        mark=None,
        minutes=(),
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (a_source(), [Standing.SENDING]),
        (a_source(received=NOON - 15 * MINUTE, at=NOON - 15 * MINUTE), [Standing.SENDING]),
        (
            a_source(received=NOON - 15 * MINUTE - SECOND, at=NOON - 15 * MINUTE),
            [Standing.QUIET],
        ),
        (never_seen(), [Standing.NEVER]),
        (a_source(unparsed=10), [Standing.SENDING]),
        (a_source(unparsed=11), [Standing.UNREADABLE]),
        (a_source(events=0, unparsed=0), [Standing.SENDING]),
        (a_source(at=NOON - 5 * MINUTE), [Standing.SENDING]),
        (a_source(at=NOON - 5 * MINUTE - SECOND), [Standing.CLOCK]),
        (a_source(at=NOON + 6 * MINUTE), [Standing.CLOCK]),
        (a_source(name=None, agency=None, via=""), [Standing.UNCLAIMED]),
        (a_source(via=""), [Standing.UNCLAIMED]),
        (a_source(via="", received=NOON - HOUR, unparsed=90), [Standing.PAST]),
        (
            a_source(received=NOON - HOUR, at=NOON - 8 * HOUR, unparsed=90),
            [Standing.QUIET, Standing.UNREADABLE, Standing.CLOCK],
        ),
    ],
    ids=[
        "sends",
        "a pause",
        "quiet",
        "never seen",
        "some lines cannot be read",
        "many lines cannot be read",
        "no events at all",
        "late, but not much",
        "late",
        "early",
        "nobody's",
        "taken out of the registry, still sends",
        "taken out of the registry",
        "everything at once",
    ],
)
def test_each_standing_has_its_sign(source, expected):
    """And what else is wrong stands behind the worst."""
    assert tuple(expected) == standings(source, NOON)


def test_the_worst_source_comes_first():
    """Then by agency and name, so that nothing jumps about between two looks."""
    sources = [
        a_source("so-a-2"),
        a_source("so-x", "so-x", via="", received=NOON - HOUR),
        a_source("so-a-1"),
        a_source("slow", at=NOON - HOUR),
        a_source(None, None, via=""),
        a_source("odd", unparsed=90),
        never_seen(),
        a_source("gone", received=NOON - HOUR),
    ]
    status = FakeHealth(sources=sources).status()

    found = [row.source.source for row in source_rows(status, NOON)]

    assert found == ["gone", "so-a-new", "odd", None, "slow", "so-a-1", "so-a-2", "so-x"]


def test_a_source_is_shown_with_its_input():
    """Where the input does not run, the silence is not the source's."""
    status = FakeHealth(
        inputs=[
            InputStatus(name=InputName("syslog-udp"), collector="syslog", state="waiting"),
            InputStatus(name=InputName("files"), collector="files", state="running"),
        ],
        sources=[a_source("a"), a_source("b", via="files"), a_source("c", via="not there")],
    ).status()

    rows = source_rows(status, NOON)

    assert [(row.through and row.through.name, row.is_deaf) for row in rows] == [
        ("syslog-udp", True),
        ("files", False),
        (None, False),
    ]


@pytest.mark.parametrize(
    ("behind", "expected"),
    [
        (7 * HOUR, True),
        (7 * HOUR + 2 * MINUTE, True),
        (7 * HOUR + 3 * MINUTE, False),
        (-7 * HOUR - MINUTE, True),
        (HOUR - MINUTE, True),
        (MINUTE, False),
        (timedelta(0), False),
    ],
)
def test_a_difference_of_whole_hours_is_a_time_zone(behind, expected):
    """Seven hours are Viet Nam's offset that somebody did not set."""
    status = FakeHealth(sources=[a_source(at=NOON - behind)]).status()

    (row,) = source_rows(status, NOON)

    assert (behind, expected) == (row.behind, row.is_zone)


def test_what_was_never_seen_has_neither_share_nor_delay():
    """No mark, no figures."""
    (row,) = source_rows(FakeHealth(sources=[never_seen()]).status(), NOON)

    assert (row.share, row.behind, row.is_zone) == (None, None, False)
