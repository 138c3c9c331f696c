"""Letters to a real mail server, a connection each, by aiosmtplib.

What goes wrong before the envelope (connection, greeting, TLS, log-in) says nothing of the
recipient: even a 5xx there means "try later", because a person will mend the settings. Only an
answer to the envelope or the letter itself can be final.
"""

from __future__ import annotations

import ssl
from contextlib import suppress
from email.message import EmailMessage
from enum import StrEnum

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPResponseException,
    SMTPTimeoutError,
)

from sentinel.errors import AnswerLost, DeliveryError, PermanentRefusal, TemporaryRefusal

_PERMANENT = 500  # RFC 5321 section 4.2.1
_LOG_IN_FIRST = 530  # RFC 4954 section 6: our settings are wrong, not the recipient


class SmtpTls(StrEnum):
    """How the connection is protected."""

    NONE = "none"  # for a relay on the same machine
    STARTTLS = "starttls"  # RFC 3207, usually port 587; refused where the server does not offer it
    IMPLICIT = "implicit"  # RFC 8314, usually port 465


class SmtpMailer:
    """A mailer over SMTP.

    `timeout` is in seconds, for each step; `helo` is our name, "" for the machine's. The server's
    certificate is always checked: against the system's authorities, or those of `context`.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        tls: str = SmtpTls.STARTTLS,
        username: str | None = None,
        password: str | None = None,
        timeout: float = 60,
        helo: str = "",
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._tls = SmtpTls(tls)
        if username and self._tls is SmtpTls.NONE:
            raise ValueError(
                "a mail password must not travel in the clear: set TLS to starttls or implicit,"
                " or leave the user name out"
            )
        self._username = username
        self._password = password or ""
        self._timeout = timeout
        self._helo = helo
        self._context = context

    async def send(self, message: EmailMessage, sender: str, recipient: str) -> str:
        """Hand the message over and return the server's last answer.

        Raises:
            TemporaryRefusal: 4xx, a time-out, no connection, or our own settings are wrong.
            AnswerLost: the connection broke after the message went out; it may have arrived.
            PermanentRefusal: 5xx to the envelope or the message.
        """
        client = SMTP(
            hostname=self._host,
            port=self._port,
            timeout=self._timeout,
            use_tls=self._tls is SmtpTls.IMPLICIT,
            start_tls=self._tls is SmtpTls.STARTTLS,
            tls_context=self._context,
            local_hostname=self._helo or None,
        )
        try:
            await self._greet(client)
            await self._envelope(client, message, sender, recipient)
            answer = await self._letter(client, message)
            with suppress(SMTPException, OSError):
                # The letter is accepted already; how the server says goodbye changes nothing.
                await client.quit()
        finally:
            client.close()
        return answer

    async def _greet(self, client: SMTP) -> None:
        try:
            await client.connect()
            if self._username:
                await client.login(self._username, self._password)
        except (SMTPException, OSError) as error:
            raise TemporaryRefusal(f"{self._place()}: {_said(error)}") from error

    async def _envelope(
        self, client: SMTP, message: EmailMessage, sender: str, recipient: str
    ) -> None:
        try:
            options = await self._options(client, message, sender + recipient)
            encoding = "utf-8" if options else "ascii"
            await client.mail(sender, options=options, encoding=encoding)
            await client.rcpt(recipient, encoding=encoding)
        except SMTPResponseException as error:
            raise self._refusal(error) from error
        except (SMTPException, OSError) as error:
            raise TemporaryRefusal(f"{self._place()}: {_said(error)}") from error

    async def _options(self, client: SMTP, message: EmailMessage, addresses: str) -> list[str]:
        """SMTPUTF8 (RFC 6531) only where an address needs it."""
        if addresses.isascii() and not message.policy.utf8:  # type: ignore[attr-defined]  # EmailPolicy's, not in Policy
            return []
        await client.ehlo()
        if not client.supports_extension("smtputf8"):
            raise PermanentRefusal(
                f"{self._place()} does not take addresses with letters beyond ASCII (SMTPUTF8)"
            )
        return ["SMTPUTF8", "BODY=8BITMIME"]

    async def _letter(self, client: SMTP, message: EmailMessage) -> str:
        try:
            response = await client.data(message.as_bytes())
        except SMTPDataError as error:
            raise self._refusal(error) from error
        except (SMTPException, OSError) as error:
            # Before or after the final dot: nobody can tell, so it may have arrived.
            raise AnswerLost(
                f"{self._place()}: {_said(error)} after the letter went out"
            ) from error
        return _one_line(f"{response.code} {response.message}")

    def _refusal(self, error: SMTPResponseException) -> DeliveryError:
        sentence = f"{self._place()} answered {_one_line(f'{error.code} {error.message}')}"
        final = error.code >= _PERMANENT and error.code != _LOG_IN_FIRST
        return PermanentRefusal(sentence) if final else TemporaryRefusal(sentence)

    def _place(self) -> str:
        return f"mail server {self._host}:{self._port}"


def _said(error: Exception) -> str:
    if isinstance(error, SMTPTimeoutError):
        return "no answer in time"
    return _one_line(str(error)) or type(error).__name__


def _one_line(text: str) -> str:
    return " ".join(text.split())[:500]
