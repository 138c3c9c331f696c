"""What every state does, in memory or in a database: one suite over all of them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Event

import pytest

from sentinel.errors import NotFound
from sentinel.model.agency import Registry
from sentinel.model.alert import AlertEntry, AlertState, Score
from sentinel.ports import AlertQuery, WarningQuery
from tests.samples import NOON, a_contact, a_delivery, a_warning, an_agency, an_alert

MINUTE = timedelta(minutes=1)
OPENED = AlertEntry(at=NOON, who="", action="opened", reason="score 72")
SEEN = AlertEntry(at=NOON + MINUTE, who="Lan", action="acknowledged")


def put(state, alerts):
    with state.transaction() as change:
        for alert in alerts:
            change.put_alert(alert)


def ids(values):
    return [value.id for value in values]


def a_scored_alert(name, points, **changes):
    """An alert of a cause of its own."""
    return an_alert(id=name, cause=f"cause of {name}", score=Score(points, ()), **changes)


# -- transactions --------------------------------------------------------------------------------


def test_a_new_state_is_empty(state):
    """Nothing was detected on, nobody is registered, nothing is kept."""
    with state.reading() as look:
        found = (
            look.offset(),
            look.registry(),
            look.registry_version(),
            look.alerts(AlertQuery()),
            look.warnings(WarningQuery()),
            look.due_deliveries(NOON, 10),
            look.windows(),
            look.secret("api-token"),
        )
    assert (0, Registry({}), 0, [], [], [], {}, None) == found


def test_an_exception_undoes_the_whole_block(state):
    """Whatever was written before it: all or nothing."""
    put(state, [an_alert(history=(OPENED,))])

    def write_much_and_fail():
        with state.transaction() as change:
            change.advance(7)
            change.put_alert(an_alert(detections=2, history=(OPENED, SEEN)))
            change.put_warning(a_warning(deliveries=(a_delivery(),)))
            change.put_windows({"w": b"1"})
            change.put_agencies([an_agency()])
            change.put_secret("name", "value")
            change.take_number("CB", 2026)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_much_and_fail()
    with state.transaction() as change:
        found = (
            change.offset(),
            change.alert(an_alert().id),
            change.warnings(WarningQuery()),
            change.windows(),
            change.registry_version(),
            change.secret("name"),
            change.take_number("CB", 2026),
        )
    assert (0, an_alert(history=(OPENED,)), [], {}, 0, None, 1) == found


def test_a_transaction_sees_its_own_writes(state):
    """What was put can be asked for before the block ends."""
    with state.transaction() as change:
        change.put_alert(an_alert())
        change.advance(3)
        assert (an_alert(), 3) == (change.open_alert("so-a", an_alert().cause), change.offset())


def test_readers_do_not_see_or_wait_for_an_unfinished_transaction(state):
    """They look at what was there before, while the writer is still at it."""

    def look():
        with state.reading() as reader:
            return reader.offset(), reader.alerts(AlertQuery())

    with ThreadPoolExecutor(1) as pool:
        with state.transaction() as change:
            change.advance(9)
            change.put_alert(an_alert())
            during = pool.submit(look).result(timeout=20)
        after = pool.submit(look).result(timeout=20)
    assert ((0, []), (9, [an_alert()])) == (during, after)


def test_one_look_stays_the_same_while_others_write(state):
    """Two questions in one reading block get answers of one moment."""
    wrote = Event()

    def write():
        with state.transaction() as change:
            change.advance(9)
            change.put_alert(an_alert())
            wrote.set()

    with ThreadPoolExecutor(1) as pool:
        with state.reading() as look:
            before = look.offset()
            writer = pool.submit(write)
            assert wrote.wait(timeout=20)
            found = look.alerts(AlertQuery())
        writer.result(timeout=20)
    with state.reading() as look:
        assert (before, found, look.offset()) == (0, [], 9)


def test_threads_that_write_at_once_all_get_their_turn(state):
    """Nobody is refused, and no number is given twice or left out."""
    start = Barrier(4)

    def take():
        start.wait(timeout=20)
        numbers = []
        for _ in range(10):
            with state.transaction() as change:
                numbers.append(change.take_number("CB", 2026))
        return numbers

    with ThreadPoolExecutor(4) as pool:
        taken = [pool.submit(take) for _ in range(4)]
        numbers = [number for future in taken for number in future.result(timeout=60)]
    assert list(range(1, 41)) == sorted(numbers)


# -- offset, numbers, windows, secrets, registry -------------------------------------------------


def test_the_offset_goes_forward_only(state):
    """Standing still is allowed, going back is a mistake of the caller."""
    with state.transaction() as change:
        change.advance(5)
        change.advance(5)
    with pytest.raises(ValueError, match="cannot go back to 4"), state.transaction() as change:
        change.advance(4)
    with state.reading() as look:
        assert look.offset() == 5


def test_numbers_are_counted_by_series_and_year(state):
    """Each begins at 1."""
    with state.transaction() as change:
        taken = [
            change.take_number(series, year)
            for series, year in [("CB", 2026), ("CB", 2026), ("CB", 2027), ("TB", 2026)]
        ]
    assert taken == [1, 2, 1, 1]


def test_a_window_is_written_replaced_and_removed(state):
    """None removes; what is not named stays; removing what is not there is nothing."""
    with state.transaction() as change:
        change.put_windows({"a": b"\x00\xff", "b": b"", "c": b"3"})
        change.put_windows({"a": b"new", "c": None, "d": None})
        change.put_windows({})
    with state.reading() as look:
        assert look.windows() == {"a": b"new", "b": b""}


def test_a_secret_is_kept_until_it_is_written_anew(state):
    """The last one counts."""
    with state.transaction() as change:
        change.put_secret("api-token", "old")
        change.put_secret("api-token", "new")
    with state.reading() as look:
        assert (look.secret("api-token"), look.secret("journal")) == ("new", None)


def test_agencies_are_added_and_replaced_and_each_change_is_counted(state):
    """Putting none changes nothing. The registry comes by id."""
    first, second = an_agency(id="so-b", sources=()), an_agency()
    changed = an_agency(contacts=(a_contact(phone="024 0000 0000"),))
    with state.transaction() as change:
        change.put_agencies([first, second])
        change.put_agencies([changed])
        change.put_agencies([])
    with state.reading() as look:
        registry, version = look.registry(), look.registry_version()
    assert (["so-a", "so-b"], [changed, first], 2) == (
        list(registry.agencies),
        list(registry.agencies.values()),
        version,
    )


def test_agencies_that_leave_are_gone_and_only_a_change_is_counted(state):
    """Taking out one that is not there changes nothing."""
    with state.transaction() as change:
        change.put_agencies([an_agency(), an_agency(id="so-b", sources=())])
        change.remove_agencies(["so-b"])
        change.remove_agencies(["so-b", "nobody"])
        change.remove_agencies([])
    with state.reading() as look:
        assert (list(look.registry().agencies), look.registry_version()) == (["so-a"], 2)


# -- alerts --------------------------------------------------------------------------------------


def test_an_alert_comes_back_as_it_was_put(state):
    """With its history, each evidence line and the rule as it was."""
    alert = an_alert(history=(OPENED, SEEN), asset=None, previous="older", assignee="Lan")
    put(state, [alert])
    with state.reading() as look:
        assert alert == look.alert(alert.id)


def test_an_alert_that_is_not_there_is_not_found(state):
    """The message names it."""
    with state.reading() as look, pytest.raises(NotFound, match="no alert 'nothing'"):
        look.alert("nothing")


def test_a_later_put_replaces_the_alert_and_only_adds_to_its_history(state):
    """An alert from a list has no history; the entry added to it is added to what is there."""
    put(state, [an_alert(history=(OPENED,))])
    with state.reading() as look:
        (listed,) = look.alerts(AlertQuery())
    put(state, [replace(listed, state=AlertState.ACKNOWLEDGED, history=(SEEN,))])
    put(state, [replace(listed, detections=8)])
    with state.reading() as look:
        assert an_alert(detections=8, history=(OPENED, SEEN)) == look.alert(listed.id)


def test_a_cause_has_one_open_alert(state):
    """A second one is refused; after closing, or of another agency, it is welcome."""
    put(state, [an_alert()])
    with pytest.raises(ValueError, match="second"):
        put(state, [an_alert(id="second")])
    put(state, [an_alert(id="elsewhere", agency="so-b"), an_alert(id="x", agency=None)])
    put(state, [an_alert(state=AlertState.CLOSED), an_alert(id="second")])
    with state.reading() as look:
        assert look.open_alert("so-a", an_alert().cause).id == "second"


def test_unassigned_alerts_are_one_owners_too(state):
    """Nobody's cause has one open alert, like anybody's."""
    put(state, [an_alert(agency=None)])
    with pytest.raises(ValueError, match="second"):
        put(state, [an_alert(id="second", agency=None)])
    with state.reading() as look:
        found = look.open_alert(None, an_alert().cause), look.open_alert("so-a", an_alert().cause)
    assert (an_alert(agency=None), None) == found


def test_the_closed_alert_that_was_opened_last_is_the_previous_one(state):
    """Whatever the order in which they were closed; open ones do not count."""
    closed = {"state": AlertState.CLOSED}
    put(
        state,
        [
            an_alert(id="newer", opened=NOON + 2 * MINUTE, **closed),
            an_alert(id="older", opened=NOON + MINUTE, last_seen=NOON + 9 * MINUTE, **closed),
            an_alert(id="open", opened=NOON + 3 * MINUTE),
            an_alert(id="other", opened=NOON + 4 * MINUTE, cause="another", **closed),
            an_alert(id="nobody", opened=NOON + 4 * MINUTE, agency=None, **closed),
        ],
    )
    cause = an_alert().cause
    with state.reading() as look:
        found = look.last_closed("so-a", cause), look.last_closed("so-b", cause)
    assert found == ("newer", None)


def test_alerts_come_worst_first_then_newest(state):
    """By score, then by the last time they were seen; without history, at most the limit."""
    later = {"last_seen": NOON + MINUTE}
    put(
        state,
        [
            a_scored_alert("low", 10, **later),
            a_scored_alert("old", 90, history=(OPENED,)),
            a_scored_alert("new", 90, state=AlertState.CLOSED, **later),
            a_scored_alert("mid", 50, state=AlertState.IN_PROGRESS),
        ],
    )
    with state.reading() as look:
        everything, two = look.alerts(AlertQuery()), look.alerts(AlertQuery(limit=2))
    assert ids(everything) == ["new", "old", "mid", "low"]
    assert ids(two) == ["new", "old"]
    assert everything[1].history == ()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (AlertQuery(states=frozenset({AlertState.NEW})), ["a", "nobody"]),
        (
            AlertQuery(states=frozenset({AlertState.NEW, AlertState.CLOSED})),
            ["a", "done", "nobody"],
        ),
        (AlertQuery(agency="so-a"), ["a", "done"]),
        (AlertQuery(agency="so-a", states=frozenset({AlertState.CLOSED})), ["done"]),
        (AlertQuery(unassigned=True), ["nobody"]),
        (AlertQuery(min_score=70), ["a", "b", "done"]),
        (AlertQuery(agency="so-b", min_score=81), []),
    ],
)
def test_alerts_are_narrowed_by_what_is_asked_for(state, query, expected):
    """State, agency, nobody's, score: each alone and together."""
    put(
        state,
        [
            a_scored_alert("a", 90),
            a_scored_alert("b", 80, agency="so-b", state=AlertState.ACKNOWLEDGED),
            a_scored_alert("done", 70, state=AlertState.CLOSED),
            a_scored_alert("nobody", 60, agency=None),
        ],
    )
    with state.reading() as look:
        assert expected == ids(look.alerts(query))


def test_nobodys_alerts_of_an_agency_cannot_be_asked_for(state):
    """The two exclude each other, and the question says so."""
    with state.reading() as look, pytest.raises(ValueError, match="leave one of the two out"):
        look.alerts(AlertQuery(agency="so-a", unassigned=True))
