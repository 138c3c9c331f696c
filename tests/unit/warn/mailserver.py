"""A mail server on loopback that behaves as it is told: aiosmtpd with a script."""

import asyncio
import ssl
import warnings
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address
from tempfile import NamedTemporaryFile

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


class Script:
    """What the server answers. Each list is used up from the front; empty means "250 OK".

    An answer may be a callable: it is called with the connection and may close it.
    """

    def __init__(self) -> None:
        self.mail: list = []
        self.rcpt: list = []
        self.data: list = []
        self.quit: list = []
        self.letters: list[tuple[str, tuple[str, ...], bytes]] = []
        self.heard: list[str] = []

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        answer = await _next(self.mail, server)
        self.heard += [option.upper() for option in options]
        if answer.startswith("250"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        answer = await _next(self.rcpt, server)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        answer = await _next(self.data, server)
        if answer.startswith("250"):
            letter = (envelope.mail_from, tuple(envelope.rcpt_tos), envelope.original_content)
            self.letters.append(letter)
        return answer

    async def handle_QUIT(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        await _next(self.quit, server)
        return "221 Bye"


async def _next(answers, server) -> str:
    answer = answers.pop(0) if answers else "250 OK"
    return await answer(server) if callable(answer) else answer


async def drop(server) -> str:
    """The connection breaks before the answer."""
    server.transport.abort()
    return "421 gone"


async def silence(server) -> str:
    """No answer, for as long as the client waits."""
    await asyncio.Event().wait()
    return "never"


def _login(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"me", b"s3cret")
    return AuthResult(success=right, handled=right)  # not "handled": aiosmtpd answers 535


@asynccontextmanager
async def serve(script: Script, *, tls: str = "none", **settings):
    """Run the server; gives its port."""
    loop = asyncio.get_running_loop()
    context = None if tls == "none" else server_context()
    sessions = []

    def session() -> SMTP:
        with warnings.catch_warnings():
            # aiosmtpd does not know that its socket is TLS already, and warns of log-ins.
            warnings.simplefilter("ignore", UserWarning)
            made = SMTP(
                script,
                hostname="mail.example",
                loop=loop,
                enable_SMTPUTF8=settings.get("utf8", False),
                tls_context=context if tls == "starttls" else None,
                require_starttls=tls == "starttls",
                auth_required=settings.get("auth", False),
                auth_require_tls=tls == "starttls",
                authenticator=_login,
            )
        sessions.append(made)
        return made

    server = await loop.create_server(session, HOST, 0, ssl=context if tls == "implicit" else None)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for made in sessions:
            # Python before 3.11.4 cannot abort a TLS transport that was closed twice.
            if made.transport is not None and not made.transport.is_closing():
                made.transport.abort()
            if made._handler_coroutine is not None:
                made._handler_coroutine.cancel()
                await asyncio.gather(made._handler_coroutine, return_exceptions=True)
        await server.wait_closed()


@lru_cache
def _certificate() -> tuple[bytes, bytes]:
    """A key and a self-signed certificate for 127.0.0.1, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private, certificate.public_bytes(pem)


def server_context() -> ssl.SSLContext:
    """TLS as the server speaks it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with NamedTemporaryFile() as file:
        file.write(b"".join(_certificate()))
        file.flush()
        context.load_cert_chain(file.name)
    return context


def client_context() -> ssl.SSLContext:
    """A client that trusts this server's certificate and no other."""
    return ssl.create_default_context(cadata=_certificate()[1].decode())
