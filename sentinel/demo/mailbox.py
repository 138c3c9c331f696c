"""The agencies' mail server, on loopback: what the service sends by SMTP is kept and can be read.

It takes anything from anybody on this machine, so what it holds may be hostile: it is bounded,
and parsed only to be looked at.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path
from threading import Lock
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session

from sentinel.errors import MISTAKES, NotFound
from sentinel.model.agency import Agency
from sentinel.model.ids import AgencyId

MOST_MAILS = 2000
LARGEST_MAIL = 1024 * 1024  # bytes
LONGEST_HEADER = 500  # characters
DIGITS = 6  # of a mail's number in its file name


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail as its reader sees it. `number` counts from 1; `agency` None: of none we know.

    `text` and `html` are its two bodies, "" where it has none; `raw` is what arrived.
    """

    number: int
    arrived: datetime
    recipient: str
    agency: AgencyId | None
    sender: str
    subject: str
    text: str
    html: str
    raw: bytes


class Mailbox:
    """The mails of all agencies: in memory to be shown, in a folder to be kept. Thread-safe."""

    def __init__(self, folder: Path, agencies: Sequence[Agency]) -> None:
        """Open the folder, with the mails that are there already."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._lock = Lock()
        self._owners = {
            contact.email.lower(): agency.id for agency in agencies for contact in agency.contacts
        }
        self._mails = [self._read(file) for file in sorted(folder.glob(f"{'[0-9]' * DIGITS}.eml"))]

    @property
    def full(self) -> bool:
        """Whether it takes no more."""
        return len(self._mails) >= MOST_MAILS

    def add(self, raw: bytes) -> None:
        """Keep a mail.

        Raises:
            OSError: it cannot be written; it is not in the mailbox then.
        """
        with self._lock:
            number = self._mails[-1].number + 1 if self._mails else 1
            file = self._folder / f"{number:0{DIGITS}}.eml"
            file.write_bytes(raw)
            self._mails.append(self._read(file))

    def mails(self) -> Sequence[Mail]:
        """All mails, newest first."""
        with self._lock:
            return self._mails[::-1]

    def mail(self, number: int) -> Mail:
        """One mail.

        Raises:
            NotFound: there is none of this number.
        """
        for one in self.mails():
            if one.number == number:
                return one
        raise NotFound(f"the mailbox has no mail {number}")

    def _read(self, file: Path) -> Mail:
        raw = file.read_bytes()
        message = message_from_bytes(raw, policy=policy.default)
        recipient = _header(raw, "To")
        return Mail(
            number=int(file.stem),
            arrived=datetime.fromtimestamp(file.stat().st_mtime, UTC),
            recipient=recipient,
            agency=next(
                (self._owners[one] for one in _addresses(message) if one in self._owners), None
            ),
            sender=_header(raw, "From"),
            subject=_header(raw, "Subject"),
            text=_body(message, "plain"),
            html=_body(message, "html"),
            raw=raw,
        )


# The e-mail package reads headers when they are asked for, and falls over some that are none.
_UNREADABLE = (*MISTAKES, MessageError)


def _header(raw: bytes, name: str) -> str:
    """A header in words. Read the older way: the newer one puts spaces into long names (3.11)."""
    try:
        written = message_from_bytes(raw, policy=policy.compat32).get(name, "")
        text = str(make_header(decode_header(written)))
    except _UNREADABLE:
        return ""
    return " ".join(text.split())[:LONGEST_HEADER]


def _addresses(message: EmailMessage) -> list[str]:
    try:
        return [one.addr_spec.lower() for one in message["To"].addresses]
    except _UNREADABLE:
        return []


def _body(message: EmailMessage, kind: str) -> str:
    try:
        part = message.get_body((kind,))
        return "" if part is None else str(part.get_content())
    except _UNREADABLE:
        return ""


class Sink:
    """What aiosmtpd asks when a mail comes."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the mail, and only then say so."""
        del server, session
        if self._mailbox.full:
            return "452 4.2.2 The demo's mailbox is full"
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content).encode()
        try:
            await asyncio.to_thread(self._mailbox.add, raw)
        except OSError as error:
            return f"451 4.3.0 The mail could not be written: {error.strerror}"
        return "250 2.0.0 Ok: in the demo's mailbox"


@asynccontextmanager
async def mail_server(bound: socket.socket, mailbox: Mailbox) -> AsyncIterator[None]:
    """Serve SMTP on a bound socket until the block ends."""
    loop = asyncio.get_running_loop()
    sessions: WeakSet[SMTP] = WeakSet()

    def session() -> SMTP:
        made = SMTP(
            Sink(mailbox),
            hostname="localhost",
            data_size_limit=LARGEST_MAIL,
            enable_SMTPUTF8=True,
            loop=loop,
        )
        sessions.add(made)
        return made

    server = await loop.create_server(session, sock=bound)
    try:
        yield
    finally:
        server.close()
        for one in sessions:
            if one.transport is not None:
                one.transport.close()
        await server.wait_closed()
