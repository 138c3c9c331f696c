"""From the journal to the outbox: nothing lost, nothing twice, whatever breaks in between."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.alert import lifecycle
from sentinel.model.agency import Release, WarnPolicy
from sentinel.model.alert import AlertState, Disposition
from sentinel.model.ids import AgencyId, Offset, RuleId
from sentinel.model.profile import DetectionProfile, Resting, StepCost
from sentinel.model.warning import WarningState
from sentinel.pipeline import EVENTS_KEPT, OFFSET_WRITTEN
from sentinel.ports import EventQuery
from sentinel.store.events_memory import MemoryEvents
from tests.samples import NOON, an_agency
from tests.unit.pipeline_house import House, StoppedError, from_so_a


def test_a_batch_becomes_one_alert_and_one_numbered_warning():
    """The whole sentence in one step."""
    house = House()
    house.failures(5)

    assert house.pipeline.step() == 5

    (alert,) = house.alerts()
    (warning,) = house.warnings()
    assert (alert.agency, alert.asset, alert.state) == ("so-a", "dvc", AlertState.NEW)
    assert (alert.events, alert.subject) == (5, {"source.ip": "203.0.113.45"})
    assert [line.raw[-10:] for line in alert.evidence] == [f"5000{n} ssh2" for n in range(5)]
    assert warning.state is WarningState.APPROVED
    assert warning.number == "CB-2026-000001"
    assert [copy.address for copy in warning.deliveries] == ["truc@so-a.example"]
    assert house.pipeline.step() == 0
    assert house.pipeline.lag() == 0


@pytest.mark.parametrize("point", [EVENTS_KEPT, OFFSET_WRITTEN])
@pytest.mark.parametrize("how", ["goes on", "begins again"])
def test_a_stop_at_any_point_loses_nothing_and_doubles_nothing(point, how):
    """Whether the step is tried again or the process starts anew, the outcome is the same."""
    house = House()
    house.failures(3)
    house.pipeline.step()
    house.failures(2, first=10)
    house.success()
    house.stop_at = point

    with pytest.raises(StoppedError):
        house.pipeline.step()
    assert house.alerts() == []
    house.stop_at = ""
    if how == "begins again":
        house.begin()
    while house.pipeline.step():
        pass

    assert sorted(alert.card.title for alert in house.alerts()) == [
        "Root logged in",
        "SSH password guessing",
    ]
    assert sorted(warning.number for warning in house.warnings()) == [
        "CB-2026-000001",
        "CB-2026-000002",
    ]
    found = house.store.search(EventQuery(agency=AgencyId("so-a")))
    assert [event.offset for event in found] == [6, 5, 4, 3, 2, 1]


def test_a_store_that_lost_its_tail_is_filled_again_without_detecting_twice():
    """After a crash the unsealed events come from the journal once more."""
    house = House()
    house.failures(5)
    house.pipeline.step()
    house.store = MemoryEvents()
    house.begin()

    assert house.pipeline.step() == 5

    assert len(house.store.search(EventQuery(agency=AgencyId("so-a")))) == 5
    assert len(house.alerts()) == 1


def test_the_journal_keeps_what_is_not_yet_sealed():
    """Dropping waits for the slower of both readers."""
    house = House()
    house.failures(5)
    house.pipeline.step()
    dropped = []
    house.journal.drop_through = dropped.append
    house.pipeline.clear_journal()
    house.store.seal()
    house.pipeline.clear_journal()

    assert dropped == [0, 5]
    assert len(house.journal.read(Offset(0), 10)) == 5


def test_detections_of_one_cause_join_the_open_alert_and_a_closed_one_is_linked():
    """One warning an alert, however often it repeats; a new alert names the old one."""
    house = House()
    house.success()
    house.pipeline.step()
    house.success()
    house.pipeline.step()
    (first,) = house.alerts()
    assert first.detections == 2
    assert len(house.warnings()) == 1

    with house.state.transaction() as state:
        state.put_alert(
            lifecycle.close(first, "lan", NOON, Disposition.TRUE_POSITIVE, "khóa tài khoản")
        )
    house.success()
    house.pipeline.step()

    second = next(alert for alert in house.alerts() if alert.id != first.id)
    assert second.previous == first.id
    assert len(house.warnings()) == 2


def test_below_the_threshold_nobody_is_warned_and_approval_leaves_a_draft():
    """The agency's policy decides whether and how."""
    quiet = House(an_agency(policy=WarnPolicy(threshold=100)))
    quiet.failures(5)
    quiet.pipeline.step()
    assert (len(quiet.alerts()), quiet.warnings()) == (1, [])

    asking = House(an_agency(policy=WarnPolicy(threshold=60, release=Release.AFTER_APPROVAL)))
    asking.failures(5)
    asking.pipeline.step()
    (draft,) = asking.warnings()
    assert (draft.state, draft.number, draft.deliveries) == (WarningState.DRAFT, "", ())


def test_an_agency_without_contacts_leaves_a_draft_and_takes_no_number():
    """Nobody to send to is seen and counted, and the number series has no gap."""
    house = House(an_agency(contacts=()))
    house.success()
    house.pipeline.step()

    (draft,) = house.warnings()
    assert draft.state is WarningState.DRAFT
    assert house.meter.of("warnings_without_recipient") == 1
    with house.state.transaction() as state:
        assert state.take_number("CB", 2026) == 1


def test_what_nobody_owns_is_kept_detected_on_and_unassigned():
    """It is shown to the analyst; no agency is guessed and none is warned."""
    house = House()
    house.journal.append(
        [replace(entry.record, source=None, agency=None) for entry in _success_of(house)]
    )
    house.pipeline.step()

    alerts = house.alerts()
    assert {alert.agency for alert in alerts} == {AgencyId("so-a"), None}
    assert len(house.warnings()) == 1


def _success_of(house):
    house.success()
    return house.journal.read(Offset(0), 10)


def test_one_agencys_failures_do_not_count_at_another():
    """Three here and three there are not five anywhere."""
    house = House()
    with house.state.transaction() as state:
        other = an_agency(id=AgencyId("so-b"))
        state.put_agencies([replace(other, sources=(replace(other.sources[0], id="so-b-syslog"),))])
    house.failures(3)
    mine = [entry.record for entry in house.journal.read(Offset(0), 10)]
    house.journal.append([replace(record, source="so-b-syslog", agency="so-b") for record in mine])
    house.pipeline.step()

    assert house.alerts() == []


def test_unreadable_lines_are_kept_and_counted():
    """Nothing is dropped in silence."""
    house = House()
    house.journal.append([from_so_a(b"\xff\xfe\x00 no log at all")])
    house.pipeline.step()

    assert house.meter.of("events_unparsed") == 1
    assert len(house.store.search(EventQuery(agency=AgencyId("so-a")))) == 1


def test_offsets_that_a_damaged_journal_lost_are_no_lag():
    """The numbering jumps over what was set aside; nothing is left to do behind it."""
    house = House()
    house.failures(2)
    house.journal.last = lambda: Offset(1_000_002)
    assert house.pipeline.lag() == 1_000_002

    while house.pipeline.step():
        pass

    assert house.pipeline.lag() == 0


def test_what_has_arrived_stays_with_its_agency_when_the_source_is_given_to_another():
    """A registry that changes while records wait sends nothing of one agency to another."""
    house = House()
    house.failures(5)
    with house.state.transaction() as state:
        moved = an_agency().sources
        state.put_agencies(
            [an_agency(sources=()), an_agency(id=AgencyId("so-b"), sources=moved)],
        )
    house.pipeline.step()

    assert [alert.agency for alert in house.alerts()] == ["so-a"]
    assert [warning.agency for warning in house.warnings()] == ["so-a"]
    assert house.store.search(EventQuery(agency=AgencyId("so-b"))) == []


def test_the_profile_tells_each_step_of_an_event_s_way():
    """In the order of the way, each for every event; what the engine knows better stands."""
    house = House()
    house.failures(5)
    house.pipeline.step()

    profile = house.pipeline.profile()

    assert profile.events == 5
    assert [step.name for step in profile.steps] == [
        *("journal", "read", "store", "find", "look", "correlate", "commit")
    ]
    assert all(step.seconds > 0 for step in profile.steps)
    engine = house.pipeline.engine
    own = (StepCost(name="route", seconds=1, events=5), StepCost(name="met", seconds=2, events=5))
    engine.profile = lambda: DetectionProfile(steps=own)
    assert [step.name for step in house.pipeline.profile().steps] == [
        "journal",
        "read",
        "store",
        "route",
        "met",
        "commit",
    ]


def test_a_rule_rests_as_long_as_what_comes_is_not_held_against_it():
    """By the clock; where detection is behind, by when the newest event of it arrived."""
    house = House()
    house.failures(1)
    house.pipeline.step()
    rest = Resting(
        rule=RuleId("r"), title="slow", why="why", since=NOON, until=NOON + timedelta(minutes=1)
    )
    house.pipeline.engine.profile = lambda: DetectionProfile(resting=(rest,))

    at_once = house.pipeline.resting()
    house.clock.move(timedelta(minutes=1))
    over = house.pipeline.resting()
    house.failures(1, first=1)
    behind = house.pipeline.resting()

    assert (at_once, over, behind) == ([rest], [], [rest])
