"""No question reads a whole table: the queue of a hundred thousand alerts opens at once.

SQLite has no statistics here, so that its plans are the same for an empty and for a full table.
"""

from contextlib import suppress

import pytest
from sqlalchemy import event

from sentinel.errors import NotFound
from sentinel.model.alert import AlertState, Disposition
from sentinel.model.entity import Entity, EntityKind
from sentinel.model.suppression import Scope
from sentinel.model.warning import WarningState
from sentinel.ports import AlertOrder, AlertQuery, WarningQuery
from sentinel.store import sql_alerts
from sentinel.store.sql_reader import SqlReader
from sentinel.store.sqlite_engine import open_engine
from sentinel.store.upgrade import upgrade
from tests.samples import NOON

HOST = Entity(EntityKind.HOST, "web01")
SCOPE = Scope(rule="r", agency="so-a", subject={"source.ip": "203.0.113.45"})
NEWEST = AlertOrder.NEWEST
OPEN = frozenset({AlertState.NEW, AlertState.ACKNOWLEDGED, AlertState.IN_PROGRESS})
WAITING = frozenset({WarningState.DRAFT, WarningState.APPROVED})


@pytest.fixture
def connection(url):
    upgrade(url)
    engine = open_engine(url, patience=1)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def plans(connection, ask):
    """How SQLite answers each statement of a question."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_):
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    with suppress(NotFound):
        ask(SqlReader(connection))
    event.remove(connection, "before_cursor_execute", note)
    return [
        [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
        for sql, values in asked
    ]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (AlertQuery(), "alerts_by_score (state=? AND score>? AND score<?)"),
        (AlertQuery(states=OPEN, limit=100), "alerts_by_score (state=? AND score>? AND score<?)"),
        (
            AlertQuery(states=OPEN, min_score=60),
            "alerts_by_score (state=? AND score>? AND score<?)",
        ),
        (
            AlertQuery(agency="so-a"),
            "alerts_by_agency (agency=? AND state=? AND score>? AND score<?)",
        ),
        (
            AlertQuery(unassigned=True),
            "alerts_by_agency (agency=? AND state=? AND score>? AND score<?)",
        ),
    ],
)
def test_the_queue_of_alerts_walks_an_index_in_its_order(connection, query, index):
    """One walk a state, each ending at the limit: nothing but the page is read or sorted."""
    ((*steps,),) = plans(connection, lambda reader: reader.alerts(query))
    walks = [step for step in steps if "alerts USING COVERING INDEX" in step]
    assert [f"SEARCH alerts USING COVERING INDEX {index}"] * len(
        query.states or AlertState
    ) == walks
    # What is sorted are the walks' ends, then the page.
    assert [step for step in steps if "TEMP B-TREE" in step] == steps[-2:]


@pytest.mark.parametrize(
    "ask",
    [
        lambda reader: reader.offset(),
        lambda reader: reader.alert("a"),
        lambda reader: reader.alerts(AlertQuery(states=OPEN)),
        lambda reader: reader.count_alerts(AlertQuery(words=("web01", "ssh"))),
        lambda reader: reader.alert_ids(AlertQuery(assignee="lan")),
        lambda reader: reader.alerts(AlertQuery(entity=HOST)),
        lambda reader: reader.count_alerts(AlertQuery(entity=HOST, scope=SCOPE)),
        lambda reader: reader.open_alert(None, "cause"),
        lambda reader: reader.last_closed("so-a", "cause"),
        lambda reader: reader.warning("CB-2026-000001"),
        lambda reader: reader.warnings(WarningQuery()),
        lambda reader: reader.warnings(WarningQuery(states=WAITING, agency="so-a")),
        lambda reader: reader.warnings(WarningQuery(alert="a")),
        lambda reader: reader.delivery_by_token("token"),
        lambda reader: reader.due_deliveries(NOON, 10),
        lambda reader: reader.secret("name"),
        lambda reader: reader.suppression("s"),
        lambda reader: reader.job("j"),
        lambda reader: reader.job_items("j", 100, after=5000),
        lambda reader: reader.person("lan"),
        lambda reader: reader.session("token"),
    ],
)
def test_no_question_reads_a_whole_table(connection, ask):
    """SCAN is SQLite's word for it; what it scans here are results it has found by an index."""
    steps = [step for plan in plans(connection, ask) for step in plan]
    scanned = [step for step in steps if step.startswith("SCAN") and "(subquery" not in step]
    assert steps
    assert [step for step in scanned if not step.startswith(("SCAN anon", "SCAN (join"))] == []


@pytest.mark.parametrize("order", AlertOrder)
@pytest.mark.parametrize(
    "narrowed",
    [
        {},
        {"words": ("web01", "ssh")},
        {"rule": "r", "assignee": "", "dispositions": frozenset(Disposition)},
        {"opened_after": NOON, "seen_since": NOON},
        {"agency": "so-a", "words": ("web01",)},
        {"scope": Scope(rule="r", everywhere=True)},
    ],
)
def test_whatever_alerts_are_narrowed_by_stands_in_the_index(connection, order, narrowed):
    """No row is read to count them; nor to find a page, apart from the page itself."""
    query = AlertQuery(states=OPEN, order=order, **narrowed)
    ((*counting,),) = plans(connection, lambda reader: reader.count_alerts(query))
    ((page, *finding),) = plans(connection, lambda reader: reader.alerts(query))
    assert page == "SEARCH alerts USING INDEX sqlite_autoindex_alerts_1 (id=?)"
    looked = [step for step in (*counting, *finding) if " alerts " in step]
    assert looked
    assert [step for step in looked if "SEARCH alerts USING COVERING INDEX" not in step] == []


def test_the_newest_alerts_come_off_their_index_in_order(connection):
    """One walk a state; what is sorted are the walks' ends, then the page."""
    ((*steps,),) = plans(connection, lambda reader: reader.alerts(AlertQuery(order=NEWEST)))
    walks = [step for step in steps if "alerts USING COVERING INDEX" in step]
    assert walks == ["SEARCH alerts USING COVERING INDEX alerts_by_age (state=?)"] * 4
    assert [step for step in steps if "TEMP B-TREE" in step] == steps[-2:]


def test_alerts_of_a_rare_key_are_looked_up_by_it(connection):
    """Whichever other key there is."""
    query = AlertQuery(entity=HOST, scope=SCOPE)
    *_, steps = plans(connection, lambda reader: reader.count_alerts(query))
    key = "USING COVERING INDEX alerts_by_key (kind=? AND value=? AND agency=?)"
    assert steps[0] in {f"SEARCH key_0 {key}", f"SEARCH key_1 {key}"}


def test_alerts_of_a_common_key_are_walked_in_order_and_asked_for_it(connection, monkeypatch):
    """The first that have it are near: the walk ends with the page."""
    monkeypatch.setattr(sql_alerts, "FEW", -1)
    *_, steps = plans(connection, lambda reader: reader.alerts(AlertQuery(entity=HOST)))
    asked = "SEARCH alert_keys USING PRIMARY KEY (alert=? AND kind=? AND value=?)"
    assert [step for step in steps if "alert_keys" in step] == [asked] * 4
    assert [step for step in steps if "TEMP B-TREE" in step] == steps[-2:]


def test_jobs_come_off_an_index_in_order(connection):
    """The newest of all, the oldest of the unfinished ones: however many there were."""
    ((all_jobs,),) = plans(connection, lambda reader: reader.jobs(20))
    ((unfinished,),) = plans(connection, lambda reader: reader.jobs(20, unfinished=True))
    assert (all_jobs, unfinished) == (
        "SCAN jobs USING INDEX jobs_by_age",
        "SCAN jobs USING INDEX jobs_unfinished",
    )


def test_due_deliveries_come_off_their_index_in_order(connection):
    """Only pending copies are in it: a long history of accepted ones costs nothing."""
    ((*steps,),) = plans(connection, lambda reader: reader.due_deliveries(NOON, 10))
    assert steps[0] == "SEARCH deliveries USING INDEX deliveries_pending (due<?)"
    assert not any("TEMP B-TREE" in step for step in steps)


def test_pending_deliveries_are_counted_in_their_index(connection):
    """A long history of accepted ones is not read."""
    ((first, *_),) = plans(connection, lambda reader: reader.count_pending())
    assert first.endswith("deliveries USING INDEX deliveries_pending")


def test_the_open_alert_of_a_cause_is_one_step_away(connection):
    """However often the cause was closed before."""
    first, *_ = plans(connection, lambda reader: reader.open_alert("so-a", "cause"))
    assert first == ["SEARCH alerts USING INDEX one_open_alert_a_cause (agency=? AND cause=?)"]
