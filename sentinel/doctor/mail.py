"""Can a warning leave by mail? The server is asked everything but to take a letter."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from stat import S_IMODE

from aiosmtplib import SMTP, SMTPException

from sentinel.doctor.patient import Patient
from sentinel.doctor.say import fail, ok, say, warn
from sentinel.doctor.settings import is_loopback
from sentinel.model.checkup import Check
from sentinel.settings import MailSettings, Tls

LIMIT_SECONDS = 10.0
_OTHERS = 0o077


class Step(IntEnum):
    """How far a talk with the server came: the step that failed, or DONE."""

    CONNECT = 1
    TLS = 2
    LOGIN = 3
    DONE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What came of it. `said` is the server's answer, or what our side had to say."""

    ended: Step
    said: str = ""


def examine_mail(patient: Patient) -> Iterator[Check]:
    """The settings, the password's file, then the server itself."""
    mail = patient.settings.mail
    yield server(mail, patient.settings.data / "mail")
    if mail is None:
        return
    if mail.password_file is not None:
        yield password_file(mail.password_file, S_IMODE(mail.password_file.stat().st_mode))
    if mail.username is not None and mail.tls is Tls.NONE:
        yield in_the_clear()
        return
    yield from judge(mail, asyncio.run(talk(mail)))


async def talk(
    mail: MailSettings, *, limit: float = LIMIT_SECONDS, context: ssl.SSLContext | None = None
) -> Talk:
    """Connect, EHLO, TLS, log in, QUIT; no envelope, so no letter. `limit` is in seconds."""
    client = SMTP(
        hostname=mail.server,
        port=mail.port,
        timeout=limit,
        use_tls=mail.tls is Tls.IMPLICIT,
        start_tls=False,
        tls_context=context,
    )
    step = Step.CONNECT
    try:
        async with asyncio.timeout(limit):
            await client.connect()
            await client.ehlo()
            if mail.tls is Tls.STARTTLS:
                step = Step.TLS
                await client.starttls()
                await client.ehlo()
            if mail.username is not None:
                step = Step.LOGIN
                await client.login(mail.username, mail.password() or "")
            await client.quit()
    except (SMTPException, OSError) as error:
        if isinstance(error, TimeoutError):
            return Talk(ended=step, said=f"no answer within {limit:g} s")
        broken = _of_tls(error)
        return Talk(ended=Step.TLS if broken else step, said=broken or _one_line(error))
    finally:
        client.close()
    return Talk(ended=Step.DONE)


def server(mail: MailSettings | None, spool: Path) -> Check:
    """Whether letters go anywhere at all."""
    name = "mail.server"
    if mail is None:
        return warn(
            name,
            say("There is no mail server in the settings."),
            say("Warnings are written to the folder {folder} and reach nobody.", folder=spool),
            say("Set `mail.server`, and what it needs, in the settings; then restart the service."),
        )
    if mail.tls is Tls.NONE and not is_loopback(mail.server):
        return warn(
            name,
            say("Mail goes to {server} without protection (tls: none).", server=_place(mail)),
            say("Everybody on the way can read the letters, and the links that acknowledge them."),
            say("Set `mail.tls` to starttls (port 587) or implicit (port 465)."),
        )
    return ok(
        name,
        say("Mail goes to {server} (tls: {tls}).", server=_place(mail), tls=mail.tls.value),
        say("Warnings leave by this server."),
    )


def password_file(file: Path, mode: int) -> Check:
    """Whether others on this machine can read the password."""
    name, shown = "mail.password-file", f"{mode:04o}"
    if mode & _OTHERS:
        return warn(
            name,
            say(
                "The password file {file} is open to other users (mode {mode}).",
                file=file,
                mode=shown,
            ),
            say("Who reads it can send mail in the issuer's name."),
            say("Close it: chmod 0600 {file}, owned by the service's user.", file=file),
        )
    return ok(
        name,
        say("The password file {file} is closed to others (mode {mode}).", file=file, mode=shown),
        say("Who reads it can send mail in the issuer's name."),
    )


def in_the_clear() -> Check:
    """The service refuses this, and so do we."""
    return fail(
        "mail.login",
        say("There is a user name, and tls is none."),
        say("The password would travel in the clear; the service does not start like this."),
        say("Set `mail.tls` to starttls or implicit, or leave `mail.username` out."),
    )


def judge(mail: MailSettings, found: Talk) -> Iterator[Check]:
    """A check for each step that was reached."""
    if found.ended is Step.CONNECT:
        yield fail(
            "mail.connect",
            say(
                "The mail server {server} cannot be spoken to: {said}",
                server=_place(mail),
                said=found.said,
            ),
            say("Warnings wait in the outbox and reach nobody."),
            say(
                "See that `mail.server` and `mail.port` are right, and that no firewall stands"
                " between. To try it: nc -vz {host} {port}",
                host=mail.server,
                port=str(mail.port),
            ),
        )
        return
    yield ok(
        "mail.connect",
        say("The mail server {server} answers.", server=_place(mail)),
        say("It was asked for what it can do; no letter was sent."),
    )
    if mail.tls is not Tls.NONE:
        yield _tls(mail, found)
    if mail.username is not None and found.ended is not Step.TLS:
        yield _login(mail, found)


def _tls(mail: MailSettings, found: Talk) -> Check:
    if found.ended is Step.TLS:
        return fail(
            "mail.tls",
            say(
                "No protected connection to {server}: {said}", server=_place(mail), said=found.said
            ),
            say("Letters are not sent without protection: they wait in the outbox."),
            say(
                "See that `mail.tls` and `mail.port` fit (starttls: 587, implicit: 465), that"
                " `mail.server` is a name in the server's certificate, and that this machine"
                " trusts its CA (update-ca-certificates)."
            ),
        )
    return ok(
        "mail.tls",
        say("The connection to {server} is protected.", server=_place(mail)),
        say("Its certificate is trusted here and names the server."),
    )


def _login(mail: MailSettings, found: Talk) -> Check:
    if found.ended is Step.LOGIN:
        return fail(
            "mail.login",
            say(
                "The mail server does not let {user} in: {said}",
                user=mail.username,
                said=found.said,
            ),
            say("Warnings wait in the outbox and reach nobody."),
            say(
                "See that `mail.username` is right and that the first line of {file} is its"
                " password; ask whoever runs the server whether the account may send.",
                file=mail.password_file,
            ),
        )
    return ok(
        "mail.login",
        say("The mail server lets {user} in.", user=mail.username),
        say("Name and password are right."),
    )


def _place(mail: MailSettings) -> str:
    return f"{mail.server}:{mail.port}"


def _of_tls(error: BaseException | None) -> str:
    """What TLS had against the connection, wherever in the chain it stands; "" for nothing."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return _one_line(error)
        error = error.__cause__
    return ""


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
