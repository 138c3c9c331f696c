"""The pipeline's thread: steps, failures, the end."""

import errno
from contextlib import closing
from threading import Event

import pytest

from sentinel import assembly, service, wiring
from sentinel.errors import SentinelError
from sentinel.ports import AlertQuery
from sentinel.service import worker
from tests.unit.service.stage import LINE, send, while_running


@pytest.mark.parametrize(
    "error",
    [
        SentinelError("the database is locked"),
        OSError(errno.ENOSPC, "No space left on device"),
        ValueError("a fault of ours"),
    ],
)
def test_a_step_that_fails_is_told_and_tried_again(settings, monkeypatch, error):
    """A full disk is a problem on the status page, not the end of the service."""
    monkeypatch.setattr(worker, "RETRY", worker.IDLE)
    seen = []

    def play(running):
        pipeline = running._house.pipeline
        step = pipeline.step

        def refused():
            raise error

        pipeline.step = refused
        running._worker.wake()
        while not running.status().problems:
            pass
        status = running.status()
        seen.append((status.problems, status.ready))
        pipeline.step = step
        while running.status().problems:
            pass
        seen.append(running.status().ready)

    while_running(settings, play)

    assert seen == [([f"the pipeline waits: {error}"], False), True]


def test_what_cannot_be_finished_when_it_stops_is_one_sentence(settings):
    """The journal keeps what was taken: the end is refused in words, not in a traceback."""

    def refused():
        raise OSError(errno.ENOSPC, "No space left on device")

    def greet(running):
        running._house.pipeline.step = refused
        running.stop()

    with pytest.raises(SentinelError, match=r"could not finish.*No space left.*next start"):
        service.run(settings, greet)


def test_asked_twice_to_stop_it_leaves_the_rest_to_the_next_start(settings, ports):
    """A backlog of hours does not hold the machine up, and nothing of it is lost."""

    def play(running):
        house, thread = running._house, running._worker
        step, gate = house.pipeline.step, Event()

        def slow():
            gate.wait()
            return step(limit=1)

        house.pipeline.step = slow
        send(ports[0], LINE * 40)
        while house.journal.last() < 40:
            pass
        for _ in range(2):
            thread._loop.call_soon_threadsafe(running.stop)
        leaving = thread._leaving.wait(timeout=20)
        gate.set()
        assert leaving

    while_running(settings, play)
    with closing(assembly.build(settings)) as house:
        left = house.pipeline.lag()
        assert left > 30

    while_running(settings, lambda running: None)
    with wiring.open_desk(settings) as desk:
        assert len(desk.alerts(AlertQuery())) == 1
