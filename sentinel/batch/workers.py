"""Several processes share one kind of work; whoever gives it to them takes the answers as needed.

They are forked, so what they work with is theirs without a copy; that is done before there are
threads. Each has a pipe of its own: one that is killed takes nothing of the others with it, and
whoever waits for it is told.
"""

from __future__ import annotations

import signal
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from queue import SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

from sentinel.errors import WorkerLost

AHEAD = 3  # jobs for each worker that are given before an answer is taken
PARTING = 5.0  # seconds for a process that has closed its pipe to be gone

J = TypeVar("J")  # a job
A = TypeVar("A")  # its answer
E = TypeVar("E")  # what a worker says at the end


@dataclass(slots=True, eq=False)
class Ticket(Generic[A]):
    """A job that was given. `answer` holds one once it is there; what nobody wants is let go."""

    answer: list[A] = field(default_factory=list)
    wanted: bool = True


class Crew(Generic[J, A, E]):
    """Processes that each do `work` on what they are given, and say `leave` at the end.

    Answers may be taken in any order; jobs that are as old as others are not done before them. One
    thread at a time may use it. `close` must be called where `leave` was not.
    """

    def __init__(self, amount: int, work: Callable[[J], A], leave: Callable[[], E]) -> None:
        self._members: list[_Member[J, A, E]] = []
        self._under_way = 0
        # Ctrl-C goes to all processes of a terminal: the first one says what is to be done.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            for _ in range(amount):
                self._members.append(_started([each.pipe for each in self._members], work, leave))
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            self._close = weakref.finalize(self, _end, self._members)

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self._members)

    @property
    def has_room(self) -> bool:
        """Whether so few answers are to come, or to be taken, that more jobs should be given."""
        return self._under_way < AHEAD * len(self._members)

    @property
    def processes(self) -> Sequence[int]:
        """Their process ids."""
        return [each.process.pid or 0 for each in self._members]

    def give(self, job: J) -> Ticket[A]:
        """Hand a job to whoever has least to do, without waiting.

        Raises:
            WorkerLost: one of the processes has ended.
        """
        self._hear(0)
        member = min(self._members, key=lambda each: len(each.tickets))
        ticket: Ticket[A] = Ticket()
        member.give(job, ticket)
        self._under_way += 1
        return ticket

    def take(self, ticket: Ticket[A]) -> A:
        """The answer to a job, waited for.

        Raises:
            WorkerLost: one of the processes has ended.
        """
        while not ticket.answer:
            self._hear(None)
        self._under_way -= 1
        return ticket.answer.pop()

    def drop(self, ticket: Ticket[A]) -> None:
        """Do without an answer."""
        ticket.wanted = False
        ticket.answer.clear()
        self._under_way -= 1

    def leave(self) -> list[E]:
        """Let all end when they are done, and hear what each says last.

        Raises:
            WorkerLost: one of the processes has ended before that.
        """
        for member in self._members:
            member.jobs.put(None)
        while any(member.tickets for member in self._members):
            self._hear(None)
        said = [member.last() for member in self._members]
        self.close()
        return said

    def close(self) -> None:
        """End all, whatever they are doing."""
        self._close()

    def _hear(self, seconds: float | None) -> None:
        """Take what answers are there; wait so long for one (None: until there is one)."""
        waiting = {each.pipe: each for each in self._members if each.tickets}
        for pipe in wait(list(waiting), seconds):
            waiting[pipe].hear()  # type: ignore[index]  # what comes back is what was given


class _Member(Generic[J, A, E]):
    """One process, its pipe, and the thread that feeds it: whoever gives a job does not wait."""

    def __init__(self, process: ForkProcess, pipe: Connection) -> None:
        self.process = process
        self.pipe = pipe
        self.jobs: SimpleQueue[J | None] = SimpleQueue()
        self.tickets: deque[Ticket[A]] = deque()
        self._feeder: Thread | None = None

    def give(self, job: J, ticket: Ticket[A]) -> None:
        if self._feeder is None:  # not before all processes are forked
            self._feeder = Thread(target=_feed, args=(self.jobs, self.pipe), daemon=True)
            self._feeder.start()
        self.tickets.append(ticket)
        self.jobs.put(job)

    def hear(self) -> None:
        with self._known_if_lost():
            answer: A = self.pipe.recv()
        ticket = self.tickets.popleft()
        if ticket.wanted:
            ticket.answer.append(answer)

    def last(self) -> E:
        with self._known_if_lost():
            if self._feeder is None:
                self.pipe.send(None)  # it was never given anything
            said: E = self.pipe.recv()
        return said

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.jobs.put(None)
        if self._feeder is not None:
            self._feeder.join()  # its pipe has no other end any more
        self.pipe.close()
        self.process.close()

    @contextmanager
    def _known_if_lost(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, OSError) as error:
            self.process.join(PARTING)
            code = self.process.exitcode or 0
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            raise WorkerLost(
                f"worker process {self.process.pid} has ended ({how}) before its work was done;"
                " what is told so far is not all. Where memory is short, fewer workers need less"
            ) from error


def _started(
    others: Sequence[Connection], work: Callable[[J], A], leave: Callable[[], E]
) -> _Member[J, A, E]:
    context = get_context("fork")
    ours, theirs = context.Pipe()
    away = [*others, ours]  # a pipe ends when nobody else holds it
    process = context.Process(target=_serve, args=(theirs, away, work, leave), daemon=True)
    process.start()
    theirs.close()
    return _Member(process, ours)


def _serve(
    pipe: Connection, away: Sequence[Connection], work: Callable[[J], A], leave: Callable[[], E]
) -> None:
    """Work until there is no more to do, or nobody to do it for."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for each in away:
        each.close()
    try:
        while (job := pipe.recv()) is not None:
            pipe.send(work(job))
        pipe.send(leave())
    except (EOFError, ConnectionError):
        return


def _feed(jobs: SimpleQueue[J | None], pipe: Connection) -> None:
    try:
        while (job := jobs.get()) is not None:
            pipe.send(job)
        pipe.send(None)
    except OSError:
        return  # whoever waits for its answers will know


def _end(members: Sequence[_Member[J, A, E]]) -> None:
    for member in members:
        member.end()
