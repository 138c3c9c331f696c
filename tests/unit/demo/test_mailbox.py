"""What is sent to the agencies' mail server is kept, bounded, and can be read."""

import asyncio
import socket
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.demo import mailbox as module
from sentinel.demo.mailbox import Mailbox, mail_server
from sentinel.errors import NotFound, TemporaryRefusal
from sentinel.warn.message import build
from sentinel.warn.smtp import SmtpMailer
from tests.samples import NOON, a_contact, an_agency
from tests.unit.warn.letters import a_released, an_issuer

AGENCY = an_agency(contacts=(a_contact(email="Truc@so-a.example"),))


@pytest.fixture
def mailbox(tmp_path):
    return Mailbox(tmp_path / "mailbox", [AGENCY])


def a_mail(**headers):
    message = EmailMessage()
    for name, value in ({"To": "truc@so-a.example", "Subject": "Xin chào"} | headers).items():
        message[name] = value
    message.set_content("văn bản")
    message.add_alternative("<p>chữ</p>", subtype="html")
    return message.as_bytes()


def _send(mailbox, message):
    """Send a message by SMTP; returns the answer."""

    async def sending():
        bound = socket.create_server(("127.0.0.1", 0))
        async with mail_server(bound, mailbox):
            port = bound.getsockname()[1]
            mailer = SmtpMailer(host="127.0.0.1", port=port, tls="none", timeout=10)
            return await mailer.send(message, "truc@sentinel.example", "truc@so-a.example")

    return asyncio.run(sending())


def _letter():
    (copy,) = a_released(agency=AGENCY).deliveries
    return copy.letter, build(copy, an_issuer(), NOON, repeat=False)


def test_a_letter_of_the_service_arrives_whole(mailbox):
    """Over SMTP, with both bodies, and it is known whose it is."""
    letter, message = _letter()

    answer = _send(mailbox, message)

    (mail,) = mailbox.mails()
    assert answer.startswith("250 2.0.0")
    assert (mail.number, mail.agency, mail.subject) == (1, "so-a", letter.subject)
    assert mail.recipient.endswith("<Truc@so-a.example>")
    assert mail.text.split() == letter.text.split()
    assert mail.html.split() == letter.html.split()


def test_a_long_name_is_shown_as_it_was_written(mailbox):
    """Encoded words that break inside a word come together again."""
    name = "Trung tâm giám sát an toàn không gian mạng (bản trình diễn) của tỉnh"

    _, message = _letter()
    del message["From"]
    message["From"] = f'"{name}" <truc@sentinel.example>'
    mailbox.add(message.as_bytes())

    assert name in mailbox.mail(1).sender


def test_mails_are_kept_in_the_folder_and_found_again(mailbox, tmp_path):
    """A demo that goes on shows the mails of before, and counts on."""
    mailbox.add(a_mail(Subject="một"))
    mailbox.add(a_mail(Subject="hai"))

    again = Mailbox(tmp_path / "mailbox", [AGENCY])
    again.add(a_mail(Subject="ba"))

    assert [(one.number, one.subject) for one in again.mails()] == [
        (3, "ba"),
        (2, "hai"),
        (1, "một"),
    ]
    assert again.mails()[1:] == mailbox.mails()


def test_other_files_in_the_folder_are_no_mails(tmp_path):
    """Somebody may have put notes there."""
    (tmp_path / "notes.eml").write_text("x")

    assert Mailbox(tmp_path, []).mails() == []


def test_a_mail_to_nobody_we_know_is_nobody_s(mailbox):
    """It is shown all the same."""
    mailbox.add(a_mail(To="someone@elsewhere.example"))

    assert [one.agency for one in mailbox.mails()] == [None]


def test_a_number_without_a_mail_is_said(mailbox):
    """As the other boxes do."""
    with pytest.raises(NotFound, match="no mail 7"):
        mailbox.mail(7)


def test_a_full_mailbox_refuses_for_now(mailbox, monkeypatch):
    """The service keeps the letter and tries again."""
    monkeypatch.setattr(module, "MOST_MAILS", 1)
    mailbox.add(a_mail())

    with pytest.raises(TemporaryRefusal, match="full"):
        _send(mailbox, _letter()[1])

    assert len(mailbox.mails()) == 1


def test_a_mail_that_cannot_be_written_is_refused_for_now(mailbox, monkeypatch, tmp_path):
    """What was not kept is not said to be kept."""
    (tmp_path / "mailbox").rmdir()

    with pytest.raises(TemporaryRefusal, match="could not be written"):
        _send(mailbox, _letter()[1])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"To: \r\nSubject: =?utf-8?b?!!!?=\r\n\r\nx",
        b"To: <>,;:@\r\nSubject: =?no-such?q?x?=\r\n\r\nx",
        b"Content-Type: text/plain; charset=no-such\r\n\r\n\xff",
        b"Content-Type: multipart/mixed\r\n\r\nno parts",
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%",
        b'From: =?utf-8?q?=ff=fe?= <\r\nTo: "\r\n\r\n',
    ],
)
def test_a_mail_that_is_none_is_kept_and_shown_as_far_as_it_goes(mailbox, raw):
    """Anybody on this machine may send anything."""
    mailbox.add(raw)

    assert [one.raw for one in mailbox.mails()] == [raw]


@given(raw=st.binary(max_size=400))
def test_no_bytes_break_the_mailbox(tmp_path_factory, raw):
    """Neither when they come nor when they are read again."""
    folder = tmp_path_factory.mktemp("mailbox")
    mailbox = Mailbox(folder, [AGENCY])

    mailbox.add(raw)
    mailbox.add(b"Subject: " + raw + b"\nContent-Type: " + raw + b"\n\n" + raw)

    assert Mailbox(folder, [AGENCY]).mails() == mailbox.mails()
