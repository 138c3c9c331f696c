"""Memory and database answer alike, whatever was done to both: the memory is the specification."""

import tempfile
from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sentinel.errors import NotFound
from sentinel.model.alert import AlertEntry, AlertState, Score
from sentinel.model.warning import DeliveryState, WarningEntry, WarningState
from sentinel.ports import AlertQuery, WarningQuery
from sentinel.store.state_memory import MemoryState
from sentinel.store.state_sql import SqlState
from tests.samples import NOON, a_delivery, a_warning, an_agency, an_alert

# Few of each, so that they meet.
times = st.integers(0, 3).map(
    lambda minutes: NOON + timedelta(minutes=minutes, microseconds=minutes)
)
names = st.sampled_from(["a", "b", "c", "d"])
owners = st.sampled_from(["so-a", "so-b", None])
causes = st.sampled_from(["ssh", "web"])
people = st.sampled_from(["", "Lan"])
limits = st.integers(1, 5)

alerts = st.builds(
    an_alert,
    id=names,
    agency=owners,
    cause=causes,
    state=st.sampled_from(AlertState),
    score=st.integers(0, 100).map(lambda points: Score(points // 50 * 50, ())),
    opened=times,
    last_seen=times,
    history=st.lists(st.builds(AlertEntry, at=times, who=people, action=names)).map(tuple),
)
deliveries = st.builds(
    a_delivery,
    warning=names,
    contact=st.sampled_from(["duty", "head"]),
    message_id=names,
    token=names,
    state=st.sampled_from(DeliveryState),
    due=times,
)
warnings = st.builds(
    lambda warning, copies: replace(
        warning, deliveries=tuple(replace(copy, warning=warning.id) for copy in copies)
    ),
    st.builds(
        a_warning,
        id=names,
        number=st.sampled_from(["", "", "CB-1", "CB-2"]),
        agency=st.sampled_from(["so-a", "so-b"]),
        alert=names,
        state=st.sampled_from(WarningState),
        created=times,
        history=st.lists(st.builds(WarningEntry, at=times, who=people, action=names)).map(tuple),
    ),
    st.lists(deliveries, max_size=2, unique_by=lambda copy: copy.contact),
)
alert_queries = st.one_of(
    st.builds(
        AlertQuery,
        states=st.frozensets(st.sampled_from(AlertState)),
        agency=owners,
        min_score=st.sampled_from([0, 50, 51]),
        limit=limits,
    ),
    st.builds(AlertQuery, unassigned=st.just(True), limit=limits),
)
warning_queries = st.builds(
    WarningQuery,
    states=st.frozensets(st.sampled_from(WarningState)),
    agency=owners,
    alert=st.one_of(st.none(), names),
    skip=st.integers(0, 2),
    limit=limits,
)
steps = st.one_of(
    st.tuples(st.just("advance"), st.tuples(st.integers(0, 9))),
    st.tuples(st.just("put_alert"), st.tuples(alerts)),
    st.tuples(st.just("put_warning"), st.tuples(warnings)),
    st.tuples(st.just("put_delivery"), st.tuples(deliveries)),
    st.tuples(st.just("take_number"), st.tuples(names, st.integers(2026, 2027))),
    st.tuples(
        st.just("put_windows"),
        st.tuples(st.dictionaries(names, st.one_of(st.none(), st.binary(max_size=4)))),
    ),
    st.tuples(
        st.just("put_agencies"),
        st.tuples(st.lists(st.builds(an_agency, id=names, code=names), max_size=2)),
    ),
    st.tuples(st.just("put_secret"), st.tuples(names, names)),
)


def done(state, todo):
    """What each step gave, in one transaction; a refusal ends and undoes it."""
    results = []
    try:
        with state.transaction() as change:
            for name, arguments in todo:
                results.append(getattr(change, name)(*arguments))
    except ValueError:
        return [*results, "refused"]
    return results


def found(look, name, *arguments):
    try:
        return getattr(look, name)(*arguments)
    except NotFound as missing:
        return str(missing)


class Agreement(RuleBasedStateMachine):
    """The same steps on both; after each, the same answers."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.states = (MemoryState(), SqlState(f"sqlite:///{self.folder.name}/state.db"))

    def teardown(self):
        for state in self.states:
            state.close()
        self.folder.cleanup()

    def agree(self, *questions):
        answers = []
        for state in self.states:
            with state.reading() as look:
                answers.append([found(look, *question) for question in questions])
        assert answers[0] == answers[1]

    @rule(todo=st.lists(steps, min_size=1, max_size=4))
    def transaction(self, todo):
        expected, given = (done(state, todo) for state in self.states)
        assert expected == given

    @rule(query=alert_queries)
    def list_alerts(self, query):
        self.agree(("alerts", query))

    @rule(query=warning_queries)
    def list_warnings(self, query):
        self.agree(("warnings", query))

    @rule(now=times, limit=limits)
    def list_due(self, now, limit):
        self.agree(("due_deliveries", now, limit))

    @rule(agency=owners, cause=causes)
    def look_up_cause(self, agency, cause):
        self.agree(("open_alert", agency, cause), ("last_closed", agency, cause))

    @invariant()
    def everything_is_alike(self):
        self.agree(
            ("offset",),
            ("registry",),
            ("registry_version",),
            ("windows",),
            *[(name, key) for name in ("alert", "warning", "secret") for key in "abcd"],
            *[("delivery_by_token", key) for key in "abcd"],
            *[("warning", number) for number in ("CB-1", "CB-2", "")],
        )


TestAgreement = Agreement.TestCase
TestAgreement.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
