"""What every event store does: each event once, with its raw line, for its own agency alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentinel.errors import NotFound
from sentinel.model.event import Event
from sentinel.model.ids import AgencyId, AssetId, Offset, SourceId, event_id
from sentinel.ports import EventQuery
from sentinel.store.events_memory import MemoryEvents
from sentinel.store.events_parquet import ParquetEvents
from tests.samples import JOURNAL, NOON, an_event

A = AgencyId("so-a")
B = AgencyId("so-b")
EVERYTHING = EventQuery(agency=A, limit=1000)


@pytest.fixture(params=["memory", "tail", "sealed", "mixed"])
def store(request, tmp_path):
    """In memory; in Parquet all in the tail; each event in a segment; segments of two events."""
    if request.param == "memory":
        store = MemoryEvents()
    else:
        events = {"tail": 50_000, "sealed": 1, "mixed": 2}[request.param]
        store = ParquetEvents(tmp_path, seal_events=events)
    yield store
    store.close()


def _offsets(events):
    return [event.offset for event in events]


def _search(store, **query):
    return _offsets(store.search(EventQuery(**{"agency": A} | query)))


def test_an_empty_store_finds_nothing(store):
    """Nothing is there, nothing is on disk, and sealing it does nothing."""
    store.seal()

    assert store.search(EVERYTHING) == []
    assert store.sealed_through() == 0
    assert store.damaged() == []


def test_an_event_comes_back_equal(store):
    """Every part of it, by its id and by a search, before and after it is sealed."""
    event = an_event(7, asset=None, source=None, raw="x\0\n\u1ebf\U0001f600", sha256="ab" * 32)
    store.append([an_event(1), event, an_event(9)])

    for _ in range(2):
        assert store.get(A, event.id) == event
        assert store.search(EVERYTHING)[1] == event
        store.seal()


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Th\u01b0",
        "a\0b",
        '"\\\n\x1f\x7f\u2028',
        0,
        -1,
        2**63 - 1,
        2**64 - 1,
        2**64,
        -(2**200),
        0.1,
        1e16,
        1e-7,
        -0.0,
        float("inf"),
        True,
        False,
        None,
        [],
        ["a", 1, 1.5, True, None, ""],
        [float("-inf"), 2**70],
    ],
    ids=repr,
)
def test_a_field_s_value_keeps_its_type(store, value):
    """What a rule saw live is what a person sees later: 1 is not "1", nor 1.0, nor true."""
    fields = dict.fromkeys(["user.name", "a.b", '"\0\u1ebf', ""], value)
    store.append([an_event(fields=fields)])
    store.seal()

    found = store.get(A, an_event().id).fields

    assert {name: repr(found[name]) for name in fields} == dict.fromkeys(fields, repr(value))


@pytest.mark.parametrize(
    "at",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 11, 22, 5, 0, 0, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
def test_times_keep_their_microseconds_and_their_zone(store, at):
    """Aware, in UTC, to the microsecond, in any year."""
    store.append([an_event(at=at, received=at)])
    store.seal()

    (found,) = store.search(EventQuery(agency=A, since=at))

    assert (found.at, found.received) == (at, at)
    assert found.at.utcoffset() == timedelta(0)


def test_events_come_newest_first_and_the_offset_decides_between_equals(store):
    """The order of happening, not of arrival."""
    hours = [2, 5, 5, 1]
    store.append([an_event(n, at=NOON + timedelta(hours=hour)) for n, hour in enumerate(hours, 1)])

    assert _search(store) == [3, 2, 1, 4]


@pytest.mark.parametrize("limit", [0, 1, 3, 10])
def test_the_limit_takes_the_newest(store, limit):
    """Never more than asked for."""
    store.append([an_event(n, at=NOON + timedelta(seconds=n)) for n in range(1, 6)])

    assert _search(store, limit=limit) == [5, 4, 3, 2, 1][:limit]


def test_time_bounds_include_the_first_moment_and_exclude_the_last(store):
    """`since` is inclusive, `until` exclusive, to the microsecond."""
    step = timedelta(microseconds=1)
    store.append([an_event(n, at=NOON + n * step) for n in range(1, 6)])

    assert _search(store, since=NOON + 2 * step, until=NOON + 4 * step) == [3, 2]
    assert _search(store, since=NOON + 5 * step) == [5]
    assert _search(store, until=NOON + step) == []


def test_an_agency_sees_its_own_events_alone(store):
    """Another's are not found by search nor by id, and nobody's are nobody's."""
    store.append([an_event(1, agency=A), an_event(2, agency=B), an_event(3, agency=None)])

    assert _search(store, agency=A) == [1]
    assert _search(store, agency=B) == [2]
    assert _search(store, agency=None) == [3]
    assert _search(store, agency=AgencyId("")) == []
    for agency, mine in ((A, 1), (B, 2), (None, 3)):
        for offset in (1, 2, 3):
            name = event_id(JOURNAL, Offset(offset))
            if offset == mine:
                assert store.get(agency, name).agency == agency
            else:
                with pytest.raises(NotFound):
                    store.get(agency, name)


def test_another_s_event_and_no_event_get_the_same_answer(store):
    """The words do not tell that somebody else has it."""
    store.append([an_event(1, agency=B)])

    with pytest.raises(NotFound) as others:
        store.get(A, event_id(JOURNAL, Offset(1)))
    with pytest.raises(NotFound) as nobodys:
        store.get(A, event_id(JOURNAL, Offset(2)))

    assert str(others.value) == "so-a has no event 0a1b2c3d-000000000001"
    assert str(nobodys.value) == "so-a has no event 0a1b2c3d-000000000002"


@pytest.mark.parametrize("name", ["user.name", "made.up"])
@pytest.mark.parametrize(
    ("value", "text", "found"),
    [
        ("admin", "ADMIN", True),
        ("Admin", "aDMIN", True),
        ("admin", "admi", False),
        ("admin", "admin ", False),
        ("TH\u01af", "th\u01b0", True),
        ("\u212a", "k", True),  # the Kelvin sign folds to k
        ("STRASSE", "stra\u00dfe", True),
        ("C:\\Temp\\x.EXE", "c:\\temp\\X.exe", True),
        ("\u1ebf \u212aelvin", "\u1ebf kelvin", True),
        ("a\0b", "A\0B", True),
        ("a%b_", "A%B_", True),
        ("axb1", "a%b_", False),
        ("", "", True),
        (51234, "51234", True),
        (51234, "5123", False),
        (2**70, str(2**70), True),
        (1e16, "1e+16", True),
        (1.5, "1.5", True),
        (1e-7, "1E-07", True),
        (float("inf"), "INF", True),
        (True, "TRUE", True),
        (False, "false", True),
        (True, "1", False),
        (None, "", True),
        (None, "null", False),
        (["x", "Y", 3], "y", True),
        (["x", "Y", 3], "3", True),
        (["x", "y"], "x,y", False),
        ([], "", False),
        ([None], "", True),
    ],
)
def test_a_field_equals_its_value_as_text_in_any_case(store, name, value, text, found):
    """Text, numbers, truth, nothing, elements of a list; the whole value, never a part."""
    store.append([an_event(1, fields={name: value}), an_event(2, fields={name: "else"})])

    assert _search(store, fields={name: text}) == ([1] if found else [])


def test_a_field_that_is_missing_equals_nothing(store):
    """Not even the empty text."""
    store.append([an_event(1)])

    assert _search(store, fields={"url.domain": ""}) == []
    assert _search(store, fields={"made.up": ""}) == []


def test_every_field_of_a_query_must_fit(store):
    """Fields with a column of their own and others are held alike."""
    store.append(
        [
            an_event(1, fields={"user.name": "a", "source.port": 1}),
            an_event(2, fields={"user.name": "a", "source.port": 2}),
            an_event(3, fields={"user.name": "b", "source.port": 1}),
        ]
    )

    assert _search(store, fields={"user.name": "A", "source.port": "1"}) == [1]
    assert _search(store, fields={}) == [3, 2, 1]


def test_an_event_that_comes_again_is_passed_over(store):
    """A replay after a crash begins at `sealed_through`; what was there already is there once."""
    events = [an_event(n) for n in range(1, 6)]
    store.append(events[:3])
    store.append(events[1:4])
    store.seal()
    store.append(events)

    assert _search(store) == [5, 4, 3, 2, 1]


def test_sealing_is_told(store):
    """Everything up to here need not come again."""
    store.append([an_event(4), an_event(8)])
    store.seal()

    assert store.sealed_through() == 8


# -- Parquet and memory agree --------------------------------------------------------------------

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(["a", "A", "b", "1", "true", "", "1.0", "\u00df", "ss", "\u0130"])
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
)
NAMES = st.sampled_from(["user.name", "source.ip", "event.action", "x", "y.z", ""])
FIELDS = st.dictionaries(NAMES, SCALARS | st.lists(SCALARS, max_size=3), max_size=4)
AGENCIES = st.sampled_from([A, B, None])
TIMES = st.integers(-3, 3).map(lambda n: NOON + timedelta(microseconds=n)) | st.datetimes(
    timezones=st.just(UTC)
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)


@st.composite
def _events(draw):
    offsets = sorted(draw(st.sets(st.integers(1, 10**12 - 1), max_size=12)))
    return [
        Event(
            id=event_id(JOURNAL, Offset(offset)),
            offset=Offset(offset),
            at=draw(TIMES),
            received=draw(TIMES),
            agency=draw(AGENCIES),
            source=draw(st.none() | TEXT.map(SourceId)),
            asset=draw(st.none() | TEXT.map(AssetId)),
            fields=draw(FIELDS),
            raw=draw(TEXT),
            sha256=draw(TEXT),
        )
        for offset in offsets
    ]


@st.composite
def _queries(draw, events):
    """Half of the wanted values are those of some event, in another case."""
    pairs = [(name, value) for event in events for name, value in event.fields.items()]
    texts = [
        (name, str(item).swapcase() if item is not None else "")
        for name, value in pairs
        for item in (value if isinstance(value, list) else [value])
    ]
    known = st.sampled_from(texts) if texts else st.nothing()
    wanted = draw(st.lists(known | st.tuples(NAMES, TEXT), max_size=2))
    return EventQuery(
        agency=draw(AGENCIES),
        since=draw(st.none() | TIMES),
        until=draw(st.none() | TIMES),
        fields=draw(st.sampled_from([None, dict(wanted)])),
        limit=draw(st.integers(0, 5) | st.just(100)),
    )


@settings(deadline=None, max_examples=120)
@given(data=st.data())
def test_parquet_finds_what_memory_finds(data):
    """Any events, sealed at any points, restarted at any point, under any query."""
    events = data.draw(_events())
    memory = MemoryEvents()
    with TemporaryDirectory() as folder:
        parquet = ParquetEvents(Path(folder), seal_events=data.draw(st.integers(1, 8)))
        for event in events:
            memory.append([event])
            parquet.append([event])
            step = data.draw(st.sampled_from(["", "", "seal", "restart"]))
            if step == "seal":
                parquet.seal()
            elif step == "restart":  # as after a crash: the tail is lost and comes again
                parquet._duckdb.close()
                parquet = ParquetEvents(Path(folder))
                parquet.append([e for e in events if e.offset <= event.offset])
        for _ in range(3):
            query = data.draw(_queries(events))
            assert parquet.search(query) == memory.search(query)
        for event in events:
            assert parquet.get(event.agency, event.id) == event
        assert parquet.damaged() == []
        parquet.close()
