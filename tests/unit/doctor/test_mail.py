"""Can a warning leave by mail? Real talks with a server on loopback."""

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest

from sentinel.doctor.mail import (
    Step,
    Talk,
    examine_mail,
    in_the_clear,
    judge,
    password_file,
    server,
    talk,
)
from sentinel.settings import MailSettings, Tls
from tests.unit.warn.mailserver import HOST, Script, client_context, serve

USER, PASSWORD = "me", "s3cret"  # whom the server lets in


@pytest.fixture
def mail(tmp_path):
    """Settings of a mail server; `user` adds an account with this password."""

    def make(port, tls=Tls.NONE, user=None, password=PASSWORD):
        secret = tmp_path / "mail-password"
        secret.write_text(f"{password}\n", encoding="utf-8")
        secret.chmod(0o600)
        return MailSettings(server=HOST, port=port, tls=tls).model_copy(
            update={} if user is None else {"username": user, "password_file": secret}
        )

    return make


def talked(mail, *, tls="none", trust=True, script=None, **account) -> tuple[Talk, Script]:
    """Talk to a server that speaks `tls`, as the settings say."""
    script = script or Script()

    async def run():
        async with serve(script, tls=tls, **({"auth": True} if account else {})) as port:
            context = client_context() if trust else None
            return await talk(mail(port, Tls(tls), **account), limit=30, context=context)

    return asyncio.run(run()), script


@pytest.mark.parametrize("tls", ["none", "starttls", "implicit"])
def test_a_server_that_answers(mail, tls):
    """And no letter was begun."""
    found, script = talked(mail, tls=tls)

    assert found == Talk(ended=Step.DONE)
    assert (script.heard, script.letters) == ([], [])


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_an_account_that_is_let_in(mail, tls):
    """Over a protected connection."""
    found, _ = talked(mail, tls=tls, user=USER)

    assert found == Talk(ended=Step.DONE)


def test_a_wrong_password(mail):
    """The server's own words are kept."""
    found, _ = talked(mail, tls="starttls", user=USER, password="wrong")

    assert found.ended is Step.LOGIN
    assert "535" in found.said or "invalid" in found.said.lower()


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_certificate_that_nobody_here_trusts(mail, tls):
    """Whatever step TLS comes at."""
    found, _ = talked(mail, tls=tls, trust=False)

    assert found.ended is Step.TLS
    assert "certificate verify failed" in found.said.lower()


def test_a_server_that_has_no_starttls(mail):
    """It is not spoken to in the clear."""

    async def run():
        async with serve(Script(), tls="none") as port:
            return await talk(mail(port, Tls.STARTTLS), limit=30)

    found = asyncio.run(run())

    assert found.ended is Step.TLS
    assert "STARTTLS" in found.said


@asynccontextmanager
async def answering(answers):
    """A server of few words; gives its port. Every connection is seen to its end."""
    talks = []

    async def handle(reader, writer):
        talks.append(asyncio.current_task())
        await answers(reader, writer)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    listening = await asyncio.start_server(handle, HOST, 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        await asyncio.gather(*talks)
        await listening.wait_closed()


def test_an_account_at_a_server_that_knows_no_log_in(mail):
    """AUTH is not offered."""

    async def answers(reader, writer):
        writer.write(b"220 mail.example\r\n")
        while command := await reader.readline():
            leaving = command.startswith(b"QUIT")
            writer.write(b"221 Bye\r\n" if leaving else b"250 mail.example\r\n")

    async def run():
        async with answering(answers) as port:
            return await talk(mail(port, Tls.NONE, user=USER), limit=30)

    found = asyncio.run(run())

    assert found.ended is Step.LOGIN
    assert "AUTH" in found.said


def test_nobody_listens(mail, free_port):
    """As after a firewall's refusal."""
    found = asyncio.run(talk(mail(free_port), limit=30))

    assert found.ended is Step.CONNECT
    assert found.said


def test_a_server_that_says_nothing_is_not_waited_for(mail):
    """The limit is for the whole talk."""

    async def says_nothing(reader, _writer):
        await reader.read()  # until we have had enough

    async def run():
        async with answering(says_nothing) as port:
            return await talk(mail(port), limit=0.2)

    found = asyncio.run(run())

    assert found == Talk(ended=Step.CONNECT, said="no answer within 0.2 s")


def test_no_server_is_set(patient, standing):
    """Letters reach nobody."""
    assert standing(examine_mail(patient)) == [("mail.server", "warn")]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (None, "warn"),
        (MailSettings(server="mail.example"), "ok"),
        (MailSettings(server="mail.example", tls=Tls.NONE), "warn"),
        (MailSettings(server="127.0.0.1", tls=Tls.NONE), "ok"),
    ],
)
def test_the_server_of_the_settings(tmp_path, settings, expected):
    """Unprotected only to this machine itself."""
    assert server(settings, tmp_path).status.value == expected


@pytest.mark.parametrize(
    ("mode", "expected"), [(0o600, "ok"), (0o400, "ok"), (0o640, "warn"), (0o604, "warn")]
)
def test_the_password_s_file(tmp_path, mode, expected):
    """Nobody else reads it."""
    assert password_file(tmp_path / "secret", mode).status.value == expected


def test_a_password_in_the_clear_is_not_even_tried(patient, mail, standing, free_port):
    """The service refuses it too."""
    settings = patient.settings.model_copy(update={"mail": mail(free_port, user=USER)})

    assert standing(examine_mail(replace(patient, settings=settings))) == [
        ("mail.server", "ok"),
        ("mail.password-file", "ok"),
        ("mail.login", "fail"),
    ]
    assert in_the_clear().status.value == "fail"


@pytest.mark.parametrize(
    ("account", "ended", "expected"),
    [
        ((Tls.NONE, None), Step.DONE, [("mail.connect", "ok")]),
        ((Tls.STARTTLS, None), Step.DONE, [("mail.connect", "ok"), ("mail.tls", "ok")]),
        (
            (Tls.STARTTLS, USER),
            Step.DONE,
            [("mail.connect", "ok"), ("mail.tls", "ok"), ("mail.login", "ok")],
        ),
        ((Tls.STARTTLS, USER), Step.CONNECT, [("mail.connect", "fail")]),
        ((Tls.STARTTLS, USER), Step.TLS, [("mail.connect", "ok"), ("mail.tls", "fail")]),
        (
            (Tls.IMPLICIT, USER),
            Step.LOGIN,
            [("mail.connect", "ok"), ("mail.tls", "ok"), ("mail.login", "fail")],
        ),
    ],
)
def test_a_check_for_each_step_that_was_reached(mail, standing, account, ended, expected):
    """What was not reached is not judged."""
    assert standing(judge(mail(25, *account), Talk(ended=ended, said="odd"))) == expected


def test_the_whole_look(patient, mail, standing):
    """A server on this machine."""

    async def run():
        async with serve(Script(), tls="none") as port:
            settings = patient.settings.model_copy(update={"mail": mail(port)})
            looked = replace(patient, settings=settings)
            return await asyncio.to_thread(lambda: standing(examine_mail(looked)))

    assert asyncio.run(run()) == [("mail.server", "ok"), ("mail.connect", "ok")]
