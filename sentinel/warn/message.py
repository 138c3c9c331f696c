"""A letter becomes mail: RFC 5322 headers, plain text first, HTML beside it.

The body is quoted-printable and the headers are encoded words, so that the oldest relay passes
Vietnamese on unharmed. The same arguments give the same bytes.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from hashlib import sha256
from html import escape
from zoneinfo import ZoneInfo

from sentinel.errors import PermanentRefusal
from sentinel.i18n import texts
from sentinel.model.policy import Issuer
from sentinel.model.warning import Delivery
from sentinel.warn.compose import HTML_TOP
from sentinel.warn.fill import DOMAIN
from sentinel.warn.minimise import plain

LONGEST_NAME = 80
# RFC 5321 section 4.1.2, Dot-string "@" Domain, with RFC 6531's letters beyond ASCII. Quoted
# local parts and address literals exist only to break programs.
_ATOMS = r"[^\s@<>()\[\],;:\\\".]+(?:\.[^\s@<>()\[\],;:\\\".]+)*"
_MAILBOX = re.compile(rf"({_ATOMS})@({_ATOMS})")
_TLP = re.compile(r"\[(TLP:[A-Z+]+)\]")


class _Words(EmailPolicy):
    """Headers in encoded words (RFC 2047) that carry their own spaces.

    A reader drops the space between two encoded words. EmailPolicy's folding (Python 3.11 to 3.13)
    counts on it now and then, and "Văn phòng" arrives as "Vănphòng"; the older Header does not.
    """

    def fold(self, name: str, value: str) -> str:
        """One header with its line ends."""
        if self.utf8 or str(value).isascii():
            return str(super().fold(name, value))
        return f"{name}: {self._encoded(name, value)}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        """The same as bytes."""
        if self.utf8 or str(value).isascii():
            return bytes(super().fold_binary(name, value))
        return self.fold(name, value).encode("ascii")

    def _encoded(self, name: str, value: str) -> str:
        addresses: tuple[Address, ...] = getattr(value, "addresses", ())
        if not addresses:
            return self._words(name, str(value))
        return f",{self.linesep} ".join(
            f"{self._words(name, one.display_name)}{self.linesep} <{one.addr_spec}>"
            for one in addresses
        )

    def _words(self, name: str, text: str) -> str:
        return Header(text, "utf-8", header_name=name).encode(linesep=self.linesep)


_SMTP = _Words(linesep="\r\n")


def build(delivery: Delivery, issuer: Issuer, at: datetime, *, repeat: bool) -> EmailMessage:
    """The mail for one attempt, made at this time; with `repeat` an earlier one may have arrived.

    Raises:
        PermanentRefusal: the recipient's or the issuer's address is no mail address.
    """
    sender = _address(issuer.name[delivery.language], issuer.email)
    recipient = _address(delivery.name, delivery.address)
    ascii_only = (issuer.email + delivery.address).isascii()
    message = EmailMessage(_SMTP if ascii_only else _SMTP.clone(utf8=True))
    message["From"] = sender
    message["To"] = recipient
    message["Reply-To"] = sender
    message["Subject"] = delivery.letter.subject
    message["Date"] = at.astimezone(ZoneInfo(issuer.zone))
    message["Message-ID"] = delivery.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 section 5
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"  # Exchange's word for the same
    tlp = _TLP.match(delivery.letter.subject)
    if tlp:
        message["X-TLP"] = tlp[1]
    text, html = delivery.letter.text, delivery.letter.html
    if repeat:
        message["X-Sentinel-Repeat"] = "possible"
        text, html = _marked(delivery, text, html)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = delivery.language.value  # before, it would be the first part's
    # "=_" never stands in quoted-printable text (RFC 2045 section 6.7), so it bounds for sure.
    message.set_boundary(f"=_{sha256(delivery.message_id.encode()).hexdigest()[:32]}")
    return message


def _address(name: str, address: str) -> Address:
    found = _MAILBOX.fullmatch(address)
    if found is None or not address.isprintable():
        raise PermanentRefusal(
            f"{address!r} is no mail address: correct it in the registry or the settings"
        )
    return Address(display_name=plain(name, LONGEST_NAME), username=found[1], domain=found[2])


def _marked(delivery: Delivery, text: str, html: str) -> tuple[str, str]:
    """Both parts with the sentence on top that says it may be a repeat."""
    sentence = texts(delivery.language, DOMAIN).gettext(
        "This may be a repeat of a letter with the same number and the same Message-ID that you"
        " have already received."
    )
    paragraph = f'<p style="margin:0 0 16px;font-style:italic">{escape(sentence)}</p>'
    return f"{sentence}\n\n{text}", html.replace(HTML_TOP, paragraph, 1)
