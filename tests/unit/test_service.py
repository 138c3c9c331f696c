"""Start, keep going, drain, stop."""

import asyncio
import errno
import socket
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
import structlog

from sentinel import assembly, service, wiring
from sentinel.documents import SourceText
from sentinel.errors import PortTaken, SentinelError
from sentinel.ports import AlertQuery
from sentinel.settings import LogFormat, load_settings

LINE = (
    b"<38>1 2026-11-22T05:00:00Z web01 sshd 4711 - - Failed password for root"
    b" from 203.0.113.45 port 51234 ssh2\n"
)


def _free_ports(amount):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(amount)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


@pytest.fixture(autouse=True)
def _own_log():
    """A service that ran in an earlier test logged to that test's standard error."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def ports():
    return _free_ports(3)


@pytest.fixture
def settings(tmp_path: Path, ports):
    text = f"""
data: data
journal: {{reserve_mb: 1}}
inputs:
  - {{name: syslog, collector: syslog, options: {{tcp: "127.0.0.1:{ports[0]}"}}}}
web: {{soc: {{port: {ports[1]}}}, public: {{port: {ports[2]}}}}}
"""
    return load_settings(SourceText("sentinel.yml", text), tmp_path, wiring.collectors().by_name)


def _while_running(settings, play):
    """Run the service, let `play` happen when it is up, and stop it as Ctrl-C does."""

    async def story():
        with closing(assembly.build(settings)) as house:
            running = service.Service(house)
            up = asyncio.Event()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(running.run(lambda _: up.set()))
                await up.wait()
                await asyncio.to_thread(play, running)
                running.stop()

    asyncio.run(story())


def _send(port, data):
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
        line.recv(1)


def test_it_says_how_it_is_and_drains_what_it_took(settings, ports):
    """Stopped right after a burst, every line has been detected on and every mail written."""
    seen = []

    def play(running):
        seen.append(running.status())
        _send(ports[0], LINE * 40)

    _while_running(settings, play)

    status = seen[0]
    assert (status.ready, status.lag, status.problems) == (True, 0, [])
    assert [one.state for one in status.inputs] == ["running"]
    assert status.rules >= 20
    with wiring.open_desk(settings) as desk:
        (alert,) = desk.alerts(AlertQuery())
    assert (alert.agency, alert.subject["source.ip"]) == ("so-a", "203.0.113.45")
    assert len(list((settings.data / "mail").glob("*.eml"))) == 2


def test_what_came_in_is_there_after_a_restart(settings, ports):
    """Data is kept: the same alert, no second mail, and the token is not shown again."""
    tokens = []

    def first(running):
        tokens.append(running.first_token)
        _send(ports[0], LINE * 40)

    _while_running(settings, first)
    with wiring.open_desk(settings) as desk:
        before = desk.alerts(AlertQuery())
    _while_running(settings, lambda running: tokens.append(running.first_token))

    with wiring.open_desk(settings) as desk:
        assert desk.alerts(AlertQuery()) == before
    assert tokens[0] is not None
    assert tokens[1] is None


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_taken_port_is_said_in_a_sentence(settings, ports, which):
    """Whichever listener it is, the service does not half start."""
    with socket.create_server(("127.0.0.1", ports[which])), pytest.raises(PortTaken) as taken:
        service.run(settings, lambda running: running.stop())

    assert str(ports[which]) in str(taken.value)


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
    monkeypatch.setattr(service, "RETRY", service.IDLE)
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

    _while_running(settings, play)

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


@pytest.mark.parametrize("form", list(LogFormat))
def test_a_traceback_in_the_log_shows_no_values(settings, capsys, form):
    """The variables of a failing function are agencies' log lines and passwords."""
    log = settings.log.model_copy(update={"format": form})
    service.configure_logging(settings.model_copy(update={"log": log}))

    def fall(line):
        raise KeyError(len(line))

    line = "correct-horse"
    try:
        fall(line)
    except KeyError as error:
        structlog.get_logger().error("it fell", exc_info=error)

    told = capsys.readouterr().err
    assert "KeyError: 13" in told
    assert "in fall" in told
    assert line not in told


def test_a_full_disk_is_logged_and_not_ready(settings, monkeypatch, capsys):
    """Whoever watches the log or the probe learns that nothing is taken, and when it is over."""
    monkeypatch.setattr(service, "PROBLEM_LOOK", service.IDLE)
    service.configure_logging(settings)
    seen, logged = [], []

    def until(text):
        while text not in "".join(logged):
            logged.append(capsys.readouterr().err)

    def play(running):
        running._group.full = True
        until("the disk reserve is reached")
        seen.append(running.status().ready)
        running._group.full = False
        until("problem_over")
        seen.append(running.status().ready)

    _while_running(settings, play)

    assert seen == [False, True]


def test_a_failure_among_others_is_found():
    """Groups of errors from the tasks are opened to the first of ours."""
    inner = SentinelError("x")

    assert service._first(BaseExceptionGroup("", [ExceptionGroup("", [inner])])) is inner


def test_asked_twice_to_stop_it_leaves_the_rest_to_the_next_start(settings, ports):
    """A backlog of hours does not hold the machine up, and nothing of it is lost."""

    def play(running):
        house, worker = running._house, running._worker
        step, gate = house.pipeline.step, Event()

        def slow():
            gate.wait()
            return step(limit=1)

        house.pipeline.step = slow
        _send(ports[0], LINE * 40)
        while house.journal.last() < 40:
            pass
        for _ in range(2):
            worker._loop.call_soon_threadsafe(running.stop)
        leaving = worker._leaving.wait(timeout=20)
        gate.set()
        assert leaving

    _while_running(settings, play)
    with closing(assembly.build(settings)) as house:
        left = house.pipeline.lag()
        assert left > 30

    _while_running(settings, lambda running: None)
    with wiring.open_desk(settings) as desk:
        assert len(desk.alerts(AlertQuery())) == 1
