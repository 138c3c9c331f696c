"""Many callers, one fsync: records that wait together are kept together.

While one commit runs in the writer's thread, the next group gathers: the slower the disk, the
larger the groups. Nobody is made to wait for company.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sentinel.errors import JournalFull, NotAllowed
from sentinel.model.ids import Offset
from sentinel.model.record import Record
from sentinel.ports import Journal

_STOPPED = "the journal takes nothing more: the service is stopping; send it again after the start"


@dataclass(frozen=True, slots=True)
class _Put:
    """One caller: what it brought and where its answer goes."""

    records: Sequence[Record]
    answer: asyncio.Future[Offset]


class GroupCommit:
    """Merges concurrent `put` calls into one `append`. `run` must be running for them to return.

    A group holds at most `max_records` records (one larger `put` goes alone, undivided). While the
    journal is full the callers wait; `pause` is the time between two attempts, in seconds. All
    methods belong to one event loop.
    """

    def __init__(self, journal: Journal, *, max_records: int = 2000, pause: float = 1.0) -> None:
        self._journal = journal
        self._max_records = max_records
        self._pause = pause
        self._waiting: deque[_Put] = deque()
        self._arrived = asyncio.Event()
        self._stopped = False
        self._alone = 0  # how many of the next callers are committed one by one
        self.full = False  # the journal refused the last attempt: its disk reserve is reached

    async def put(self, records: Sequence[Record]) -> Offset:
        """Keep these records together, in order; return the offset of the last once it is on disk.

        Raises:
            NotAllowed: `run` has ended. The records were not kept.
            OSError: the journal could not write. The records were not kept.
        """
        if self._stopped:
            raise NotAllowed(_STOPPED)
        answer: asyncio.Future[Offset] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Put(records, answer))
        self._arrived.set()
        return await answer

    async def run(self) -> None:
        """Commit group after group until cancelled.

        A commit that has begun is waited for and answered even then: what is on disk is said to
        be on disk. Who still waits is told that the journal takes nothing more.
        """
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal") as writer:
            try:
                while True:
                    await self._arrived.wait()
                    group = self._next_group()
                    if group:
                        await self._commit(group, writer)
            finally:
                self._stop()

    def _next_group(self) -> list[_Put]:
        """Take callers in order of arrival, without those who have gone meanwhile."""
        group: list[_Put] = []
        size = 0
        alone = self._alone > 0
        while self._waiting:
            put = self._waiting[0]
            if not put.answer.done():
                size += len(put.records)
                if group and (alone or size > self._max_records):
                    return group
                group.append(put)
            self._waiting.popleft()
            self._alone = max(self._alone - 1, 0)
        self._arrived.clear()
        return group

    async def _commit(self, group: list[_Put], writer: ThreadPoolExecutor) -> None:
        records = [record for put in group for record in put.records]
        work = asyncio.get_running_loop().run_in_executor(writer, self._journal.append, records)
        cancelled = await _finished(work)
        error = work.exception()
        self.full = isinstance(error, JournalFull)
        if error is None:
            _answer(group, work.result(), len(records))
        elif self.full:
            self._try_again(group)
        elif len(group) > 1:
            # What one caller brought may be the reason: the others shall not suffer for it.
            self._alone = len(group)
            self._try_again(group)
        else:
            for put in group:
                if not put.answer.done():
                    put.answer.set_exception(error)
        if cancelled:
            raise asyncio.CancelledError
        if self.full:
            await asyncio.sleep(self._pause)

    def _try_again(self, group: list[_Put]) -> None:
        self._waiting.extendleft(reversed(group))
        self._arrived.set()

    def _stop(self) -> None:
        self._stopped = True
        while self._waiting:
            put = self._waiting.popleft()
            if not put.answer.done():
                put.answer.set_exception(NotAllowed(_STOPPED))


async def _finished(work: asyncio.Future[Offset]) -> bool:
    """Wait to the end of work that cannot be undone; say whether we were cancelled meanwhile."""
    cancelled = False
    while not work.done():
        try:
            await asyncio.wait([work])
        except asyncio.CancelledError:
            cancelled = True
    return cancelled


def _answer(group: list[_Put], last: Offset, amount: int) -> None:
    """Tell each caller the offset of its own last record."""
    reached = last - amount
    for put in group:
        reached += len(put.records)
        if not put.answer.done():
            put.answer.set_result(Offset(reached))
