"""Hidden by somebody, for a reason, until a time: each change is kept as a version."""

from datetime import timedelta

import pytest

from sentinel.alert.suppress import LONGEST
from sentinel.errors import NotAllowed, NotFound
from sentinel.model.ids import AgencyId, AlertId, RuleId, SuppressionId
from sentinel.model.suppression import Hidden, Scope, Suppression
from tests.samples import NOON, a_card, an_alert
from tests.unit.desk.rooms import MINUTE, some_alerts

DAY = timedelta(days=1)
SCOPE = Scope(rule=a_card().id, agency=AgencyId("so-a"), subject={"source.ip": "203.0.113.45"})


@pytest.fixture
def hidden(room):
    room.put(an_alert())
    return room.desk.suppress(SCOPE, "lan", " máy quét của đơn vị ", NOON + DAY)


def test_a_suppression_says_who_hides_what_until_when_and_why(desk, hidden):
    """Named after the rule of the alert, and listed with what it has hidden: nothing yet."""
    assert hidden == Suppression(
        id=SuppressionId("s-token-1"),
        version=1,
        scope=SCOPE,
        title=a_card().title,
        reason="máy quét của đơn vị",
        by="lan",
        at=NOON,
        begun=NOON,
        expires=NOON + DAY,
    )
    assert desk.suppressions() == [(hidden, Hidden())]


def test_the_list_says_what_was_hidden_and_has_the_newest_first(desk, hidden, room):
    """Ended ones stay on it."""
    with room.state.transaction() as writer:
        writer.add_hidden(hidden.id, 3, NOON + MINUTE)
    room.clock.move(2 * DAY)
    newer = desk.suppress(SCOPE, "minh", "vẫn quét", NOON + 3 * DAY)

    assert desk.suppressions() == [
        (newer, Hidden()),
        (hidden, Hidden(detections=3, last=NOON + MINUTE)),
    ]


def test_the_title_is_that_of_the_rules_newest_alert(desk, room):
    """A rule that was renamed is called as it is called now."""
    old, new = some_alerts(2)
    room.put(old)
    room.put(
        an_alert(id=new.id, cause=new.cause, card=a_card(title="Guessing"), last_seen=NOON + MINUTE)
    )

    assert desk.suppress(SCOPE, "lan", "quét", NOON + DAY).title == "Guessing"


def test_every_change_is_a_version(desk, hidden, room):
    """Longer, shorter, lifted: who, when and why of each can be read afterwards."""
    room.clock.move(MINUTE)
    desk.prolong(hidden.id, "minh", "thêm một tuần", NOON + 7 * DAY)
    desk.prolong(hidden.id, "minh", "nhầm", NOON + 2 * DAY)
    desk.lift(hidden.id, "hoa", "đã quét xong")

    versions = desk.suppression(hidden.id)
    assert [(one.version, one.by, one.reason, one.expires, one.lifted) for one in versions] == [
        (1, "lan", "máy quét của đơn vị", NOON + DAY, False),
        (2, "minh", "thêm một tuần", NOON + 7 * DAY, False),
        (3, "minh", "nhầm", NOON + 2 * DAY, False),
        (4, "hoa", "đã quét xong", NOON + 2 * DAY, True),
    ]
    assert {one.begun for one in versions} == {NOON}


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (("", "quét", NOON + DAY), "name is empty"),
        (("lan", " ", NOON + DAY), "reason is empty"),
        (("lan", "quét", NOON), "is past"),
        (("lan", "quét", NOON + LONGEST + MINUTE), "at most 90 days"),
    ],
)
def test_nothing_is_hidden_without_a_person_a_reason_and_an_end(desk, room, order, says):
    """Each refusal says what is missing, and nothing is written."""
    room.put(an_alert())

    with pytest.raises(NotAllowed, match=says):
        desk.suppress(SCOPE, *order)
    assert desk.suppressions() == []


def test_a_rule_that_never_made_an_alert_cannot_be_hidden(desk, room):
    """A mistyped rule would hide nothing, and everybody would believe it did."""
    room.put(an_alert())

    with pytest.raises(NotAllowed, match="No alert is of rule nobodys"):
        desk.suppress(Scope(rule=RuleId("nobodys")), "lan", "quét", NOON + DAY)


def test_the_same_is_not_hidden_twice_at_once(desk, hidden, room):
    """A double click would leave one behind when the other is lifted."""
    again = Scope(rule=SCOPE.rule, agency=SCOPE.agency, subject=SCOPE.subject)
    with pytest.raises(NotAllowed, match=f"lan hides just this already.*{hidden.id}"):
        desk.suppress(again, "minh", "quét", NOON + DAY)
    desk.lift(hidden.id, "lan", "xong")

    assert desk.suppress(again, "minh", "quét", NOON + DAY).version == 1


def test_what_has_ended_is_neither_prolonged_nor_lifted(desk, hidden, room):
    """Expired or lifted: to hide again, somebody says so anew; what is unknown is not found."""
    room.clock.move(DAY)
    for act in (desk.lift, lambda *named: desk.prolong(*named, NOON + 3 * DAY)):
        with pytest.raises(NotAllowed, match="ended at"):
            act(hidden.id, "lan", "lý do")
        with pytest.raises(NotFound):
            act(SuppressionId("s-x"), "lan", "lý do")
    assert len(desk.suppression(hidden.id)) == 1


def test_what_it_would_have_hidden_is_counted_before(desk, room):
    """Only what was seen in the days asked for, newest first, however many are shown."""
    week = [
        an_alert(id=AlertId(f"w-{n}"), cause=one.cause, last_seen=NOON - n * DAY)
        for n, one in enumerate(some_alerts(9))
    ]
    other = an_alert(subject={"source.ip": "198.51.100.9"})
    room.put(*week, other)

    count, newest = desk.would_hide(SCOPE, 7, 2)

    assert count == 8
    assert [alert.id for alert in newest] == ["w-0", "w-1"]
