"""Memory and database answer alike, whatever was done to both: the memory is the specification."""

import tempfile
from dataclasses import replace
from datetime import timedelta
from operator import methodcaller
from unittest.mock import patch

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sentinel.errors import NotFound
from sentinel.model.alert import AlertEntry, AlertState, Disposition, Score
from sentinel.model.entity import Entity, EntityKind
from sentinel.model.job import AlertAction, AlertStanding, Job, JobItem
from sentinel.model.person import LoginSession, Person, PersonRole, Preferences
from sentinel.model.source_mark import SourceMark
from sentinel.model.suppression import Scope, Suppression
from sentinel.model.warning import DeliveryState, WarningEntry, WarningState
from sentinel.ports import AlertOrder, AlertQuery, WarningQuery
from sentinel.store import sql_alerts
from sentinel.store.state_memory import MemoryState
from sentinel.store.state_sql import SqlState
from tests.samples import NOON, a_card, a_delivery, a_warning, an_agency, an_alert

# Few of each, so that they meet.
times = st.integers(0, 3).map(
    lambda minutes: NOON + timedelta(minutes=minutes, microseconds=minutes)
)
names = st.sampled_from(["a", "b", "c", "d"])
owners = st.sampled_from(["so-a", "so-b", None])
causes = st.sampled_from(["ssh", "web"])
people = st.sampled_from(["", "Lan"])
limits = st.integers(1, 5)
skips = st.integers(0, 2)
rules = st.sampled_from(["r-1", "r-2"])
assignees = st.sampled_from(["", "lan", "Lan"])
dispositions = st.sampled_from(Disposition)
# Written differently, with what means something to LIKE, and with what ends a text in C.
writings = st.sampled_from(["Đỗ 100%", "đo\u0302\u0303  100%", "STRASSE", "straße", "a_b\0c", "\\"])
values = st.one_of(writings, st.sampled_from(["203.0.113.4", "203.0.113.45", "::ffff:203.0.113.4"]))
fields = st.sampled_from(["source.ip", "user.name", "host"])
subjects = st.dictionaries(fields, values, max_size=2)

alerts = st.builds(
    an_alert,
    id=names,
    agency=owners,
    cause=causes,
    state=st.sampled_from(AlertState),
    score=st.integers(0, 100).map(lambda points: Score(points // 50 * 50, ())),
    opened=times,
    last_seen=times,
    card=st.builds(a_card, id=rules, title=writings),
    subject=subjects,
    assignee=assignees,
    disposition=st.none() | dispositions,
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
scopes = st.builds(Scope, rule=rules, agency=owners, everywhere=st.booleans(), subject=subjects)
words = st.sampled_from(
    ["", " ", "SO-", "a", "đỗ", "ĐO\u0302\u0303 1", "0%", "_", "\0c", "strass", "b\nso"]
)
alert_queries = st.one_of(
    st.builds(
        AlertQuery,
        states=st.frozensets(st.sampled_from(AlertState)),
        agency=owners,
        min_score=st.sampled_from([0, 50, 51]),
        max_score=st.sampled_from([0, 50, 100, 100]),
        rule=st.none() | rules,
        assignee=st.none() | assignees,
        dispositions=st.frozensets(dispositions, max_size=2),
        order=st.sampled_from(AlertOrder),
        skip=skips,
        limit=limits,
    ),
    st.builds(
        AlertQuery,
        words=st.lists(words, max_size=2).map(tuple),
        opened_after=st.none() | times,
        seen_since=st.none() | times,
        order=st.sampled_from(AlertOrder),
        skip=skips,
        limit=limits,
    ),
    st.builds(
        AlertQuery,
        states=st.frozensets(st.sampled_from(AlertState)),
        entity=st.none() | st.builds(Entity.of, st.sampled_from(EntityKind), values),
        scope=st.none() | scopes,
        agency=owners,
        order=st.sampled_from(AlertOrder),
        skip=skips,
        limit=limits,
    ),
    st.builds(
        AlertQuery,
        unassigned=st.just(True),
        agency=st.sampled_from([None, None, "so-a"]),
        scope=st.none() | scopes,
        limit=limits,
    ),
)
suppressions = st.builds(
    Suppression,
    id=names,
    version=st.integers(1, 3),
    scope=scopes,
    title=writings,
    reason=names,
    by=people,
    at=times,
    begun=times,
    expires=times,
    lifted=st.booleans(),
)
standings = st.builds(
    AlertStanding,
    state=st.sampled_from(AlertState),
    assignee=assignees,
    disposition=st.none() | dispositions,
)
items = st.lists(
    st.builds(JobItem, alert=names, done=st.booleans(), before=st.none() | standings), max_size=3
)
jobs = st.builds(
    Job,
    id=names,
    action=st.sampled_from(AlertAction),
    by=people,
    at=times,
    total=limits,
    refusals=st.lists(names, max_size=2).map(tuple),
    finished=st.none() | times,
)
persons = st.builds(
    Person,
    name=names,
    role=st.sampled_from(PersonRole),
    password=names,
    created=times,
    active=st.booleans(),
    preferences=st.builds(Preferences, views=st.dictionaries(names, names, max_size=1)),
)
sessions = st.builds(LoginSession, token=names, person=names, started=times, seen=times)
source_marks = st.builds(
    SourceMark,
    source=st.none() | names,
    agency=owners,
    events=limits,
    unparsed=limits,
    received=times,
    at=times,
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
desk_steps = st.one_of(
    st.tuples(st.just("put_suppression"), st.tuples(suppressions)),
    st.tuples(st.just("add_hidden"), st.tuples(names, st.integers(0, 3), times)),
    st.tuples(st.just("put_job"), st.tuples(jobs, items)),
    st.tuples(st.just("put_job_items"), st.tuples(names, st.integers(0, 3), items)),
    st.tuples(st.just("put_person"), st.tuples(persons)),
    st.tuples(st.just("put_session"), st.tuples(sessions)),
    st.tuples(st.just("add_source_marks"), st.tuples(st.lists(source_marks, max_size=3))),
)
removals = st.fixed_dictionaries(
    {},
    optional={
        "token_sha256": st.none() | names,
        "person": st.none() | names,
        "seen_before": st.none() | times,
        "started_before": st.none() | times,
    },
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


def found(look, question):
    """A question is a method's name and its arguments, or a `methodcaller`."""
    ask = question if callable(question) else methodcaller(*question)
    try:
        return ask(look)
    except (NotFound, ValueError) as refused:
        return str(refused)


class Agreement(RuleBasedStateMachine):
    """The same steps on both; after each, the same answers."""

    few = sql_alerts.FEW

    def __init__(self):
        super().__init__()
        self.patch = patch.object(sql_alerts, "FEW", self.few)
        self.patch.start()
        self.folder = tempfile.TemporaryDirectory()
        self.states = (MemoryState(), SqlState(f"sqlite:///{self.folder.name}/state.db"))

    def teardown(self):
        for state in self.states:
            state.close()
        self.folder.cleanup()
        self.patch.stop()

    def agree(self, *questions):
        answers = []
        for state in self.states:
            with state.reading() as look:
                answers.append([found(look, question) for question in questions])
        assert answers[0] == answers[1]

    @rule(todo=st.lists(steps, min_size=1, max_size=4))
    def transaction(self, todo):
        expected, given = (done(state, todo) for state in self.states)
        assert expected == given

    @rule(todo=st.lists(desk_steps, min_size=1, max_size=4))
    def desk_transaction(self, todo):
        expected, given = (done(state, todo) for state in self.states)
        assert expected == given

    @rule(removal=removals)
    def remove_sessions(self, removal):
        removed = []
        for state in self.states:
            with state.transaction() as change:
                removed.append(change.remove_sessions(**removal))
        assert removed[0] == removed[1]

    @rule(query=alert_queries)
    def list_alerts(self, query):
        self.agree(("alerts", query), ("count_alerts", query), ("alert_ids", query))

    @rule(limit=limits, after=skips)
    def list_jobs(self, limit, after):
        self.agree(
            ("jobs", limit),
            methodcaller("jobs", limit, unfinished=True),
            *[methodcaller("job_items", key, limit, after=after) for key in "abcd"],
        )

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
            ("suppressions",),
            ("hidden",),
            ("people",),
            ("source_marks",),
            *[
                (name, key)
                for name in (
                    "alert",
                    "warning",
                    "secret",
                    "suppression",
                    "job",
                    "person",
                    "session",
                )
                for key in "abcd"
            ],
            *[("delivery_by_token", key) for key in "abcd"],
            *[("warning", number) for number in ("CB-1", "CB-2", "")],
        )


class AgreementOnCommonKeys(Agreement):
    """The same, where every key is one that many alerts have."""

    few = 0


TestAgreement = Agreement.TestCase
TestAgreement.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
TestAgreementOnCommonKeys = AgreementOnCommonKeys.TestCase
TestAgreementOnCommonKeys.settings = settings(TestAgreement.settings, max_examples=8)
