"""Processes share a work; one that ends before it is done is told, and none is left behind."""

import gc
import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from sentinel.batch.workers import AHEAD, Crew
from sentinel.errors import WorkerLost

LARGE = 3_000_000  # bytes: more than any pipe holds


def _crew(amount=2, work=lambda job: job * 2, leave=os.getpid):
    return Crew(amount, work, leave)


def _gone(processes):
    return not any(Path(f"/proc/{process}").exists() for process in processes)


def test_answers_are_taken_in_the_order_that_is_wanted():
    """Whoever gave the answers first."""
    crew = _crew()
    tickets = [crew.give(number) for number in range(20)]

    assert [crew.take(ticket) for ticket in reversed(tickets)] == list(range(38, -1, -2))
    crew.close()


def test_what_each_says_last_is_heard_and_all_are_gone():
    """Also of one that had nothing to do, and of those whose answers nobody took."""
    crew = _crew(3)
    processes = crew.processes
    crew.drop(crew.give(1))

    assert sorted(crew.leave()) == sorted(processes)
    assert _gone(processes)


def test_large_jobs_and_answers_do_not_wait_for_each_other():
    """A pipe is full long before: jobs go in while answers come out."""
    crew = _crew(2, work=lambda job: job + b"!")
    tickets = [crew.give(bytes(LARGE)) for _ in range(2 * AHEAD)]

    assert not crew.has_room
    assert {len(crew.take(ticket)) for ticket in tickets} == {LARGE + 1}
    assert crew.has_room
    crew.close()


def test_one_that_is_killed_is_told():
    """With how it ended and a way out; nobody hangs and nobody is left behind."""
    crew = _crew(2)
    processes = crew.processes
    os.kill(processes[0], signal.SIGKILL)

    with pytest.raises(WorkerLost, match=r"signal 9.*fewer workers"):
        [crew.take(ticket) for ticket in [crew.give(bytes(LARGE)) for _ in range(4)]]
    crew.close()
    assert _gone(processes)


def test_one_that_is_killed_at_the_end_is_told():
    """Before it has said what it says last."""
    crew = _crew(1)
    os.kill(crew.processes[0], signal.SIGKILL)

    with pytest.raises(WorkerLost, match="signal 9"):
        crew.leave()
    crew.close()


def test_a_mistake_in_the_work_is_told(capfd):
    """The process says what it was; whoever waits, that it has ended."""
    crew = _crew(1, work=lambda job: 1 // job)
    ticket = crew.give(0)

    with pytest.raises(WorkerLost, match="exit code 1"):
        crew.take(ticket)
    crew.close()
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_those_that_nobody_needs_any_more_are_ended():
    """In the middle of a work that never ends, and without a word."""
    crew = _crew(2, work=lambda job: signal.pause())
    processes = crew.processes
    crew.give(1)
    del crew
    gc.collect()

    assert _gone(processes)
    assert multiprocessing.active_children() == []


def test_an_interrupt_is_for_the_first_process():
    """Ctrl-C reaches all of a terminal; the others go on until they are ended."""
    crew = _crew(1)
    os.kill(crew.processes[0], signal.SIGINT)

    assert crew.take(crew.give(4)) == 8
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    crew.close()


def test_without_the_first_process_the_others_end():
    """Killed, it cannot tell them: their pipes end."""
    ours, theirs = multiprocessing.Pipe()
    first = os.fork()
    if not first:
        crew = _crew(3)
        theirs.send(crew.processes)
        signal.pause()
    theirs.close()
    processes = ours.recv()
    descriptors = [os.pidfd_open(process) for process in processes]
    os.kill(first, signal.SIGKILL)
    os.waitpid(first, 0)

    for each in descriptors:
        assert multiprocessing.connection.wait([each], 30) == [each]
        os.close(each)
    ours.close()
