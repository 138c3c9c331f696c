"""TLS for the listeners: a certificate for the first run, and one context that follows its files.

A public certificate is renewed by another program (certbot, the agency's own CA) that replaces
two files; the service notices and goes on with the new pair without a restart. Where nobody has
given a certificate, one is made so that no password or token ever travels in clear.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# CA/Browser Forum Baseline Requirements 6.3.2 allowed 398 days when this was chosen.
VALID_FOR = timedelta(days=397)
RENEW_BEFORE = timedelta(days=30)
CLOCK_SKEW = timedelta(hours=1)
ALWAYS_NAMED = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFiles:
    """A certificate chain and its key, both PEM."""

    certificate: Path
    key: Path


def self_made(folder: Path, names: Sequence[str], now: datetime) -> CertificateFiles:
    """Make a certificate that signs itself, or keep the one that is there.

    It names localhost and `names` (host names or addresses), lasts 397 days, and is made anew
    when those names have changed, fewer than 30 days are left, or the pair cannot be read. The
    key file is readable by its owner alone (mode 0600).

    Raises:
        OSError: the folder cannot be written.
        ValueError: a name is neither a host name nor an address.
    """
    files = CertificateFiles(certificate=folder / "self-made.crt", key=folder / "self-made.key")
    wanted = [_general_name(name) for name in dict.fromkeys((*ALWAYS_NAMED, *names))]
    if _usable(files, wanted, now):
        return files
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(key, wanted, now)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _replace(
        files.key,
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        mode=0o600,
    )
    _replace(files.certificate, certificate.public_bytes(serialization.Encoding.PEM), mode=0o644)
    return files


class ReloadingContext:
    """A server's TLS context (1.2 or newer) that loads its files again when they change.

    New handshakes use the new pair, open connections go on. A pair that does not fit is not
    loaded: `problem` says why, and the old pair stays until the files are right.
    """

    def __init__(self, files: CertificateFiles) -> None:
        """Load the pair.

        Raises:
            OSError: a file cannot be read, or is no certificate or key (`ssl.SSLError`).
        """
        self.problem = ""
        self._files = files
        self._seen = self._stamps()
        self.context = _context(files)

    def refresh(self) -> bool:
        """Look at the files; return whether a new pair was loaded."""
        try:
            stamps = self._stamps()
            if stamps == self._seen:
                return False
            # Into a context of its own first: a failed load would leave the live one halved.
            _context(self._files)
            _load(self.context, self._files)
        except OSError as error:  # ssl.SSLError is one
            self.problem = (
                f"the certificate {self._files.certificate} and the key {self._files.key} "
                f"cannot be loaded, the old pair stays in use: {error}"
            )
            return False
        self._seen = stamps
        self.problem = ""
        return True

    def _stamps(self) -> list[tuple[int, int, int]]:
        stats = [path.stat() for path in (self._files.certificate, self._files.key)]
        return [(stat.st_mtime_ns, stat.st_ino, stat.st_size) for stat in stats]


def _context(files: CertificateFiles) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    _load(context, files)
    return context


def _load(context: ssl.SSLContext, files: CertificateFiles) -> None:
    # An empty password instead of a prompt on the service's terminal: it fails and says so.
    context.load_cert_chain(files.certificate, files.key, password="")


def _usable(files: CertificateFiles, wanted: Sequence[x509.GeneralName], now: datetime) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        _context(files)
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    return (
        list(names.value) == list(wanted)
        and certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEW_BEFORE
    )


def _certificate(
    key: ec.EllipticCurvePrivateKey, names: Sequence[x509.GeneralName], now: datetime
) -> x509.Certificate:
    myself = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sentinel (self-made)")])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(myself)
        .issuer_name(myself)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now - CLOCK_SKEW + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        pass
    try:
        return x509.DNSName(name.encode("idna").decode("ascii").lower())
    except UnicodeError as error:
        raise ValueError(
            f"{name!r} cannot stand in a certificate: {error}; allowed: a host name or an address"
        ) from error


def _replace(path: Path, content: bytes, mode: int) -> None:
    """Put a file in place whole: never half-written, never readable by more than `mode` says."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)
