"""Orders on many alerts: exact counts, each alert once, and a way back for a while."""

from dataclasses import replace
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentinel.desk import chunk, jobs
from sentinel.desk.jobs import AT_ONCE, CHUNK, LONGEST_NOTE
from sentinel.errors import NotAllowed, NotFound
from sentinel.model.alert import AlertState, Disposition
from sentinel.model.ids import AgencyId, AlertId, JobId
from sentinel.model.job import UNDO_WITHIN, AlertAction, Job
from sentinel.ports import AlertQuery, Order
from sentinel.store.state_sql import SqlState
from tests.samples import NOON, an_alert
from tests.unit.desk.rooms import MINUTE, Room, some_alerts

EVERYTHING = AlertQuery()
FALSE = Disposition.FALSE_POSITIVE


def closing(alerts=EVERYTHING, **changes):
    order = Order(
        action=AlertAction.CLOSE, alerts=alerts, who="lan", note="quét định kỳ", disposition=FALSE
    )
    return replace(order, **changes)


def taking(alerts=EVERYTHING, who="lan", note=""):
    return Order(action=AlertAction.TAKE, alerts=alerts, who=who, note=note)


def to_the_end(room, limit=CHUNK):
    """Work as a service does that is killed after each chunk; says how many chunks it took."""
    chunks = 1
    while room.reopened().work(limit):
        chunks += 1
    return chunks


def states(room):
    return [alert.state for alert in room.desk.alerts(AlertQuery(limit=10_000))]


def test_a_small_order_is_done_on_return_and_says_what_it_changed(desk, room):
    """Three of three, who and why: in the job, and in the history of each alert."""
    room.put(*some_alerts(3))

    job = desk.act(closing(filter="rule:x"))

    assert job == Job(
        id=JobId("j-token-1"),
        action=AlertAction.CLOSE,
        by="lan",
        at=NOON,
        total=3,
        note="quét định kỳ",
        disposition=FALSE,
        filter="rule:x",
        changed=3,
        finished=NOON,
    )
    assert desk.job(job.id) == job
    assert [desk.alert(AlertId(f"a-{n}")).history[-1].reason for n in range(3)] == [
        "quét định kỳ"
    ] * 3
    assert not desk.work()


@pytest.mark.parametrize(
    ("order", "stands", "assignee"),
    [
        (Order(action=AlertAction.ACKNOWLEDGE, alerts=EVERYTHING, who="lan"), "acknowledged", ""),
        (taking(), "in-progress", "lan"),
        (Order(action=AlertAction.NOTE, alerts=EVERYTHING, who="lan", note="đã gọi"), "new", ""),
        (closing(), "closed", ""),
    ],
    ids=["acknowledge", "take", "note", "close"],
)
def test_each_action_does_what_it_says(desk, room, order, stands, assignee):
    """And leaves one line in the history, with who did it."""
    room.put(an_alert())

    desk.act(order)

    after = desk.alert(an_alert().id)
    assert (after.state, after.assignee, len(after.history)) == (stands, assignee, 1)
    assert after.history[0].who == "lan"


def test_a_query_means_the_alerts_that_fit_when_the_order_is_given(desk, room):
    """All of them, not a page of them; what opens later is not part of the order."""
    room.put(*some_alerts(AT_ONCE + 1))
    job = desk.act(closing(AlertQuery(limit=10, skip=5)))
    room.put(an_alert())

    to_the_end(room)

    assert desk.job(job.id).changed == AT_ONCE + 1
    assert desk.alert(an_alert().id).state is AlertState.NEW


def test_a_named_alert_counts_once(desk, room):
    """However often the form names it; one that is not there is counted and told."""
    room.put(*some_alerts(2))
    names = tuple(AlertId(name) for name in ("a-1", "a-0", "a-1", "a-9"))

    job = desk.act(taking(names))

    assert (job.total, job.changed, job.refused) == (3, 2, 1)
    assert job.refusals == ("there is no alert 'a-9'",)


def test_an_order_for_no_alert_is_finished_at_once(desk):
    """Nought of nought is an answer too."""
    job = desk.act(closing())

    assert (job.total, job.changed, job.finished) == (0, 0, NOON)


def test_what_an_alert_forbids_is_counted_and_the_first_sentences_are_kept(desk, room):
    """Seven are in the wished state already: not changed, and said so, for five of them."""
    mine, fresh = some_alerts(9)[:7], some_alerts(9)[7:]
    room.put(*(replace(one, state=AlertState.IN_PROGRESS, assignee="lan") for one in mine), *fresh)

    job = desk.act(taking())

    assert (job.total, job.changed, job.refused) == (9, 2, 7)
    assert len(job.refusals) == chunk.REFUSALS_KEPT
    assert all("is in the hands of lan already" in sentence for sentence in job.refusals)


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (closing(who=" "), "name is empty"),
        (closing(note=" "), "reason is empty"),
        (closing(disposition=None), "true-positive, benign, false-positive, duplicate"),
        (closing(disposition=Disposition.RESOLVED), "Only the system"),
        (closing(action=AlertAction.NOTE, note="\n"), "Write the note"),
        (closing(action=AlertAction.UNDO), "undo that job"),
        (closing(note="x" * (LONGEST_NOTE + 1)), f"at most {LONGEST_NOTE}"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_whole(desk, room, order, says):
    """The sentence says what is missing; there is no job of it."""
    room.put(an_alert())

    with pytest.raises(NotAllowed, match=says):
        desk.act(order)
    assert desk.jobs(10) == []
    assert states(room) == [AlertState.NEW]


def test_a_disposition_belongs_to_closing_alone(desk, room):
    """A form sends the field with every button; the record says only what was done."""
    room.put(an_alert())

    assert desk.act(replace(taking(), disposition=FALSE)).disposition is None


@pytest.mark.parametrize("interrupted_at", [0, 57])
def test_a_job_of_a_thousand_goes_on_after_a_kill_at_any_point(
    desk, room, monkeypatch, interrupted_at
):
    """The chunk that was under way has not happened; every alert is changed once."""
    room.put(*some_alerts(1000))
    job = desk.act(closing())
    assert (job.total, job.done, job.finished) == (1000, 0, None)
    room.reopened().work()
    room.clock.move(MINUTE)
    with monkeypatch.context() as broken:
        stop_after(broken, interrupted_at)
        with pytest.raises(KeyboardInterrupt):
            room.reopened().work()
    assert desk.job(job.id).done == CHUNK

    to_the_end(room)

    after = desk.job(job.id)
    assert (after.changed, after.refused, after.finished) == (1000, 0, NOON + MINUTE)
    assert set(states(room)) == {AlertState.CLOSED}
    assert {len(desk.alert(AlertId(f"a-{n}")).history) for n in range(1000)} == {1}


def stop_after(broken, amount):
    """Kill the process in the middle of a chunk, after so many alerts of it."""
    close, closed = chunk.lifecycle.close, []

    def stopping(*arguments):
        if len(closed) == amount:
            raise KeyboardInterrupt
        closed.append(1)
        return close(*arguments)

    broken.setattr(chunk.lifecycle, "close", stopping)


def test_work_takes_the_oldest_job_first_and_says_whether_there_is_more(desk, room):
    """One chunk a call; a second order waits for the first one's end."""
    room.put(*some_alerts(AT_ONCE + 1))
    first = desk.act(closing())
    room.clock.move(MINUTE)
    second = desk.act(Order(action=AlertAction.NOTE, alerts=EVERYTHING, who="lan", note="xem"))

    more = [room.reopened().work(150) for _ in range(4)]

    assert more == [True, True, True, False]
    assert desk.job(first.id).refused == 0
    assert desk.job(second.id).changed == AT_ONCE + 1
    assert [job.id for job in desk.jobs(10)] == [second.id, first.id]


def test_a_small_order_does_not_wait_for_a_large_one(desk, room):
    """What the large one finds changed by then, it is refused."""
    room.put(*some_alerts(AT_ONCE + 1))
    large = desk.act(closing())

    assert desk.act(closing((AlertId("a-7"),), who="minh")).changed == 1
    to_the_end(room)

    after = desk.job(large.id)
    assert (after.changed, after.refused) == (AT_ONCE, 1)
    assert "was closed by minh" in after.refusals[0]


def test_an_undo_puts_back_what_was_changed_and_the_history_keeps_both(desk, room):
    """State, assignee and disposition as before, of those that the job changed, not of others."""
    before = replace(an_alert(), state=AlertState.IN_PROGRESS, assignee="minh")
    closed = replace(some_alerts(1)[0], state=AlertState.CLOSED, disposition=Disposition.BENIGN)
    room.put(before, closed)
    job = desk.act(closing())
    room.clock.move(MINUTE)

    undo = desk.undo(job.id, "lan")

    assert (undo.action, undo.undoes, undo.by) == (AlertAction.UNDO, job.id, "lan")
    assert (undo.total, undo.changed, undo.finished) == (1, 1, NOON + MINUTE)
    assert desk.job(job.id).undone_by == undo.id
    after = desk.alert(before.id)
    assert (after.state, after.assignee, after.disposition) == (
        AlertState.IN_PROGRESS,
        "minh",
        None,
    )
    assert [(entry.action, entry.at) for entry in after.history] == [
        ("closed", NOON),
        ("undone", NOON + MINUTE),
    ]
    assert desk.alert(closed.id).disposition is Disposition.BENIGN


def test_an_undo_leaves_alone_what_has_moved_on(desk, room):
    """Somebody took it in the meantime: that stands, and the undo says so."""
    room.put(*some_alerts(2))
    job = desk.act(taking())
    desk.take(AlertId("a-0"), "minh")

    undo = desk.undo(job.id, "lan")

    assert (undo.changed, undo.refused) == (1, 1)
    assert "a-0 has moved on since: taken by minh" in undo.refusals[0]
    assert desk.alert(AlertId("a-0")).assignee == "minh"
    assert desk.alert(AlertId("a-1")).state is AlertState.NEW


def test_the_same_person_doing_the_same_again_has_moved_on_too(desk, room):
    """Taken, taken over, taken back in the same minute: the last one is not the first one."""
    room.put(an_alert())
    first = desk.act(taking())
    desk.act(taking(who="minh"))
    desk.act(taking())

    assert desk.undo(first.id, "lan").refused == 1
    assert desk.alert(an_alert().id).assignee == "lan"


def test_an_alert_stays_closed_whose_cause_has_a_new_one(desk, room):
    """Two open alerts of one cause would be two stories; the sentence names the other."""
    room.put(an_alert())
    job = desk.act(closing())
    room.put(an_alert(id=AlertId("a-new"), previous=an_alert().id))

    undo = desk.undo(job.id, "lan")

    assert (undo.changed, undo.refused) == (0, 1)
    assert "a-new" in undo.refusals[0]
    assert desk.alert(an_alert().id).state is AlertState.CLOSED


def test_new_detections_do_not_stand_in_the_way_of_an_undo(desk, room):
    """The alert grows while it is in somebody's hands; that stays, the hands go."""
    room.put(an_alert())
    job = desk.act(taking())
    room.put(replace(desk.alert(an_alert().id), detections=5))

    desk.undo(job.id, "lan")

    after = desk.alert(an_alert().id)
    assert (after.state, after.assignee, after.detections) == (AlertState.NEW, "", 5)


def test_anybody_may_undo_for_a_while_and_once(desk, room):
    """To the last moment; then never again, and the sentence says who was first."""
    room.put(an_alert())
    job = desk.act(taking())
    room.clock.move(UNDO_WITHIN)

    undo = desk.undo(job.id, "minh")

    with pytest.raises(NotAllowed, match=r"undone by minh at 12:15 22/11/2026 \(UTC\+7\) already"):
        desk.undo(job.id, "lan")
    with pytest.raises(NotAllowed, match="took another one back"):
        desk.undo(undo.id, "lan")


def test_an_undo_that_comes_too_late_is_refused(desk, room):
    """A quarter of an hour after the job was finished, others have built on it."""
    room.put(an_alert())
    job = desk.act(taking())
    room.clock.move(UNDO_WITHIN + MINUTE)

    with pytest.raises(NotAllowed, match=r"finished at 12:00 22/11/2026 .* for 15 minutes"):
        desk.undo(job.id, "lan")


def test_there_is_no_undo_of_nothing(desk, room):
    """Unknown, changed nothing, not finished, nobody: each has its own sentence."""
    room.put(*some_alerts(AT_ONCE + 1))
    large = desk.act(closing())
    nothing = desk.act(closing(AlertQuery(agency=AgencyId("so-x"))))

    with pytest.raises(NotFound):
        desk.undo(JobId("j-x"), "lan")
    with pytest.raises(NotAllowed, match="changed nothing"):
        desk.undo(nothing.id, "lan")
    with pytest.raises(NotAllowed, match=f"at 0 of {AT_ONCE + 1} alerts"):
        desk.undo(large.id, "lan")
    with pytest.raises(NotAllowed, match="name is empty"):
        desk.undo(large.id, "")


def test_a_large_undo_goes_on_in_the_background_too(desk, room, monkeypatch):
    """Page by page and chunk by chunk, over desks that come and go."""
    monkeypatch.setattr(jobs, "_PAGE", 64)
    room.put(*some_alerts(AT_ONCE + 50))
    closed = desk.act(closing())
    to_the_end(room)

    undo = desk.undo(closed.id, "lan")

    assert (undo.total, undo.done) == (AT_ONCE + 50, 0)
    assert to_the_end(room, 99) == 3
    after = desk.job(undo.id)
    assert (after.changed, after.refused) == (AT_ONCE + 50, 0)
    assert set(states(room)) == {AlertState.NEW}


ALERTS = [alert.id for alert in some_alerts(4)]
ORDERS = st.builds(
    Order,
    action=st.sampled_from([action for action in AlertAction if action is not AlertAction.UNDO]),
    alerts=st.lists(st.sampled_from(ALERTS), min_size=1).map(tuple) | st.just(EVERYTHING),
    who=st.sampled_from(["lan", "minh"]),
    note=st.just("vì thế"),
    disposition=st.just(FALSE),
)


class Plain:
    """What people may do with alerts, once more and as plainly as can be: the other opinion."""

    def __init__(self):
        self.stands = dict.fromkeys(ALERTS, ("new", "", None))
        self.story = {alert: [] for alert in ALERTS}
        self.changed = []
        self.undone = set()

    def act(self, order):
        named = ALERTS if order.alerts == EVERYTHING else sorted(set(order.alerts))
        fitting = [alert for alert in named if self._may(order, *self.stands[alert])]
        self._write({alert: self._after(order, *self.stands[alert]) for alert in fitting})
        return len(fitting), len(named) - len(fitting)

    def undo(self, job):
        before = self.changed[job]
        mine = [alert for alert in before if self.story[alert][-1] == job]
        self._write({alert: before[alert] for alert in mine})
        self.undone |= {job, len(self.changed) - 1}
        return len(mine), len(before) - len(mine)

    def may_undo(self, job):
        return job < len(self.changed) and job not in self.undone and bool(self.changed[job])

    def _write(self, after):
        self.changed.append({alert: self.stands[alert] for alert in after})
        for alert, stands in after.items():
            self.stands[alert] = stands
            self.story[alert].append(len(self.changed) - 1)

    @staticmethod
    def _may(order, state, assignee, disposition):
        match order.action:
            case AlertAction.NOTE:
                return True
            case AlertAction.ACKNOWLEDGE:
                return state == "new"
            case AlertAction.TAKE:
                return state != "closed" and (state, assignee) != ("in-progress", order.who)
        return state != "closed"

    @staticmethod
    def _after(order, state, assignee, disposition):
        match order.action:
            case AlertAction.ACKNOWLEDGE:
                return "acknowledged", assignee, disposition
            case AlertAction.TAKE:
                return "in-progress", order.who, disposition
            case AlertAction.CLOSE:
                return "closed", assignee, FALSE
        return state, assignee, disposition


STEPS = st.lists(ORDERS | st.integers(min_value=0, max_value=7), max_size=10)


@settings(max_examples=150, deadline=None)
@given(STEPS, st.sampled_from([0, AT_ONCE]), st.integers(min_value=1, max_value=3))
def test_whatever_is_done_and_undone_counts_are_exact(steps, at_once, limit):
    """At once or in the background: every job agrees with the plain opinion, and so do alerts."""
    with patch.object(jobs, "AT_ONCE", at_once):
        agrees_with_the_plain_opinion(Room(), steps, limit)


@settings(max_examples=10, deadline=None)
@given(STEPS)
def test_the_database_counts_as_exactly(steps):
    """The same over SQLite, in the background, an alert at a time."""
    with TemporaryDirectory() as folder, patch.object(jobs, "AT_ONCE", 0):
        state = SqlState(f"sqlite:///{folder}/s.db")
        agrees_with_the_plain_opinion(Room(state), steps, 1)
        state.close()


def agrees_with_the_plain_opinion(room, steps, limit):
    plain, given_jobs = Plain(), []
    room.put(*some_alerts(len(ALERTS)))
    for step in steps:
        if isinstance(step, Order):
            job, expected = room.desk.act(step), plain.act(step)
        elif plain.may_undo(step):
            job, expected = room.desk.undo(given_jobs[step], "lan"), plain.undo(step)
        else:
            continue
        to_the_end(room, limit)
        done = room.desk.job(job.id)
        given_jobs.append(job.id)
        assert (done.changed, done.refused) == expected
        assert done.total == done.done
        assert done.finished is not None

    for alert in map(room.desk.alert, ALERTS):
        assert (alert.state, alert.assignee, alert.disposition) == plain.stands[alert.id]
        assert len(alert.history) == len(plain.story[alert.id])
