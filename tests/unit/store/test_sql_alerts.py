"""What is special to asking for alerts in SQL: which way a key is followed, and what LIKE means."""

import pytest
from sqlalchemy import create_engine

from sentinel.model.alert import Score
from sentinel.model.entity import Entity, EntityKind
from sentinel.model.suppression import Scope
from sentinel.ports import AlertOrder, AlertQuery
from sentinel.store import sql_alerts
from sentinel.store.schema import metadata
from sentinel.store.sql_alerts import (
    LONGEST_WORD,
    Wanted,
    alert_ids_statement,
    alerts_statement,
    count_statement,
    is_rare_statement,
    keys_asked,
)
from sentinel.store.sql_writer import SqlWriter
from tests.samples import a_card, an_alert

HOST = Entity(EntityKind.HOST, "web01")
KEY = ("host", "web01")


@pytest.fixture
def connection():
    engine = create_engine("sqlite://")
    with engine.connect() as opened:
        metadata.create_all(opened)
        yield opened
    engine.dispose()


def put(connection, *alerts):
    for alert in alerts:
        SqlWriter(connection).put_alert(alert)


def ids(connection, wanted):
    return list(connection.execute(alert_ids_statement(wanted)).scalars())


def test_an_entity_and_each_value_of_a_scope_are_keys():
    """An alert must have them all."""
    scope = Scope(rule="r", subject={"user.name": "Lan"})
    assert keys_asked(AlertQuery(entity=HOST, scope=scope)) == [KEY, ("subject/user.name", "lan")]


def test_a_key_is_rare_up_to_a_bound(connection, monkeypatch):
    """Counted at the agency that is asked about."""
    monkeypatch.setattr(sql_alerts, "FEW", 1)
    put(connection, an_alert(), an_alert(id="b", agency="so-b"), an_alert(id="c", agency=None))
    queries = (
        AlertQuery(entity=HOST),
        AlertQuery(entity=HOST, agency="so-b"),
        AlertQuery(entity=HOST, unassigned=True),
    )
    found = [connection.execute(is_rare_statement(query, KEY)).scalar() for query in queries]
    assert found == [False, True, True]


@pytest.mark.parametrize("order", AlertOrder)
@pytest.mark.parametrize("agency", [None, "so-a"])
def test_a_key_is_followed_either_way_to_the_same_alerts(connection, order, agency):
    """Looked up one by one, or asked of each alert that is walked past."""
    named = {"host.hostname": "web01"}
    put(
        connection,
        an_alert(id="a", cause="a", score=Score(10, ()), subject=named),
        an_alert(id="b", cause="b", score=Score(90, ()), subject=named),
        an_alert(id="c", cause="c", subject={}),
    )
    query = AlertQuery(entity=HOST, agency=agency, order=order)
    answers = []
    for wanted in (Wanted(query, rare=[KEY]), Wanted(query, common=[KEY])):
        rows = connection.execute(alerts_statement(wanted)).mappings()
        listed = [row["id"] for row in rows]
        count = connection.execute(count_statement(wanted)).scalar()
        answers.append((listed, ids(connection, wanted), count))
    assert (["b", "a"], ["b", "a"], 2) == answers[0] == answers[1]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("100%", ["a"]), ("100", ["b", "a"]), ("a_b", ["a"]), ("a/b", ["b"]), ("\\", [])],
)
def test_no_letter_of_a_word_means_anything_else(connection, word, expected):
    """Per cent sign, low line and what they are escaped with are letters like others."""
    put(
        connection,
        an_alert(id="a", cause="a", card=a_card(title="100% a_b")),
        an_alert(id="b", cause="b", card=a_card(title="1000 axb a/b")),
    )
    assert expected == ids(connection, Wanted(AlertQuery(words=(word,))))


def test_a_word_longer_than_the_database_takes_occurs_nowhere(connection):
    """SQLite refuses such patterns; no alert holds such a word."""
    put(connection, an_alert())
    assert ids(connection, Wanted(AlertQuery(words=("a" * (LONGEST_WORD + 1),)))) == []


def test_a_word_is_looked_for_once_however_often_it_is_typed():
    """A thousand characters of "a a a a" would keep the database from everybody for seconds."""
    statement = str(count_statement(Wanted(AlertQuery(words=("a", "A", " a ", "b") * 200))))

    assert statement.count(" LIKE ") == 2
