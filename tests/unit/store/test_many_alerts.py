"""A busy month, a few hundred alerts of it: memory and database tell the same of all of them.

The alerts are those that measurements and looks at pages are made with (`tests/bench`).
"""

from collections import Counter
from datetime import timedelta

import pytest

from sentinel.model.alert import AlertState
from sentinel.model.entity import entities_of
from sentinel.model.suppression import Scope
from sentinel.ports import AlertOrder, AlertQuery, WarningQuery
from sentinel.store import sql_alerts
from sentinel.store.state_memory import MemoryState
from sentinel.store.state_sql import SqlState
from tests.bench.many_alerts import fill
from tests.samples import NOON

COUNT, SEED = 300, 7
OPEN = frozenset(AlertState) - {AlertState.CLOSED}


@pytest.fixture
def memory():
    state = MemoryState()
    fill(state, COUNT, SEED)
    with state.reading() as look:
        yield look


def queries(alerts):
    """What a person asks, about these alerts."""
    yield from (AlertQuery(order=order, limit=40) for order in AlertOrder)
    yield AlertQuery(states=OPEN, skip=20, limit=20)
    yield AlertQuery(opened_after=NOON - timedelta(days=3), words=("ssh", "web"))
    for alert in alerts[:4]:
        yield AlertQuery(words=tuple(alert.card.title.upper().split()), states=OPEN)
        yield AlertQuery(agency=alert.agency, assignee=alert.assignee, order=AlertOrder.NEWEST)
        scope = Scope(rule=alert.card.id, agency=alert.agency)
        yield AlertQuery(scope=scope)
        yield AlertQuery(scope=Scope(rule=scope.rule, everywhere=True, subject=alert.subject))
        for entity in entities_of(alert):
            yield AlertQuery(entity=entity, order=AlertOrder.NEWEST)
            yield AlertQuery(entity=entity, scope=scope)


def answers(look, asked):
    return [
        (look.alerts(query), look.count_alerts(query), look.alert_ids(query)) for query in asked
    ]


@pytest.mark.parametrize("few", [0, 10, sql_alerts.FEW])
def test_memory_and_database_agree_on_a_busy_month(memory, url, few, monkeypatch):
    """Whichever way the database goes to find the alerts."""
    monkeypatch.setattr(sql_alerts, "FEW", few)
    state = SqlState(url)
    fill(state, COUNT, SEED)
    asked = list(queries(memory.alerts(AlertQuery())))
    with state.reading() as look:
        given = answers(look, asked)
    state.close()
    assert answers(memory, asked) == given


def test_the_month_is_as_busy_ones_are(memory):
    """Most alerts are closed, all states and some warnings occur, nobody's alerts too."""
    alerts = memory.alerts(AlertQuery(limit=COUNT))
    states = Counter(alert.state for alert in alerts)
    assert (COUNT, set(AlertState)) == (len(alerts), set(states))
    assert 0.5 < states[AlertState.CLOSED] / COUNT < 0.7
    assert any(alert.agency is None for alert in alerts)
    assert any(warning.deliveries for warning in memory.warnings(WarningQuery()))


def test_the_same_seed_makes_the_same_month(memory):
    """So that two measurements are of the same thing."""
    again = MemoryState()
    fill(again, COUNT, SEED)
    with again.reading() as look:
        assert memory.alerts(AlertQuery()) == look.alerts(AlertQuery())
