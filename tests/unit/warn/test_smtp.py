"""Letters to a real mail server: what each answer, and each silence, means."""

import asyncio

import pytest

from sentinel.errors import AnswerLost, PermanentRefusal, TemporaryRefusal
from sentinel.warn.message import build
from sentinel.warn.smtp import SmtpMailer
from tests.samples import NOON, a_contact, an_agency
from tests.unit.warn.letters import a_released, an_issuer
from tests.unit.warn.mailserver import HOST, Script, client_context, drop, serve, silence

SENDER, RECIPIENT = "truc@canhbao.example", "truc@so-a.example"
SOON = 0.3  # seconds: a time-out that a test can wait for


def _message(address=RECIPIENT):
    agency = an_agency(contacts=(a_contact(email=address),))
    (copy,) = a_released(agency=agency).deliveries
    return build(copy, an_issuer(), NOON, repeat=False)


def _send(script, *, recipient=RECIPIENT, server=None, times=1, **settings):
    """Serve by this script and send; returns the last answer or raises what was raised."""

    async def sending():
        async with serve(script, **(server or {})) as port:
            chosen = {"host": HOST, "port": port, "tls": "none", "timeout": 10} | settings
            mailer = SmtpMailer(**chosen)
            answer = ""
            for _ in range(times):
                answer = await mailer.send(_message(recipient), SENDER, recipient)
            return answer

    return asyncio.run(sending())


def test_an_accepted_letter_arrives_byte_for_byte_and_the_answer_is_told():
    script = Script()
    script.data = ["250 2.0.0 Ok: queued as 4F2A"]

    answer = _send(script)

    assert answer == "250 2.0.0 Ok: queued as 4F2A"
    assert script.letters == [(SENDER, (RECIPIENT,), _message().as_bytes())]


def test_each_message_has_its_own_connection():
    script = Script()

    _send(script, times=3)

    assert len(script.letters) == 3


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
def test_4xx_means_later(step):
    """Greylisting: refused once, accepted then."""
    script = Script()
    setattr(script, step, ["451 4.7.1 Greylisted, try again"])

    with pytest.raises(TemporaryRefusal, match=r"answered 451 4\.7\.1 Greylisted") as refusal:
        _send(script)

    assert type(refusal.value) is TemporaryRefusal
    assert _send(script).startswith("250")


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
def test_5xx_means_never(step):
    script = Script()
    setattr(script, step, ["550 5.1.1 No such user"])

    with pytest.raises(PermanentRefusal, match=r"127.0.0.1:\d+ answered 550 5\.1\.1 No such user"):
        _send(script)

    assert script.letters == []


def test_a_server_that_wants_a_log_in_says_nothing_of_the_recipient():
    """530: our settings are wrong; the warning must not be lost for it."""
    script = Script()

    with pytest.raises(TemporaryRefusal, match="530"):
        _send(script, server={"auth": True})


@pytest.mark.parametrize("step", ["mail", "rcpt"])
def test_a_connection_that_breaks_before_the_letter_means_later(step):
    script = Script()
    setattr(script, step, [drop])

    with pytest.raises(TemporaryRefusal) as refusal:
        _send(script)

    assert type(refusal.value) is TemporaryRefusal


def test_a_connection_that_breaks_after_the_letter_means_nobody_knows():
    """Accept then drop: the next attempt is a possible repeat."""
    script = Script()
    script.data = [drop]

    with pytest.raises(AnswerLost, match="after the letter went out"):
        _send(script)


def test_a_server_that_never_answers_the_letter_means_nobody_knows():
    script = Script()
    script.data = [silence]

    with pytest.raises(AnswerLost, match="no answer in time after the letter went out"):
        _send(script, timeout=SOON)


def test_a_server_that_never_answers_at_all_means_later():
    script = Script()
    script.rcpt = [silence]

    with pytest.raises(TemporaryRefusal, match="no answer in time") as refusal:
        _send(script, timeout=SOON)

    assert type(refusal.value) is TemporaryRefusal


@pytest.mark.parametrize("goodbye", [drop, silence], ids=["drop", "silence"])
def test_a_rude_goodbye_after_acceptance_changes_nothing(goodbye):
    script = Script()
    script.quit = [goodbye]

    assert _send(script, timeout=SOON) == "250 OK"
    assert len(script.letters) == 1


def test_no_server_means_later(free_port):
    mailer = SmtpMailer(host=HOST, port=free_port, tls="none", timeout=10)

    with pytest.raises(TemporaryRefusal, match=f"mail server 127.0.0.1:{free_port}: "):
        asyncio.run(mailer.send(_message(), SENDER, RECIPIENT))


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_with_tls_the_server_is_checked_and_the_password_accepted(tls):
    script = Script()

    answer = _send(
        script,
        server={"tls": tls, "auth": True},
        tls=tls,
        username="me",
        password="s3cret",
        context=client_context(),
    )

    assert answer == "250 OK"
    assert len(script.letters) == 1


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_certificate_nobody_vouches_for_is_refused(tls):
    """A person mends it; until then the letters wait."""
    script = Script()

    with pytest.raises(TemporaryRefusal, match=r"(?i)certificate"):
        _send(script, server={"tls": tls}, tls=tls)

    assert script.letters == []


def test_a_server_that_offers_no_tls_gets_no_letter():
    """Else anybody on the way could strip the offer and read along (RFC 3207 section 6)."""
    script = Script()

    with pytest.raises(TemporaryRefusal, match="STARTTLS"):
        _send(script, tls="starttls", context=client_context())

    assert script.letters == []


def test_a_wrong_password_means_later_and_is_not_told():
    """535 is a 5xx, but about us: a mistyped password must not kill every warning."""
    script = Script()

    with pytest.raises(TemporaryRefusal, match="535") as refusal:
        _send(
            script,
            server={"tls": "starttls", "auth": True},
            tls="starttls",
            username="me",
            password="wrong-one",
            context=client_context(),
        )

    assert type(refusal.value) is TemporaryRefusal
    assert "wrong-one" not in str(refusal.value)


def test_a_password_never_travels_in_the_clear():
    with pytest.raises(ValueError, match="must not travel in the clear"):
        SmtpMailer(host=HOST, port=25, tls="none", username="me", password="s3cret")


def test_smtputf8_is_asked_for_only_where_an_address_needs_it():
    plain, beyond = Script(), Script()

    _send(plain, server={"utf8": True})
    _send(beyond, server={"utf8": True}, recipient="trực@so-a.example")

    assert "SMTPUTF8" not in plain.heard
    assert "SMTPUTF8" in beyond.heard
    assert beyond.letters[0][1] == ("trực@so-a.example",)


def test_a_server_that_cannot_take_such_an_address_is_final():
    with pytest.raises(PermanentRefusal, match="SMTPUTF8"):
        _send(Script(), recipient="trực@so-a.example")
