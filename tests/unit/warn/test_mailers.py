"""What every mailer does: memory, spool folder, mail server. The one in memory is the reference."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from sentinel.errors import PermanentRefusal, TemporaryRefusal
from sentinel.model.ids import ContactId
from sentinel.warn.memory import MemoryMailer
from sentinel.warn.message import build
from sentinel.warn.smtp import SmtpMailer
from sentinel.warn.spool import SpoolMailer
from tests.samples import NOON, a_contact, an_agency
from tests.unit.warn.letters import a_released, an_issuer
from tests.unit.warn.mailserver import HOST, Script, serve

SENDER = "truc@canhbao.example"
CONTACTS = tuple(
    a_contact(id=ContactId(name), email=f"{name}@so-a.example") for name in ("an", "binh", "chi")
)
COPIES = a_released(agency=an_agency(contacts=CONTACTS)).deliveries


class Memory:
    """Letters in a dict."""

    @asynccontextmanager
    async def mailer(self, _folder):
        self._mailer = MemoryMailer()
        yield self._mailer

    def arrived(self):
        return sorted(message.as_bytes() for message in self._mailer.kept.values())

    def refuse_now(self):
        for copy in COPIES:
            self._mailer.refuse(copy.address, TemporaryRefusal("451"))

    def relent(self):
        self._mailer._refusals.clear()


class Spool:
    """Letters in a folder; a file in its place is what stops it."""

    @asynccontextmanager
    async def mailer(self, folder):
        self._folder = folder / "mail"
        yield SpoolMailer(self._folder)

    def arrived(self):
        return sorted(path.read_bytes() for path in self._folder.glob("*.eml"))

    def refuse_now(self):
        self._folder.write_text("in the way")

    def relent(self):
        self._folder.unlink()


class Smtp:
    """Letters over a socket."""

    @asynccontextmanager
    async def mailer(self, _folder):
        self._script = Script()
        async with serve(self._script) as port:
            yield SmtpMailer(host=HOST, port=port, tls="none", timeout=10)

    def arrived(self):
        return sorted(content for _, _, content in self._script.letters)

    def refuse_now(self):
        self._script.rcpt = ["451 4.7.1 Greylisted"]

    def relent(self):
        self._script.rcpt = []


@pytest.fixture(params=[Memory, Spool, Smtp])
def rig(request):
    return request.param()


def _message(copy):
    return build(copy, an_issuer(), NOON, repeat=False)


def _bytes(*copies):
    return sorted(_message(copy).as_bytes() for copy in copies)


def test_a_letter_arrives_as_it_was_built_and_the_answer_says_accepted(rig, tmp_path):
    async def scenario():
        async with rig.mailer(tmp_path) as mailer:
            return await mailer.send(_message(COPIES[0]), SENDER, COPIES[0].address)

    answer = asyncio.run(scenario())

    assert answer.startswith("250")
    assert rig.arrived() == _bytes(COPIES[0])


def test_each_recipients_letter_is_its_own(rig, tmp_path):
    async def scenario():
        async with rig.mailer(tmp_path) as mailer:
            for copy in COPIES:
                await mailer.send(_message(copy), SENDER, copy.address)

    asyncio.run(scenario())

    assert rig.arrived() == _bytes(*COPIES)


def test_letters_sent_at_once_do_not_mix(rig, tmp_path):
    async def scenario():
        async with rig.mailer(tmp_path) as mailer, asyncio.TaskGroup() as group:
            for copy in COPIES:
                group.create_task(mailer.send(_message(copy), SENDER, copy.address))

    asyncio.run(scenario())

    assert rig.arrived() == _bytes(*COPIES)


def test_what_is_refused_for_now_has_not_arrived_and_is_accepted_later(rig, tmp_path):
    async def scenario():
        async with rig.mailer(tmp_path) as mailer:
            rig.refuse_now()
            with pytest.raises(TemporaryRefusal) as refusal:
                await mailer.send(_message(COPIES[0]), SENDER, COPIES[0].address)
            rig.relent()
            nothing = rig.arrived()
            await mailer.send(_message(COPIES[0]), SENDER, COPIES[0].address)
            return refusal.value, nothing

    refusal, nothing = asyncio.run(scenario())

    assert not isinstance(refusal, PermanentRefusal)
    assert nothing == []
    assert rig.arrived() == _bytes(COPIES[0])
