"""Group commit: together where callers wait together, alone where they do not, never in doubt."""

import asyncio
from threading import Event, Semaphore

import pytest

from sentinel.errors import JournalFull, NotAllowed
from sentinel.journal.group import GroupCommit
from sentinel.journal.memory import MemoryJournal
from sentinel.journal.sqlite import SqliteJournal
from sentinel.model.ids import Offset
from tests.samples import NOON, a_record


class Gated(MemoryJournal):
    """Each append waits at a gate; `groups` are the sizes of those let through."""

    def __init__(self, **options):
        super().__init__(**options)
        self.begun = Event()
        self.gate = Semaphore(0)
        self.groups: list[int] = []

    def append(self, records):
        self.begun.set()
        self.gate.acquire()
        self.groups.append(len(records))
        return super().append(records)


async def _until(condition):
    """Let others run until it holds; the test's own time limit ends what never comes true."""
    while not condition():  # noqa: ASYNC110 - the condition is set from threads too
        await asyncio.sleep(0.001)


def _stored(journal):
    return [entry.record.raw for entry in journal.read(Offset(0), 1000)]


async def _running(commit, work):
    """Do `work` while the commits run, then stop them; what `work` returns."""
    async with asyncio.TaskGroup() as tasks:
        run = tasks.create_task(commit.run())
        try:
            return await work
        finally:
            run.cancel()


def test_a_caller_gets_the_offset_of_its_own_last_record():
    """Also a caller that brings several records, or none."""
    journal = MemoryJournal()
    commit = GroupCommit(journal)

    async def work():
        return await asyncio.gather(
            commit.put([a_record("a")]),
            commit.put([a_record("b"), a_record("c")]),
            commit.put([]),
            commit.put([a_record("d")]),
        )

    assert asyncio.run(_running(commit, work())) == [1, 3, 3, 4]
    assert _stored(journal) == [b"a", b"b", b"c", b"d"]


def test_who_comes_during_a_commit_is_the_next_group():
    """One append for all who waited: that is the batching."""
    journal = Gated()
    commit = GroupCommit(journal)

    async def work():
        async with asyncio.TaskGroup() as callers:
            callers.create_task(commit.put([a_record("0")]))
            await _until(journal.begun.is_set)
            for number in range(1, 10):
                callers.create_task(commit.put([a_record(str(number))]))
            await _until(lambda: len(commit._waiting) == 9)
            journal.gate.release(2)

    asyncio.run(_running(commit, work()))

    assert journal.groups == [1, 9]
    assert _stored(journal) == [str(number).encode() for number in range(10)]


def test_a_group_is_bounded_and_a_caller_is_never_divided():
    """Four callers of 3 with room for 7; one of 9 goes alone."""
    journal = Gated()
    commit = GroupCommit(journal, max_records=7)

    async def work():
        async with asyncio.TaskGroup() as callers:
            for amount in (3, 3, 3, 9, 3):
                callers.create_task(commit.put([a_record()] * amount))
            journal.gate.release(4)

    asyncio.run(_running(commit, work()))

    assert journal.groups == [6, 3, 9, 3]


def test_nobody_is_answered_before_the_records_are_kept():
    """While the append has not returned, `put` has not either."""
    journal = Gated()
    commit = GroupCommit(journal)

    async def work():
        async with asyncio.TaskGroup() as callers:
            put = callers.create_task(commit.put([a_record()]))
            await _until(journal.begun.is_set)
            answered = put.done()
            journal.gate.release()
        return answered, put.result()

    assert asyncio.run(_running(commit, work())) == (False, 1)


def test_a_full_journal_makes_callers_wait():
    """It is visible, and the same records go in, in order, once there is room."""
    journal = MemoryJournal(room=1)
    commit = GroupCommit(journal, pause=0.001)

    async def work():
        async with asyncio.TaskGroup() as callers:
            puts = [callers.create_task(commit.put([a_record(raw)] * 2)) for raw in "ab"]
            await _until(lambda: commit.full)
            waiting = not any(put.done() for put in puts)
            journal.room = 100
        return waiting, [put.result() for put in puts], commit.full

    assert asyncio.run(_running(commit, work())) == (True, [2, 4], False)
    assert _stored(journal) == [b"a", b"a", b"b", b"b"]


def test_another_error_reaches_every_caller_of_the_group_and_no_other():
    """The disk failed once: those who were in that commit know, the next one is kept."""

    disk: list[str] = []

    class Failing(Gated):
        def append(self, records):
            if not disk:
                raise OSError("the disk is gone")
            return super().append(records)

    journal = Failing()
    journal.gate.release(10)
    commit = GroupCommit(journal)

    async def work():
        failed = await asyncio.gather(
            commit.put([a_record("a")]), commit.put([a_record("b")]), return_exceptions=True
        )
        disk.append("is back")
        return failed, await commit.put([a_record("c")])

    failed, kept = asyncio.run(_running(commit, work()))

    assert [str(error) for error in failed] == ["the disk is gone"] * 2
    assert kept == 1
    assert _stored(journal) == [b"c"]


def test_one_callers_fault_is_not_the_others(tmp_path):
    """A collector that brings what cannot be kept is told so; the others' records are kept."""
    journal = SqliteJournal(tmp_path)
    commit = GroupCommit(journal)
    without_zone = a_record("bad", at=NOON.replace(tzinfo=None))

    async def work():
        return await asyncio.gather(
            *(commit.put([record]) for record in (a_record("a"), without_zone, a_record("b"))),
            return_exceptions=True,
        )

    first, fault, last = asyncio.run(_running(commit, work()))

    assert (first, last) == (1, 2)
    assert isinstance(fault, TypeError)
    assert _stored(journal) == [b"a", b"b"]
    journal.close()


def test_a_caller_that_has_gone_is_not_waited_for():
    """Cancelled before its commit began: its records are not kept, the others' are."""
    journal = Gated()
    commit = GroupCommit(journal)

    async def work():
        async with asyncio.TaskGroup() as callers:
            callers.create_task(commit.put([a_record("a")]))
            await _until(journal.begun.is_set)
            gone = callers.create_task(commit.put([a_record("gone")]))
            callers.create_task(commit.put([a_record("b")]))
            await _until(lambda: len(commit._waiting) == 2)
            gone.cancel()
            journal.gate.release(2)

    asyncio.run(_running(commit, work()))

    assert _stored(journal) == [b"a", b"b"]


def test_stopping_finishes_the_commit_that_has_begun_and_tells_the_rest():
    """What is on disk is answered as kept; who still waits is refused; nobody hangs."""
    journal = Gated()
    commit = GroupCommit(journal)

    async def work():
        run = asyncio.ensure_future(commit.run())
        begun = asyncio.ensure_future(commit.put([a_record("a")]))
        await _until(journal.begun.is_set)
        waiting = asyncio.ensure_future(commit.put([a_record("b")]))
        await _until(lambda: commit._waiting)
        run.cancel()
        await asyncio.sleep(0)
        run.cancel()
        journal.gate.release()
        return await asyncio.gather(begun, waiting, run, return_exceptions=True)

    kept, refused, ended = asyncio.run(work())

    assert kept == 1
    assert isinstance(refused, NotAllowed)
    assert isinstance(ended, asyncio.CancelledError)
    assert _stored(journal) == [b"a"]


def test_stopping_while_full_tells_those_who_wait():
    """The pause between two attempts does not hold the service up."""
    commit = GroupCommit(MemoryJournal(room=0), pause=3600)

    async def work():
        run = asyncio.ensure_future(commit.run())
        put = asyncio.ensure_future(commit.put([a_record()]))
        await _until(lambda: commit.full)
        run.cancel()
        return await asyncio.gather(put, run, return_exceptions=True)

    refused, _ = asyncio.run(work())

    assert isinstance(refused, NotAllowed)


def test_after_the_end_a_put_is_refused_at_once():
    """It says why and what to do."""
    commit = GroupCommit(MemoryJournal())

    async def work():
        await _running(commit, commit.put([a_record()]))
        await commit.put([a_record()])

    with pytest.raises(NotAllowed, match="the service is stopping; send it again"):
        asyncio.run(work())


def test_it_works_over_the_journal_on_disk(tmp_path):
    """Appends happen in one thread, reads in another; a hundred callers need few commits."""
    journal = SqliteJournal(tmp_path)
    commit = GroupCommit(journal)

    async def work():
        puts = (commit.put([a_record(str(number))]) for number in range(100))
        return await asyncio.gather(*puts)

    offsets = asyncio.run(_running(commit, work()))

    assert offsets == list(range(1, 101))
    assert _stored(journal) == [str(number).encode() for number in range(100)]
    journal.close()


def test_the_journal_s_refusal_is_not_an_error_of_the_callers():
    """JournalFull never leaves `put`: a collector has nothing to decide there."""
    journal = MemoryJournal(room=0)
    commit = GroupCommit(journal, pause=0.001)

    async def work():
        async with asyncio.TaskGroup() as callers:
            put = callers.create_task(commit.put([a_record()]))
            await _until(lambda: commit.full)
            with pytest.raises(JournalFull):
                journal.append([a_record()])
            journal.room = 1
        return put.result()

    assert asyncio.run(_running(commit, work())) == 1
