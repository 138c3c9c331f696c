"""What runs beside the service: it begins, it ends, and it says when it breaks down."""

import asyncio
import smtplib
import socket
from threading import Event

import pytest
from starlette.applications import Starlette

from sentinel.demo.mailbox import Mailbox
from sentinel.demo.stage import Stage
from sentinel.errors import SentinelError
from sentinel.web.server import Listener
from tests.unit.demo.test_mailbox import a_mail


class FakePlayer:
    """Plays until it is cancelled, or fails as it is told."""

    def __init__(self, failure=None):
        self.begun, self.ended = Event(), Event()
        self.failure = failure

    async def play(self):
        self.begun.set()
        try:
            if self.failure is not None:
                raise self.failure
            await asyncio.Event().wait()
        finally:
            self.ended.set()


def a_stage(tmp_path, player):
    mail = socket.create_server(("127.0.0.1", 0))
    mailbox = Mailbox(tmp_path, [])
    listener = Listener("mailbox", Starlette(), "127.0.0.1", 0, None)
    return Stage(mail, mailbox, listener, player), mailbox, mail.getsockname()[1], listener


def _answers(port):
    with socket.socket() as line:
        line.settimeout(5)
        return line.connect_ex(("127.0.0.1", port)) == 0


def _until_stopped(stage, stopped, error=None):
    """What `run` does: begin, serve until told to stop, end or fail."""
    with stage:
        stage.begin(stopped.set)
        assert stopped.wait(10)
        if error is not None:
            raise error


def test_it_takes_mail_and_serves_before_the_player_begins(tmp_path):
    """A service that goes on may have letters to send at once."""
    player = FakePlayer()
    stage, mailbox, port, listener = a_stage(tmp_path, player)

    with stage:
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail("a@sentinel.example", "truc@so-a.example", a_mail())
        assert _answers(listener.port)
        assert not player.begun.is_set()
        stage.begin(lambda: None)
        assert player.begun.wait(10)

    assert player.ended.is_set()
    assert len(mailbox.mails()) == 1
    assert (_answers(port), _answers(listener.port)) == (False, False)


def test_it_ends_where_the_player_never_began(tmp_path):
    """The service could not start."""
    player = FakePlayer()
    stage, *_ = a_stage(tmp_path, player)

    with stage:
        pass

    assert not player.begun.is_set()


def test_a_breakdown_stops_the_service_and_is_said(tmp_path):
    """In a sentence, after the service has ended in order."""
    stopped = Event()
    stage, *_ = a_stage(tmp_path, FakePlayer(OSError("no such device")))

    with pytest.raises(SentinelError, match=r"the demo broke down: .*no such device"):
        _until_stopped(stage, stopped)


def test_an_error_of_the_service_is_not_hidden_by_one_of_the_stage(tmp_path):
    """The first one is the one to read."""
    stopped = Event()
    stage, *_ = a_stage(tmp_path, FakePlayer(OSError("second")))

    with pytest.raises(SentinelError, match="first"):
        _until_stopped(stage, stopped, SentinelError("first"))
