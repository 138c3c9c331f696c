"""Values for properties of the state: few of each, so that they meet."""

from dataclasses import replace
from datetime import timedelta
from unicodedata import normalize

from hypothesis import strategies as st

from sentinel.model.alert import AlertEntry, AlertState, Disposition, Score
from sentinel.model.entity import Entity, EntityKind, entities_of
from sentinel.model.job import AlertAction, AlertStanding, Job, JobItem
from sentinel.model.person import LoginSession, Person, PersonRole, Preferences
from sentinel.model.source_mark import SourceMark
from sentinel.model.suppression import Scope, Suppression
from sentinel.model.warning import DeliveryState, WarningEntry, WarningState
from sentinel.ports import AlertOrder, AlertQuery, WarningQuery
from tests.samples import NOON, a_card, a_delivery, a_warning, an_agency, an_alert

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
addresses = st.sampled_from(["203.0.113.4", "203.0.113.45", "::ffff:203.0.113.4"])
users = st.sampled_from(["Đỗ", "đo\u0302\u0303", "ĐỖ"])
subjects = st.fixed_dictionaries(
    {}, optional={"source.ip": addresses, "user.name": users, "host": users}
)

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
        entity=st.none() | st.builds(Entity.of, st.sampled_from(EntityKind), addresses | users),
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


def queries_about(alert):
    """Queries that mean this alert, or just miss it."""
    agencies = st.sampled_from([alert.agency, "so-a", None])
    texts = [alert.card.title, alert.id, *alert.subject.values()]
    written = st.sampled_from([str, str.upper, str.swapcase, str.casefold, decomposed, str.strip])
    word = st.builds(lambda text, write: write(text), st.sampled_from(texts), written)
    tick = timedelta(microseconds=1)
    named = st.sets(st.sampled_from(sorted(alert.subject))) if alert.subject else st.just(set())
    scoped = named.map(lambda names: {name: alert.subject[name].upper() for name in names})
    scope = st.builds(
        Scope,
        rule=st.just(alert.card.id),
        agency=agencies,
        everywhere=st.booleans(),
        subject=scoped,
    )
    entities = [None, *entities_of(alert)]
    return st.one_of(
        st.builds(AlertQuery, words=st.lists(word, min_size=1, max_size=2).map(tuple)),
        st.builds(AlertQuery, opened_after=st.sampled_from([alert.opened, alert.opened - tick])),
        st.builds(
            AlertQuery, seen_since=st.sampled_from([alert.last_seen, alert.last_seen + tick])
        ),
        st.builds(AlertQuery, max_score=st.sampled_from([alert.score.points, 49])),
        st.builds(AlertQuery, dispositions=st.frozensets(dispositions, min_size=2)),
        st.builds(
            AlertQuery,
            entity=st.sampled_from(entities),
            agency=agencies,
            order=st.sampled_from(AlertOrder),
        ),
        st.builds(
            AlertQuery,
            scope=scope,
            entity=st.sampled_from(entities),
            order=st.sampled_from(AlertOrder),
        ),
    )


def decomposed(text):
    """Letters and their marks apart."""
    return normalize("NFD", text)


few_names = st.sampled_from(["a", "b"])
suppressions = st.builds(
    Suppression,
    id=few_names,
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
    id=few_names,
    action=st.sampled_from(AlertAction),
    by=people,
    at=times,
    total=limits,
    refusals=st.lists(names, max_size=2).map(tuple),
    finished=st.none() | times,
)
persons = st.builds(
    Person,
    name=few_names,
    role=st.sampled_from(PersonRole),
    password=names,
    created=times,
    active=st.booleans(),
    preferences=st.builds(Preferences, views=st.dictionaries(names, names, max_size=1)),
)
sessions = st.builds(LoginSession, token=few_names, person=few_names, started=times, seen=times)
source_marks = st.builds(
    SourceMark,
    source=st.none() | few_names,
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
    st.tuples(st.just("add_hidden"), st.tuples(few_names, st.integers(0, 3), times)),
    st.tuples(st.just("put_job"), st.tuples(jobs, items)),
    st.tuples(st.just("put_job_items"), st.tuples(few_names, st.integers(0, 3), items)),
    st.tuples(st.just("put_person"), st.tuples(persons)),
    st.tuples(st.just("put_session"), st.tuples(sessions)),
    st.tuples(st.just("add_source_marks"), st.tuples(st.lists(source_marks, max_size=3))),
)
removals = st.fixed_dictionaries(
    {},
    optional={
        "token_sha256": st.none() | few_names,
        "person": st.none() | few_names,
        "seen_before": st.none() | times,
        "started_before": st.none() | times,
    },
)
