"""What somebody has suppressed becomes no alert, and is counted: once, whatever breaks."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from sentinel.desk import Issuing, SocDesk
from sentinel.detect.engine import Engine
from sentinel.model.alert import AlertState, Disposition
from sentinel.model.ids import AgencyId, RuleId
from sentinel.model.source_mark import SourceMark
from sentinel.model.suppression import Hidden, Scope
from sentinel.pipeline import EVENTS_KEPT, OFFSET_WRITTEN
from sentinel.store.state_memory import MemoryState
from sentinel.store.state_sql import SqlState
from tests.policies import an_issuer, the_policy
from tests.samples import NOON, CountingTokens
from tests.unit.pipeline_house import House, StoppedError, from_so_a

ROOT_RULE = RuleId("33333333-3333-4333-8333-333333333333")
WINDOWS_ASKED = "after everything else was written"
DAY = timedelta(days=1)


@pytest.fixture(params=["memory", "sqlite"])
def house(request, tmp_path):
    state = MemoryState() if request.param == "memory" else SqlState(f"sqlite:///{tmp_path}/s.db")
    house = House(state=state)
    house.engine_of = lambda windows: StoppingEngine(house, windows)
    house.success()
    house.pipeline.step()
    (house.first,) = house.alerts()
    issuing = Issuing(policy=the_policy(), issuer=an_issuer(), tokens=CountingTokens())
    house.desk = SocDesk(state, issuing, house.clock)
    house.begin()
    yield house
    state.close()


class StoppingEngine:
    """An engine at which a step can be stopped in the last moment of its transaction."""

    def __init__(self, house, windows):
        self._house = house
        self._engine = Engine(house.rules, windows)

    def match(self, event):
        if "stumble" in event.raw:
            raise KeyError("made to stumble")
        return self._engine.match(event)

    def changes(self):
        if self._house.stop_at == WINDOWS_ASKED:
            raise StoppedError(WINDOWS_ASKED)
        return self._engine.changes()


def suppress(house, **scope):
    scope = Scope(**{"rule": ROOT_RULE, "agency": AgencyId("so-a")} | scope)
    return house.desk.suppress(scope, "lan", "kiểm thử", house.clock.now() + DAY)


def hidden(house):
    return [amount for _, amount in house.desk.suppressions()]


def test_a_suppressed_detection_makes_no_alert_and_no_warning(house):
    """The open alert stays as it was; what was hidden is counted, in the state and the meter."""
    suppress(house)
    warned = house.warnings()
    house.clock.move(DAY / 2)
    house.success()
    house.success()
    house.pipeline.step()

    assert house.alerts() == [house.first]
    assert house.warnings() == warned
    assert hidden(house) == [Hidden(detections=2, last=NOON + DAY / 2)]
    assert house.meter.of("detections_suppressed") == 2
    assert house.meter.of("detections") == 3


def test_only_what_fits_is_hidden(house):
    """The same rule on another address or at another agency, and another rule, are shown."""
    suppress(house, subject={"source.ip": "203.0.113.99"})
    suppress(house, agency=AgencyId("so-b"))
    house.success()
    house.failures(5)
    house.pipeline.step()

    assert sorted((alert.card.title, alert.detections) for alert in house.alerts()) == [
        ("Root logged in", 2),
        ("SSH password guessing", 1),
    ]
    assert hidden(house) == [Hidden(), Hidden()]


@pytest.mark.parametrize("ends", ["expires", "is lifted"])
@pytest.mark.parametrize("how", ["goes on", "begins again"])
def test_what_has_ended_never_comes_back(house, ends, how):
    """After its end the next detection is an alert's again, after a restart as well."""
    suppression = suppress(house)
    house.success()
    house.pipeline.step()
    if ends == "expires":
        house.clock.move(DAY)
    else:
        house.desk.lift(suppression.id, "minh", "xong")
    if how == "begins again":
        house.begin()
    house.success()
    house.pipeline.step()

    assert [alert.detections for alert in house.alerts()] == [2]
    assert hidden(house) == [Hidden(detections=1, last=NOON)]


@pytest.mark.parametrize("point", [EVENTS_KEPT, OFFSET_WRITTEN, WINDOWS_ASKED])
@pytest.mark.parametrize("how", ["goes on", "begins again"])
def test_a_stop_at_any_point_counts_nothing_twice(house, point, how):
    """What is hidden and what was seen of the source are of the step that was committed."""
    suppress(house)
    house.success()
    house.failures(3)
    house.stop_at = point
    with pytest.raises(StoppedError):
        house.pipeline.step()
    assert hidden(house) == [Hidden()]
    house.stop_at = ""
    if how == "begins again":
        house.begin()

    while house.pipeline.step():
        pass

    assert hidden(house) == [Hidden(detections=1, last=NOON)]
    with house.state.reading() as state:
        assert [mark.events for mark in state.source_marks()] == [5]
    assert house.meter.of("detections_suppressed") == 1


def test_a_batch_that_is_halved_counts_each_detection_once(house):
    """A record that a stage falls over is passed over; what is hidden around it is counted."""
    suppress(house)
    house.success()
    house.journal.append([from_so_a("stumble")])
    house.success()
    house.pipeline.step()

    assert hidden(house) == [Hidden(detections=2, last=NOON)]
    assert house.meter.of("detections_suppressed") == 2
    with house.state.reading() as state:
        assert [mark.events for mark in state.source_marks()] == [4]


def test_what_was_seen_of_a_source_outlives_the_service(house):
    """Counts since the beginning, the unreadable ones too, and when the newest one came."""
    house.journal.append([from_so_a(b"\xff\xfe\x00 no log at all")])
    house.begin()
    house.pipeline.step()

    with house.state.reading() as state:
        marks = state.source_marks()
    assert marks == [
        SourceMark(
            source="so-a-syslog",
            agency="so-a",
            events=2,
            unparsed=1,
            received=NOON,
            at=NOON,
        )
    ]


def test_a_suppression_that_cannot_be_read_hides_nothing_and_is_told(tmp_path):
    """Noise before silence: what it would have hidden becomes an alert, and others go on."""
    file = tmp_path / "s.db"
    state = SqlState(f"sqlite:///{file}")
    house = House(state=state)
    issuing = Issuing(policy=the_policy(), issuer=an_issuer(), tokens=CountingTokens())
    house.desk = SocDesk(state, issuing, house.clock)
    house.success()
    house.pipeline.step()
    house.desk.close(house.alerts()[0].id, "lan", Disposition.BENIGN, "diễn tập")
    suppress(house)
    with closing(sqlite3.connect(file)) as damage:
        damage.execute("UPDATE suppressions SET rest = '{}'")
        damage.commit()

    house.success()
    house.pipeline.step()

    assert [alert.state for alert in house.alerts() if alert.state is AlertState.NEW] == ["new"]
    assert "the suppressions cannot be read" in house.pipeline.problem
    state.close()
