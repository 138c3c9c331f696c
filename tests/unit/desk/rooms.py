"""A desk over a state that holds what a test needs."""

from datetime import timedelta

from sentinel.desk import Issuing, SocDesk
from sentinel.model.ids import AlertId, CauseKey
from sentinel.store.state_memory import MemoryState
from tests.policies import an_issuer, the_policy
from tests.samples import CountingTokens, FixedClock, an_agency, an_alert

MINUTE = timedelta(minutes=1)


def some_alerts(count, **changes):
    """Alerts of a cause each: a-0, a-1, ..."""
    return [
        an_alert(id=AlertId(f"a-{n}"), cause=CauseKey(f"cause-{n}"), **changes)
        for n in range(count)
    ]


def put(state, *alerts):
    with state.transaction() as writer:
        for alert in alerts:
            writer.put_alert(alert)


class Room:
    """A desk whose clock the test moves; `reopened` is the desk of the next process."""

    def __init__(self, state=None):
        self.state = state or MemoryState()
        self.clock = FixedClock()
        self.tokens = CountingTokens()
        with self.state.transaction() as writer:
            writer.put_agencies([an_agency()])
        self.desk = self.reopened()

    def reopened(self):
        issuing = Issuing(policy=the_policy(), issuer=an_issuer(), tokens=self.tokens)
        return SocDesk(self.state, issuing, self.clock)

    def put(self, *alerts):
        put(self.state, *alerts)
