"""What no stage was made for: the pipeline goes on, and says what it met."""

import pytest

from sentinel import pipeline
from sentinel.detect.engine import Engine
from sentinel.errors import SentinelError
from sentinel.model.ids import AgencyId
from sentinel.normalise.read import read
from sentinel.ports import EventQuery
from tests.unit.pipeline_house import House, from_so_a


class Stumbling:
    """An engine that some texts make stumble, as a fault of ours would."""

    def __init__(self, engine):
        self._engine = engine

    def match(self, event):
        found = self._engine.match(event)
        if "stumble" in event.raw:
            raise KeyError("made to stumble")
        return found

    def changes(self):
        return self._engine.changes()


def test_a_record_that_a_stage_falls_over_stops_nothing_and_is_told():
    """It is kept as it arrived, counted once and shown; what stands around it is detected on."""
    house = House()
    house.engine_of = lambda windows: Stumbling(Engine(house.rules, windows))
    house.begin()
    house.failures(3)
    house.journal.append([from_so_a("stumble")])
    house.failures(2, first=10)

    assert house.pipeline.step() == 6

    (alert,) = house.alerts()
    assert (alert.card.title, alert.events) == ("SSH password guessing", 5)
    assert house.meter.of("events_passed_over") == 1
    assert house.meter.of("events") == 6
    assert house.meter.of("alerts_opened") == 1
    assert "1 records could not be" in house.pipeline.problem
    assert "-000000000004 (KeyError: 'made to stumble')" in house.pipeline.problem
    kept = house.store.search(EventQuery(agency=AgencyId("so-a")))
    assert "stumble" in [event.raw for event in kept]
    house.begin()
    assert house.pipeline.lag() == 0


def test_a_record_that_cannot_be_read_is_an_event_all_the_same(monkeypatch):
    """Should the reader ever fall over a line: kept raw, tagged, counted."""

    def stumbling(record, name, offset):
        if record.format != "raw":
            raise RecursionError("too deep")
        return read(record, name, offset)

    monkeypatch.setattr(pipeline, "read", stumbling)
    house = House()
    house.journal.append([from_so_a("deep")])
    house.pipeline.step()

    (event,) = house.store.search(EventQuery(agency=AgencyId("so-a")))
    assert (event.raw, event.fields["tags"]) == ("deep", ["_unparsed"])
    assert house.meter.of("events_unparsed") == house.meter.of("events_passed_over") == 1


class Locked:
    """A state that can be made to refuse, as a database does whose disk is gone."""

    def __init__(self, inner):
        self._inner = inner
        self.refuses = False

    def transaction(self):
        return self._open(self._inner.transaction)

    def reading(self):
        return self._open(self._inner.reading)

    def _open(self, how):
        if self.refuses:
            raise SentinelError("disk I/O error")
        return how()


def test_a_database_that_is_away_for_long_counts_nothing_twice():
    """However often a step is tried, three failures stay three, in windows and in counters."""
    house = House()
    house.state = Locked(house.state)
    house.begin()
    house.failures(3)
    house.roll.refresh = lambda: None
    house.state.refuses = True
    for _ in range(2):
        with pytest.raises(SentinelError):
            house.pipeline.step()
    house.state.refuses = False

    house.pipeline.step()
    assert house.alerts() == []
    house.failures(2, first=10)
    house.pipeline.step()
    assert [alert.events for alert in house.alerts()] == [5]
    assert house.meter.of("events") == 5
