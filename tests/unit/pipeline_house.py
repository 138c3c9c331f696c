"""A pipeline between memory stores, that tests can stop at a point and begin again."""

from sentinel.desk import Issuing
from sentinel.detect.engine import Engine
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText
from sentinel.journal.memory import MemoryJournal
from sentinel.model.ids import AgencyId
from sentinel.pipeline import Pipeline, Stations
from sentinel.ports import AlertQuery, WarningQuery
from sentinel.roll import Roll
from sentinel.store.events_memory import MemoryEvents
from sentinel.store.state_memory import MemoryState
from tests.policies import an_issuer, the_policy
from tests.samples import CountingTokens, FixedClock, Tally, a_record, an_agency

GUESSING = """
title: SSH failure
id: 11111111-1111-4111-8111-111111111111
name: ssh_failure
logsource: {product: linux, service: sshd}
detection:
  selection: {event.action: ssh_login, event.outcome: failure}
  condition: selection
---
title: SSH password guessing
id: 22222222-2222-4222-8222-222222222222
status: stable
level: high
correlation:
  type: event_count
  rules: [ssh_failure]
  group-by: [source.ip]
  timespan: 5m
  condition: {gte: 5}
---
title: Root logged in
id: 33333333-3333-4333-8333-333333333333
status: stable
level: critical
logsource: {product: linux, service: sshd}
detection:
  selection: {event.outcome: success, user.name: root}
  condition: selection
"""


def from_so_a(raw):
    return a_record(raw, agency=AgencyId("so-a"))


class StoppedError(Exception):
    """What a fault test throws."""


class House:
    """A pipeline between memory stores, that can be stopped at a point and begun again."""

    def __init__(self, agency=None, state=None):
        self.clock = FixedClock()
        self.meter = Tally()
        self.state = state or MemoryState()
        self.store = MemoryEvents()
        self.journal = MemoryJournal()
        self.stop_at = ""
        self.engine_of = lambda windows: Engine(self.rules, windows)
        self.rules = load([SourceText("guessing.yml", GUESSING)])
        assert self.rules.refused == ()
        with self.state.transaction() as writer:
            writer.put_agencies([agency or an_agency()])
        self.begin()

    def begin(self):
        """Start, or start again after a crash: only what was committed is known."""
        self.roll = Roll(self.state)
        self.pipeline = Pipeline(
            Stations(
                journal=self.journal,
                store=self.store,
                state=self.state,
                roll=self.roll,
                issuing=Issuing(policy=the_policy(), issuer=an_issuer(), tokens=CountingTokens()),
                clock=self.clock,
                meter=self.meter,
            ),
            self.engine_of,
            reach=self._reach,
        )

    def _reach(self, point):
        if point == self.stop_at:
            raise StoppedError(point)

    def failures(self, amount, address="203.0.113.45", first=0):
        self.journal.append(
            [
                from_so_a(
                    f"<38>Nov 22 12:00:{first + n:02} web01 sshd[4711]: Failed password for root"
                    f" from {address} port {50000 + n} ssh2"
                )
                for n in range(amount)
            ]
        )

    def success(self):
        self.journal.append(
            [
                from_so_a(
                    "<38>Nov 22 12:01:00 web01 sshd[4711]: Accepted password for root"
                    " from 203.0.113.45 port 50100 ssh2"
                )
            ]
        )

    def alerts(self):
        with self.state.reading() as state:
            return state.alerts(AlertQuery())

    def warnings(self):
        with self.state.reading() as state:
            return state.warnings(WarningQuery())
