"""Memory and database answer alike, whatever was done to both: the memory is the specification."""

import tempfile

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sentinel.errors import NotFound
from sentinel.store.state_memory import MemoryState
from sentinel.store.state_sql import SqlState
from tests.unit.store.drawn import (
    alert_queries,
    causes,
    limits,
    owners,
    steps,
    times,
    warning_queries,
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
    except (NotFound, ValueError) as refused:
        return str(refused)


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
        self.agree(("alerts", query), ("count_alerts", query), ("alert_ids", query))

    @rule(query=warning_queries)
    def list_warnings(self, query):
        self.agree(("warnings", query))

    @rule(now=times, limit=limits)
    def list_due(self, now, limit):
        self.agree(("due_deliveries", now, limit), ("count_pending",))

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
