"""A chunk is counted with what it changed, and begins where the last one ended."""

from dataclasses import replace

from sentinel.desk.chunk import REFUSALS_KEPT, carry_on
from sentinel.model.alert import AlertState
from sentinel.model.ids import AlertId, JobId
from sentinel.model.job import AlertAction, AlertStanding, Job, JobItem
from tests.samples import NOON
from tests.unit.desk.rooms import MINUTE, put, some_alerts

JOB = Job(id=JobId("j-1"), action=AlertAction.TAKE, by="lan", at=NOON, total=3, note="xem")


def begin(state, job, items):
    with state.transaction() as writer:
        writer.put_job(job, items)


def further(state, limit, at=NOON):
    with state.transaction() as writer:
        return carry_on(writer, writer.job(JOB.id), limit, at)


def test_a_job_goes_as_far_as_it_is_told_and_then_on(state):
    """Each chunk has its own time in the histories; the job is finished with the last alert."""
    put(state, *some_alerts(3))
    begin(state, JOB, [JobItem(alert=AlertId(f"a-{n}")) for n in range(3)])

    first, second = further(state, 2), further(state, 2, NOON + MINUTE)

    assert (first.done, first.finished) == (2, None)
    assert (second.done, second.finished) == (3, NOON + MINUTE)
    with state.reading() as reader:
        assert reader.job(JOB.id) == second
        times = [reader.alert(AlertId(f"a-{n}")).history[0].at for n in range(3)]
        items = reader.job_items(JOB.id, 10)
    assert times == [NOON, NOON, NOON + MINUTE]
    new = AlertStanding(state=AlertState.NEW, assignee="", disposition=None, entries=0)
    assert items == [JobItem(alert=AlertId(f"a-{n}"), done=True, before=new) for n in range(3)]


def test_refusals_of_all_chunks_share_the_few_sentences(state):
    """Counted all, kept the first: a job's record does not grow with its alerts."""
    names = [AlertId(f"gone-{n}") for n in range(REFUSALS_KEPT + 2)]
    put(
        state,
        *(
            replace(one, state=AlertState.CLOSED, id=n)
            for one, n in zip(some_alerts(len(names)), names, strict=True)
        ),
    )
    begin(state, replace(JOB, total=len(names)), [JobItem(alert=name) for name in names])

    further(state, 3)
    job = further(state, 10)

    assert (job.changed, job.refused) == (0, len(names))
    assert [name in sentence for name, sentence in zip(names, job.refusals, strict=False)] == [
        True
    ] * REFUSALS_KEPT


def test_an_undo_without_a_memory_of_before_is_refused(state):
    """It cannot be guessed how an alert stood."""
    put(state, *some_alerts(1))
    begin(state, replace(JOB, action=AlertAction.UNDO, total=1), [JobItem(alert=AlertId("a-0"))])

    job = further(state, 10)

    assert (job.changed, job.refused) == (0, 1)
    assert job.refusals == ("It is not known how alert a-0 stood before.",)
