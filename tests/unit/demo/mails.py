"""Mails as the mailbox holds them."""

from dataclasses import replace

from sentinel.demo.mailbox import Mail
from sentinel.demo.tour import Addresses
from sentinel.model.ids import AgencyId
from tests.samples import NOON

ADDRESSES = Addresses(
    console="https://127.0.0.1:8443",
    public="https://127.0.0.1:8444",
    mailbox="https://127.0.0.1:8445",
)
LINK = f"{ADDRESSES.public}/w/tok-en_1"


def a_mail(**changes) -> Mail:
    mail = Mail(
        number=1,
        arrived=NOON,
        recipient="Trực <truc@so-a.example>",
        agency=AgencyId("so-a"),
        sender="Trung tâm <truc@sentinel.example>",
        subject="[TLP:AMBER] Cảnh báo số CB-2026-000001",
        text=f"Kính gửi\n\nXác nhận: {LINK}\nhxxp://evil[.]example",
        html=f'<html><head><title>x</title></head><body><a href="{LINK}">x</a></body></html>',
        raw=b"To: truc@so-a.example\r\n\r\nx",
    )
    return replace(mail, **changes)
