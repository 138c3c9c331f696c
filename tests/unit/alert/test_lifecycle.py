"""What may be done with an alert, what is refused, and what the history says afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.alert.lifecycle import (
    acknowledge,
    chosen,
    close,
    note,
    resolve,
    standing,
    take,
    undone,
)
from sentinel.errors import NotAllowed
from sentinel.model.alert import AlertEntry, AlertState, Disposition
from tests.samples import NOON, an_alert

LATER = NOON + timedelta(minutes=5)


def test_a_new_alert_is_acknowledged():
    """The state changes and the history says who, when and why."""
    seen = acknowledge(an_alert(), " lan ", LATER, "xem nhật ký")

    assert AlertState.ACKNOWLEDGED is seen.state
    assert (AlertEntry(at=LATER, who="lan", action="acknowledged", reason="xem nhật ký"),) == (
        seen.history
    )
    assert seen.assignee == ""


def test_an_acknowledged_alert_says_who_has_it():
    """The second who acknowledges learns who was first, and when."""
    seen = acknowledge(an_alert(), "lan", NOON)

    with pytest.raises(NotAllowed, match=r"acknowledged by lan at 12:00 22/11/2026 .* already"):
        acknowledge(seen, "minh", LATER)


def test_an_alert_without_history_is_refused_all_the_same():
    """Out of a list an alert comes without history: the sentence is shorter, not wrong."""
    with pytest.raises(NotAllowed, match=r"is acknowledged already\."):
        acknowledge(an_alert(state=AlertState.ACKNOWLEDGED), "minh", LATER)


def test_an_alert_that_somebody_works_on_cannot_be_acknowledged():
    """It names the person who works on it."""
    with pytest.raises(NotAllowed, match="in the hands of lan"):
        acknowledge(take(an_alert(), "lan", NOON), "minh", LATER)


@pytest.mark.parametrize("state", [AlertState.NEW, AlertState.ACKNOWLEDGED])
def test_whoever_takes_an_alert_is_its_assignee(state):
    """A new alert may be taken at once."""
    taken = take(an_alert(state=state), "lan", LATER, "tôi xem")

    assert (taken.state, taken.assignee) == (AlertState.IN_PROGRESS, "lan")
    assert AlertEntry(at=LATER, who="lan", action="taken", reason="tôi xem") == taken.history[-1]


def test_an_alert_can_be_taken_over():
    """At the change of shift the next one takes it; the history keeps both."""
    taken = take(take(an_alert(), "lan", NOON), "minh", LATER)

    assert taken.assignee == "minh"
    assert [entry.who for entry in taken.history] == ["lan", "minh"]


def test_an_alert_is_not_taken_twice_by_the_same_person():
    """A double click leaves one line in the history."""
    taken = take(an_alert(), "lan", NOON)

    with pytest.raises(NotAllowed, match="in the hands of lan already"):
        take(taken, "lan", LATER)


@pytest.mark.parametrize("state", [AlertState.NEW, AlertState.ACKNOWLEDGED, AlertState.IN_PROGRESS])
def test_an_open_alert_is_closed_with_a_reason(state):
    """Disposition and reason stay with it, and so does whoever worked on it."""
    closed = close(
        an_alert(state=state, assignee="lan"), "minh", LATER, Disposition.BENIGN, " quét định kỳ "
    )

    assert (
        closed.state,
        closed.disposition,
        closed.assignee,
    ) == (AlertState.CLOSED, Disposition.BENIGN, "lan")
    assert closed.history[-1] == AlertEntry(
        at=LATER,
        who="minh",
        action="closed",
        reason="quét định kỳ",
        disposition=Disposition.BENIGN,
    )


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_closing_wants_a_reason(reason):
    """An empty reason is refused, by people and by the system alike."""
    with pytest.raises(NotAllowed, match="Say why"):
        close(an_alert(), "lan", LATER, Disposition.BENIGN, reason)
    with pytest.raises(NotAllowed, match="Say why"):
        resolve(an_alert(), LATER, reason)


def test_a_person_does_not_close_as_the_system():
    """The refusal names what a person may choose."""
    with pytest.raises(
        NotAllowed, match="true-positive, benign, false-positive, duplicate"
    ) as refused:
        close(an_alert(), "lan", LATER, Disposition.RESOLVED, "hết")

    assert str(refused.value).count("resolved-by-system") == 1


def test_the_system_closes_without_a_name():
    """A resolved alert says so, and its entry has no person."""
    resolved = resolve(an_alert(), LATER, "chữ ký đã được gia hạn")

    assert Disposition.RESOLVED is resolved.disposition
    entry = resolved.history[-1]
    assert (entry.who, entry.action, entry.disposition) == ("", "closed", Disposition.RESOLVED)
    assert entry.reason == "chữ ký đã được gia hạn"


@pytest.mark.parametrize(
    "act",
    [
        lambda alert: acknowledge(alert, "minh", LATER),
        lambda alert: take(alert, "minh", LATER),
        lambda alert: close(alert, "minh", LATER, Disposition.BENIGN, "x"),
        lambda alert: resolve(alert, LATER, "x"),
    ],
    ids=["acknowledge", "take", "close", "resolve"],
)
def test_nothing_leads_out_of_closed(act):
    """Each refusal says who closed it and when."""
    closed = close(an_alert(), "lan", NOON, Disposition.DUPLICATE, "trùng")

    with pytest.raises(NotAllowed, match="closed by lan at 12:00 22/11/2026 "):
        act(closed)


def test_what_the_system_closed_says_so():
    """ "By the system", not by nobody."""
    with pytest.raises(NotAllowed, match="closed by the system at"):
        take(resolve(an_alert(), NOON, "hết"), "lan", LATER)


@pytest.mark.parametrize(
    "act",
    [
        lambda who: acknowledge(an_alert(), who, LATER),
        lambda who: take(an_alert(), who, LATER),
        lambda who: close(an_alert(), who, LATER, Disposition.BENIGN, "x"),
        lambda who: note(an_alert(), who, LATER, "x"),
        lambda who: undone(take(an_alert(), "lan", NOON), who, LATER, standing(an_alert())),
    ],
    ids=["acknowledge", "take", "close", "note", "undo"],
)
@pytest.mark.parametrize("who", ["", " \t"])
def test_nobody_cannot_act(act, who):
    """Every action of a person carries a name."""
    with pytest.raises(NotAllowed, match="name is empty"):
        act(who)


@pytest.mark.parametrize("state", AlertState)
def test_a_note_can_be_written_on_any_alert(state):
    """It changes nothing but the history; a closed alert can be added to."""
    before = an_alert(state=state)

    noted = note(before, " lan ", LATER, " đã gọi đơn vị ")

    entry = AlertEntry(at=LATER, who="lan", action="noted", reason="đã gọi đơn vị")
    assert replace(before, history=(entry,)) == noted


def test_an_empty_note_is_refused():
    """A line that says nothing helps nobody."""
    with pytest.raises(NotAllowed, match="note: it is empty"):
        note(an_alert(), "lan", LATER, " \n")


@pytest.mark.parametrize(
    "act",
    [
        lambda alert: acknowledge(alert, "minh", NOON),
        lambda alert: take(alert, "minh", NOON),
        lambda alert: close(alert, "minh", NOON, Disposition.BENIGN, "x"),
        lambda alert: note(alert, "minh", NOON, "x"),
    ],
    ids=["acknowledge", "take", "close", "note"],
)
def test_the_last_action_can_be_taken_back(act):
    """The alert stands as before, and the history tells both."""
    before = an_alert(history=(AlertEntry(at=NOON, who="", action="opened"),))

    back = undone(act(before), "lan", LATER, standing(before))

    assert replace(back, history=before.history) == before
    assert [entry.who for entry in back.history] == ["", "minh", "lan"]
    assert AlertEntry(at=LATER, who="lan", action="undone") == back.history[-1]


def test_what_has_moved_on_is_not_taken_back():
    """Neither a step behind the last one nor the same step twice; the sentence says what came."""
    before = an_alert()
    acknowledged = acknowledge(before, "lan", NOON)
    taken = take(acknowledged, "minh", LATER)

    with pytest.raises(NotAllowed, match=r"has moved on since: taken by minh at 12:05 22/11/2026"):
        undone(taken, "lan", LATER, standing(before))
    back = undone(taken, "lan", LATER, standing(acknowledged))
    with pytest.raises(NotAllowed, match="undone by lan"):
        undone(back, "lan", LATER, standing(acknowledged))


def test_an_alert_without_history_has_nothing_to_take_back():
    """Out of a list an alert comes without its history: refused, not guessed."""
    with pytest.raises(NotAllowed, match="has moved on since; it stays"):
        undone(an_alert(), "lan", LATER, standing(an_alert()))


def test_closing_wants_a_disposition():
    """An order may come without one; the refusal names the choice."""
    with pytest.raises(NotAllowed, match="choose one of true-positive, benign"):
        chosen(None)
