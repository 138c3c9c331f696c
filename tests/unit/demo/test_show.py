"""The demo as a whole with a stand-in for the service: what happens before and beside it."""

import asyncio
import re
import socket
from types import SimpleNamespace

import pytest
import structlog

from sentinel import service, wiring
from sentinel.demo import show
from sentinel.demo.place import MARK
from sentinel.demo.show import Begin, Order
from sentinel.errors import PortTaken, SentinelError
from sentinel.model.text import Language


@pytest.fixture(autouse=True)
def _own_log():
    """The log of a demo in an earlier test went to that test's standard error."""
    yield
    structlog.reset_defaults()


def _shift():
    """Ports that are all free, as an amount to move them by."""
    for shift in range(20_000, 50_000, 100):
        try:
            show.place.check_ports(show.place.plan(Language.EN, shift).ports)
        except PortTaken:
            continue
        return shift
    raise AssertionError("no free ports")


@pytest.fixture
def order(tmp_path):
    return Order(data=tmp_path / "data-demo", shift=_shift(), language=Language.EN)


class FakeService:
    """Greets as the service does, and remembers with what it was run."""

    def __init__(self, *inputs):
        self.inputs = inputs or (SimpleNamespace(listening="udp", last_error=""),)
        self.settings = []
        self.stopped = False

    @property
    def runner(self):
        return SimpleNamespace(status=lambda: self.inputs)

    def stop(self):
        self.stopped = True

    def run(self, settings, greet):
        self.settings.append(settings)

        async def greeted():
            greet(self)

        asyncio.run(greeted())
        return 0


@pytest.fixture
def fake(monkeypatch):
    fake = FakeService()
    monkeypatch.setattr(service, "run", fake.run)
    return fake


def test_the_service_gets_the_demo_s_settings_and_gives_the_exit_code(fake, order):
    """In the demo's folder, with letters that go to the demo's own mail server."""
    assert show.run(order, lambda opened: None) == 0

    (settings,) = fake.settings
    assert settings.data.resolve() == order.data.resolve()
    assert settings.mail.port == 8025 + order.shift
    assert wiring.load(order.data / "sentinel.yml") == settings


def test_the_greeting_knows_all_addresses_and_a_password_that_opens_the_console(fake, order):
    """Of the one who looks at it."""
    seen = []

    show.run(order, seen.append)

    (opened,) = seen
    assert opened.addresses.console == f"https://127.0.0.1:{8443 + order.shift}"
    assert opened.addresses.public == f"https://127.0.0.1:{8444 + order.shift}"
    assert opened.addresses.mailbox == f"https://127.0.0.1:{8445 + order.shift}"
    assert (opened.syslog, opened.trouble) == (5514 + order.shift, ())
    assert len(opened.tour(Language.VI)) == 6
    with wiring.open_accounts(fake.settings[0]) as accounts:
        assert accounts.log_in(opened.name, opened.password)[1].must_change is False


def test_an_input_that_cannot_listen_is_said(fake, order):
    """Without it nothing would come."""
    fake.inputs = (SimpleNamespace(listening="", last_error="udp 127.0.0.1:5514 is in use"),)
    seen = []

    show.run(order, seen.append)

    assert seen[0].trouble == ("udp 127.0.0.1:5514 is in use",)


@pytest.mark.parametrize(("begin", "left"), [(Begin.ANEW, False), (Begin.KEEP, True)])
def test_it_begins_anew_unless_it_shall_go_on(fake, order, begin, left):
    """What the last demo left is removed, or used."""
    show.run(order, lambda opened: None)
    (order.data / "mailbox" / "000001.eml").write_text("Subject: old\n\nx")

    show.run(Order(data=order.data, begin=begin, shift=order.shift), lambda opened: None)

    assert (order.data / "mailbox" / "000001.eml").exists() is left


def test_a_taken_port_leaves_the_folder_as_it_was(fake, order):
    """Nothing is emptied for a demo that cannot start."""
    show.run(order, lambda opened: None)
    (order.data / "mailbox" / "000001.eml").write_text("Subject: old\n\nx")

    with (
        socket.create_server(("127.0.0.1", 8445 + order.shift)),
        pytest.raises(PortTaken, match=re.escape(str(8445 + order.shift))),
    ):
        show.run(order, lambda opened: None)

    assert (order.data / "mailbox" / "000001.eml").exists()


def test_a_folder_of_somebody_else_is_never_touched(fake, order):
    """Not even a settings file is put there."""
    order.data.mkdir()
    (order.data / "thesis").write_text("x")

    with pytest.raises(SentinelError, match="was not made by the demo"):
        show.run(order, lambda opened: None)

    assert [one.name for one in order.data.iterdir()] == ["thesis"]
    assert not (order.data / MARK).exists()


def test_one_certificate_serves_console_and_mailbox(fake, order):
    """A browser asks about it once, not three times."""
    show.run(order, lambda opened: None)
    first = (order.data / "tls" / "self-made.crt").read_bytes()
    settings = fake.settings[0]

    names = [settings.web.soc.address, settings.web.public.address, "127.0.0.1"]
    show.self_made(settings.data / "tls", names, wiring.SystemClock().now())

    assert (order.data / "tls" / "self-made.crt").read_bytes() == first
