"""How every state finds alerts: one suite over all of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.model.alert import AlertState, Disposition, Score
from sentinel.model.entity import Entity, EntityKind
from sentinel.model.suppression import Scope
from sentinel.ports import AlertOrder, AlertQuery
from tests.samples import NOON, a_card, an_alert

MINUTE = timedelta(minutes=1)
CLOSED = AlertState.CLOSED
SSH, WEB = "rule-ssh", "rule-web"


def an_alert_of(name, points, **changes):
    """An alert of a cause of its own."""
    return an_alert(id=name, cause=f"cause of {name}", score=Score(points, ()), **changes)


ALERTS = (
    an_alert_of(
        "a",
        90,
        card=a_card(id=SSH),
        subject={"source.ip": "203.0.113.45", "user.name": "Đỗ"},
        opened=NOON + MINUTE,
    ),
    an_alert_of(
        "b",
        80,
        agency="so-b",
        card=a_card(id=SSH),
        subject={"source.ip": "203.0.113.4", "user.name": "root"},
        assignee="lan",
        state=AlertState.IN_PROGRESS,
        last_seen=NOON + 3 * MINUTE,
    ),
    an_alert_of(
        "c",
        70,
        card=a_card(id=WEB, title="Web shell", advice=None),
        subject={"host.hostname": "WEB01"},
        assignee="lan",
        state=CLOSED,
        disposition=Disposition.TRUE_POSITIVE,
        last_seen=NOON + MINUTE,
    ),
    an_alert_of(
        "d",
        60,
        agency=None,
        asset=None,
        card=a_card(id=SSH),
        subject={"source.ip": "::ffff:203.0.113.45"},
        state=CLOSED,
        disposition=Disposition.BENIGN,
        last_seen=NOON + 2 * MINUTE,
    ),
)


@pytest.fixture
def look(state):
    with state.transaction() as change:
        for alert in ALERTS:
            change.put_alert(replace(alert, evidence=()))
    with state.reading() as reader:
        yield reader


def ids(look, query):
    """The page; and the number and the ids of all, which must be of the same alerts."""
    everything = replace(query, skip=0, limit=100)
    whole = [alert.id for alert in look.alerts(everything)]
    assert (len(whole), whole) == (look.count_alerts(query), list(look.alert_ids(query)))
    return [alert.id for alert in look.alerts(query)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (AlertQuery(max_score=70), ["c", "d"]),
        (AlertQuery(min_score=70, max_score=80), ["b", "c"]),
        (AlertQuery(rule=WEB), ["c"]),
        (AlertQuery(rule="rule"), []),
        (AlertQuery(assignee="lan"), ["b", "c"]),
        (AlertQuery(assignee=""), ["a", "d"]),
        (AlertQuery(dispositions=frozenset({Disposition.BENIGN})), ["d"]),
        (AlertQuery(dispositions=frozenset(Disposition)), ["c", "d"]),
        (AlertQuery(opened_after=NOON), ["a"]),
        (AlertQuery(opened_after=NOON + MINUTE), []),
        (AlertQuery(seen_since=NOON + 2 * MINUTE), ["b", "d"]),
        (AlertQuery(assignee="lan", agency="so-a", states=frozenset({CLOSED})), ["c"]),
    ],
)
def test_alerts_are_narrowed_by_each_of_their_sides(look, query, expected):
    """Alone and together; bounds are as the query says."""
    assert expected == ids(look, query)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ["a", "b", "c", "d"]),
        (("",), ["a", "b", "c", "d"]),
        (("web",), ["c"]),
        (("WEB SHELL",), ["c"]),
        (("mật khẩu", "root"), ["b"]),
        (("ma\u0323\u0302t KHA\u0302\u0309U",), ["a", "b", "d"]),
        (("đỗ",), ["a"]),
        (("ĐỖ",), ["a"]),
        (("so-",), ["a", "b", "c"]),
        (("dvc", "so-a"), ["a", "c"]),
        (("203.0.113.45",), ["a", "d"]),
        (("203_0",), []),
        (("%",), []),
        (("ssh so-a",), []),
        (("web", "root"), []),
    ],
)
def test_each_word_occurs_somewhere(look, words, expected):
    """In an id, a name, a title or a value; case and the way of writing are ignored."""
    assert expected == ids(look, AlertQuery(words=words))


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (EntityKind.ADDRESS, "203.0.113.45", ["a", "d"]),
        (EntityKind.ADDRESS, "203.0.113.4", ["b"]),
        (EntityKind.HOST, "web01", ["c"]),
        (EntityKind.USER, "đỗ", ["a"]),
        (EntityKind.HOST, "root", []),
    ],
)
def test_an_entity_is_found_however_a_line_wrote_it(look, kind, value, expected):
    """Whole values only: .4 is another address than .45."""
    assert expected == ids(look, AlertQuery(entity=Entity.of(kind, value)))


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(rule=SSH, agency="so-a"), ["a"]),
        (Scope(rule=SSH), ["d"]),
        (Scope(rule=SSH, everywhere=True), ["a", "b", "d"]),
        (Scope(rule=SSH, everywhere=True, subject={"user.name": "ROOT"}), ["b"]),
        (Scope(rule=SSH, everywhere=True, subject={"source.ip": "203.0.113.45"}), ["a"]),
        (
            Scope(
                rule=SSH,
                agency="so-a",
                subject={"user.name": "đỗ", "source.ip": "203.0.113.45"},
            ),
            ["a"],
        ),
        (Scope(rule=SSH, everywhere=True, subject={"host.name": "web01"}), []),
        (Scope(rule="rule", everywhere=True), []),
    ],
)
def test_a_scope_finds_what_it_would_hide(look, scope, expected):
    """As its own `fits` says of each alert; its agency is the one that counts."""
    fitting = [a.id for a in ALERTS if scope.fits(a.card.id, a.agency, a.subject)]
    assert expected == fitting
    assert expected == ids(look, AlertQuery(scope=scope, agency="so-b"))


@pytest.mark.parametrize(
    ("order", "expected"),
    [(AlertOrder.SCORE, ["a", "b", "c", "d"]), (AlertOrder.NEWEST, ["b", "d", "c", "a"])],
)
def test_pages_follow_each_other_in_the_order_asked_for(look, order, expected):
    """None is left out or comes twice; behind the last there is nothing."""
    queries = [AlertQuery(order=order, skip=skip, limit=2) for skip in (0, 2, 4)]
    assert [expected[:2], expected[2:], []] == [ids(look, query) for query in queries]


@pytest.mark.parametrize("agency", ["so-a", None])
def test_the_newest_of_one_agency_come_in_order(look, agency):
    """And of nobody."""
    query = AlertQuery(agency=agency, unassigned=agency is None, order=AlertOrder.NEWEST)
    assert ids(look, query) == (["c", "a"] if agency else ["d"])


def test_what_an_alert_becomes_is_what_it_is_found_by(state):
    """A later put takes away what it was found by before."""
    with state.transaction() as change:
        change.put_alert(ALERTS[0])
        change.put_alert(replace(ALERTS[0], subject={"user.name": "minh"}, evidence=()))
        found = [
            list(change.alert_ids(query))
            for query in (
                AlertQuery(words=("minh",)),
                AlertQuery(words=("đỗ",)),
                AlertQuery(entity=Entity(EntityKind.USER, "minh")),
                AlertQuery(entity=Entity(EntityKind.USER, "đỗ")),
            )
        ]
    assert found == [["a"], [], ["a"], []]


def test_an_alert_that_becomes_another_agencys_is_found_there(state):
    """By what it names, too."""
    user = Entity(EntityKind.USER, "đỗ")
    with state.transaction() as change:
        change.put_alert(ALERTS[0])
        change.put_alert(replace(ALERTS[0], agency="so-b"))
        queries = [AlertQuery(entity=user, agency=agency) for agency in ("so-a", "so-b")]
        assert [change.count_alerts(query) for query in queries] == [0, 1]


def test_counting_nobodys_alerts_of_an_agency_is_refused_too(look):
    """As listing them is."""
    query = AlertQuery(agency="so-a", unassigned=True, entity=Entity(EntityKind.USER, "root"))
    for ask in (look.count_alerts, look.alert_ids):
        with pytest.raises(ValueError, match="leave one of the two out"):
            ask(query)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (EntityKind.ADDRESS, "203.0.113.45", {"so-a"}),
        (EntityKind.ADDRESS, "203.0.113.4", {"so-b"}),
        (EntityKind.HOST, "203.0.113.4", set()),
        (EntityKind.ADDRESS, "203.0.113.99", set()),
    ],
)
def test_the_agencies_that_an_entity_was_met_at(look, kind, value, expected):
    """Nobody's alerts are no agency's."""
    assert expected == look.agencies_with(Entity(kind, value))
