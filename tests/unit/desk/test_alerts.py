"""One alert at a time: what is done with it, and what else its machines and people have met."""

from datetime import timedelta

import pytest

from sentinel.errors import NotAllowed, NotFound
from sentinel.model.alert import AlertState, Disposition
from sentinel.model.entity import Entity, EntityKind
from sentinel.model.ids import AgencyId, AlertId, CauseKey
from sentinel.ports import AlertQuery
from tests.samples import NOON, an_alert
from tests.unit.desk.rooms import some_alerts

HOST = Entity(EntityKind.HOST, "web01")
STRANGER = Entity(EntityKind.ADDRESS, "203.0.113.45")
INSIDE = Entity(EntityKind.ADDRESS, "10.0.0.7")


def test_the_life_of_an_alert_is_written_down(desk, room):
    """Acknowledge, take, close: who, when and why stand in the history."""
    room.put(an_alert())
    alert = desk.alerts(AlertQuery())[0].id
    desk.acknowledge(alert, "lan")
    desk.take(alert, "lan", "xem nhật ký")
    desk.close(alert, "minh", Disposition.BENIGN, "kiểm thử của đơn vị")

    after = desk.alert(alert)
    assert (after.state, after.disposition) == (AlertState.CLOSED, Disposition.BENIGN)
    assert [(entry.who, entry.reason) for entry in after.history[-3:]] == [
        ("lan", ""),
        ("lan", "xem nhật ký"),
        ("minh", "kiểm thử của đơn vị"),
    ]


def test_a_refused_action_changes_nothing(desk, room):
    """Closing twice is refused in a sentence, and what is unknown is not found."""
    room.put(an_alert())
    alert = desk.alerts(AlertQuery())[0].id
    closed = desk.close(alert, "lan", Disposition.BENIGN, "đã rõ")

    with pytest.raises(NotAllowed):
        desk.close(alert, "minh", Disposition.FALSE_POSITIVE, "nữa")
    with pytest.raises(NotFound):
        desk.acknowledge(AlertId("0" * 16), "lan")
    assert desk.alert(alert) == closed


def test_a_count_does_not_look_at_the_page(desk, room):
    """Three are three, whichever of them are shown."""
    room.put(*some_alerts(3))

    assert desk.count(AlertQuery(limit=1, skip=2)) == 3


def test_an_alert_alone_is_related_to_nothing(desk, room):
    """An entity that only this alert names is not listed."""
    room.put(an_alert())

    assert desk.related(an_alert()) == []


def test_what_is_not_there_is_related_to_nothing_at_all(desk):
    """An alert that the state does not know is not found."""
    with pytest.raises(NotFound):
        desk.related(an_alert())


def _alert(number, agency, **subject):
    names = {"host": "host.hostname", "address": "source.ip"}
    return an_alert(
        id=AlertId(f"a-{number}"),
        cause=CauseKey(f"cause-{number}"),
        agency=None if agency is None else AgencyId(agency),
        subject={names[key]: value for key, value in subject.items()},
        last_seen=NOON + timedelta(minutes=number),
    )


def test_hosts_and_inner_addresses_are_looked_up_at_the_same_agency_alone(desk, room):
    """Every agency has a web01 and a 10.0.0.7; case does not make another host."""
    mine = _alert(0, "so-a", host="web01", address="10.0.0.7")
    room.put(
        mine,
        _alert(1, "so-a", host="WEB01"),
        _alert(2, "so-b", host="web01", address="10.0.0.7"),
        _alert(3, None, host="web01", address="10.0.0.7"),
    )

    (host,) = desk.related(mine)

    assert (host.entity, host.total, host.agencies) == (HOST, 1, 0)
    assert [alert.id for alert in host.newest] == ["a-1"]


def test_what_nobody_owns_is_related_to_what_nobody_owns(desk, room):
    """The unassigned alerts are one owner's, of hosts and inner addresses too."""
    mine = _alert(0, None, address="10.0.0.7")
    room.put(mine, _alert(1, None, address="10.0.0.7"), _alert(2, "so-a", address="10.0.0.7"))

    (inside,) = desk.related(mine)

    assert (inside.entity, inside.total) == (INSIDE, 1)


def test_a_public_address_is_looked_up_everywhere(desk, room):
    """Other agencies are counted exactly, those that have left the registry too."""
    mine = _alert(0, "so-a", address="203.0.113.45")
    owners = ["so-b", "so-b", "so-c", None, "so-a", "so-a"]
    room.put(
        mine,
        *(_alert(n, name, address="203.0.113.45") for n, name in enumerate(owners, start=1)),
        _alert(9, "so-d", address="198.51.100.9"),
    )

    (stranger,) = desk.related(mine)

    assert (stranger.entity, stranger.total, stranger.agencies) == (STRANGER, 6, 2)


def test_only_the_newest_are_shown_and_never_the_alert_itself(desk, room):
    """Five of seven others, newest first; the newest of all is the one that was asked for."""
    room.put(*(_alert(n, "so-a", host="web01") for n in range(8)))

    (host,) = desk.related(_alert(7, "so-a", host="web01"))

    assert host.total == 7
    assert [alert.id for alert in host.newest] == ["a-6", "a-5", "a-4", "a-3", "a-2"]
