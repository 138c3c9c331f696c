"""Start, keep going, drain, stop."""

import resource

from sentinel import service, wiring
from sentinel.errors import SentinelError
from sentinel.ports import AlertQuery
from sentinel.service import running as running_module
from sentinel.service.worker import IDLE
from tests.unit.service.stage import LINE, send, while_running


def test_it_says_how_it_is_and_drains_what_it_took(settings, ports):
    """Stopped right after a burst, every line has been detected on and every mail written."""
    seen = []

    def play(running):
        seen.append(running.status())
        send(ports[0], LINE * 40)

    while_running(settings, play)

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
        send(ports[0], LINE * 40)

    while_running(settings, first)
    with wiring.open_desk(settings) as desk:
        before = desk.alerts(AlertQuery())
    while_running(settings, lambda running: tokens.append(running.first_token))

    with wiring.open_desk(settings) as desk:
        assert desk.alerts(AlertQuery()) == before
    assert tokens[0] is not None
    assert tokens[1] is None


def test_a_full_disk_is_logged_and_not_ready(settings, monkeypatch, capsys):
    """Whoever watches the log or the probe learns that nothing is taken, and when it is over."""
    monkeypatch.setattr(running_module, "PROBLEM_LOOK", IDLE)
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

    while_running(settings, play)

    assert seen == [False, True]


def test_a_failure_among_others_is_found():
    """Groups of errors from the tasks are opened to the first of ours."""
    inner = SentinelError("x")

    assert running_module._first(BaseExceptionGroup("", [ExceptionGroup("", [inner])])) is inner


def test_orders_that_cannot_be_carried_out_are_told_and_tried_again(settings):
    """A job that stumbles stops neither the service nor the look for the next one."""
    seen = []

    def play(running):
        desk = running._house.desk

        def refused():
            raise ValueError("a fault of ours")

        desk.work = refused
        while not running.status().problems:
            pass
        seen.append(running.status().problems)
        del desk.work
        while running.status().problems:
            pass

    while_running(settings, play)

    assert seen == [["orders on alerts wait: a fault of ours"]]


def test_it_may_open_as_many_files_as_the_machine_lets_it(settings):
    """A thousand silent clients leave room for those who speak."""
    seen = []

    def greet(running):
        seen.append(resource.getrlimit(resource.RLIMIT_NOFILE))
        running.stop()

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, before[1]), before[1]))
    service.run(settings, greet)

    assert seen == [(before[1], before[1])]
    resource.setrlimit(resource.RLIMIT_NOFILE, before)
