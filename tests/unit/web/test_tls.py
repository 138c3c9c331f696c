"""Certificates: made, kept, made anew; and a context that follows its files."""

import ssl
import stat
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from sentinel.web.tls import CertificateFiles, ReloadingContext, self_made

NOW = datetime.now(UTC).replace(microsecond=0)


def certificate(files: CertificateFiles) -> x509.Certificate:
    return x509.load_pem_x509_certificate(files.certificate.read_bytes())


def shown_to_a_client(context: ssl.SSLContext, trusted: CertificateFiles, name="localhost"):
    """Shake hands in memory; return the serial number of the certificate that was shown."""
    client_context = ssl.create_default_context(cafile=str(trusted.certificate))
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(to_client, to_server, server_hostname=name)
    server = context.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(10):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
        if client.version() and server.version():
            break
    return x509.load_der_x509_certificate(client.getpeercert(binary_form=True)).serial_number


def test_the_first_run_gets_a_certificate_that_a_client_can_check(tmp_path):
    """It names this machine and the given names, for 397 days, as a server and nothing else."""
    files = self_made(tmp_path / "tls", ["warn.example", "192.0.2.1", "cảnh-báo.example"], NOW)
    made = certificate(files)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    assert (names.get_values_for_type(x509.DNSName)) == [
        "localhost",
        "warn.example",
        "xn--cnh-bo-tta3502d.example",
    ]
    assert [ip_address("127.0.0.1"), ip_address("::1"), ip_address("192.0.2.1")] == (
        names.get_values_for_type(x509.IPAddress)
    )
    assert timedelta(days=397) == made.not_valid_after_utc - made.not_valid_before_utc
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert made.serial_number == shown_to_a_client(ReloadingContext(files).context, files)


def test_only_its_owner_reads_the_key(tmp_path):
    """Whatever the umask says; the certificate is for everybody."""
    files = self_made(tmp_path, [], NOW)

    assert stat.S_IMODE(files.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(files.certificate.stat().st_mode) == 0o644
    assert {files.key, files.certificate} == set(tmp_path.iterdir())


def test_a_good_certificate_is_kept(tmp_path):
    """A restart does not surprise those who have trusted it."""
    first = certificate(self_made(tmp_path, ["warn.example"], NOW))
    again = certificate(self_made(tmp_path, ["warn.example", "localhost"], NOW))

    assert first == again


def test_it_is_made_anew_in_time(tmp_path):
    """With 30 days left, and after it has expired."""
    first = certificate(self_made(tmp_path, [], NOW))

    kept = certificate(self_made(tmp_path, [], NOW + timedelta(days=366)))
    soon = certificate(self_made(tmp_path, [], NOW + timedelta(days=367)))
    late = certificate(self_made(tmp_path, [], NOW + timedelta(days=2000)))

    assert first == kept
    assert first != soon
    assert soon != late


@pytest.mark.parametrize(
    "spoil",
    [
        lambda files: files.key.unlink(),
        lambda files: files.certificate.unlink(),
        lambda files: files.certificate.write_text("no certificate"),
        lambda files: files.key.write_bytes(b""),
    ],
    ids=["key gone", "certificate gone", "certificate spoilt", "key empty"],
)
def test_a_broken_pair_is_made_anew(tmp_path, spoil):
    """A half-written or lost file does not stop the service."""
    files = self_made(tmp_path, [], NOW)
    before = certificate(files)
    spoil(files)

    made = self_made(tmp_path, [], NOW)

    assert before != certificate(made)
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600
    assert ReloadingContext(made).context


def test_other_names_want_another_certificate(tmp_path):
    """The new name is in it."""
    before = certificate(self_made(tmp_path, [], NOW))

    after = certificate(self_made(tmp_path, ["warn.example"], NOW))

    assert before != after


def test_a_key_of_another_certificate_is_noticed(tmp_path):
    """Both files are whole, but they are no pair."""
    files = self_made(tmp_path / "a", [], NOW)
    other = self_made(tmp_path / "b", [], NOW)
    files.key.write_bytes(other.key.read_bytes())
    before = certificate(files)

    assert before != certificate(self_made(tmp_path / "a", [], NOW))


def test_a_name_that_cannot_be_one_is_refused(tmp_path):
    """The error says which, and what is allowed."""
    with pytest.raises(ValueError, match=r"'a\.\.b' cannot stand in a certificate.*allowed"):
        self_made(tmp_path, ["a..b"], NOW)


# -- the context -----------------------------------------------------------------------------------


def replaced(files: CertificateFiles, by: CertificateFiles) -> None:
    for old, new in ((files.certificate, by.certificate), (files.key, by.key)):
        old.unlink()
        old.write_bytes(new.read_bytes())


def test_new_files_are_used_for_new_connections(tmp_path):
    """The same context object, as the listener holds it."""
    files, renewed = self_made(tmp_path / "a", [], NOW), self_made(tmp_path / "b", [], NOW)
    reloading = ReloadingContext(files)

    replaced(files, renewed)

    assert reloading.refresh()
    assert not reloading.refresh()
    assert certificate(renewed).serial_number == shown_to_a_client(reloading.context, renewed)


@pytest.mark.parametrize("spoil", ["missing", "no pair", "no certificate"])
def test_a_bad_pair_leaves_the_old_one_in_use(tmp_path, spoil):
    """It says what is wrong, and goes on as soon as the files are right."""
    files, renewed = self_made(tmp_path / "a", [], NOW), self_made(tmp_path / "b", [], NOW)
    reloading = ReloadingContext(files)
    old = CertificateFiles(certificate=tmp_path / "old.crt", key=files.key)
    old.certificate.write_bytes(files.certificate.read_bytes())
    if spoil == "missing":
        files.key.unlink()
    elif spoil == "no pair":
        files.certificate.write_bytes(renewed.certificate.read_bytes() + b"\n")
    else:
        files.certificate.write_text("no certificate at all")

    assert not reloading.refresh()
    assert str(files.certificate) in reloading.problem
    assert certificate(old).serial_number == shown_to_a_client(reloading.context, old)

    files.key.touch()
    replaced(files, renewed)

    assert reloading.refresh()
    assert reloading.problem == ""
    assert certificate(renewed).serial_number == shown_to_a_client(reloading.context, renewed)


def test_old_protocols_are_refused(tmp_path):
    """TLS 1.2 is the least (RFC 8996)."""
    context = ReloadingContext(self_made(tmp_path, [], NOW)).context

    assert ssl.TLSVersion.TLSv1_2 == context.minimum_version


def test_a_pair_that_cannot_be_loaded_is_an_error_at_the_start(tmp_path):
    """The listener does not begin in clear instead."""
    with pytest.raises(FileNotFoundError):
        ReloadingContext(CertificateFiles(certificate=tmp_path / "x", key=tmp_path / "y"))


def test_a_key_with_a_password_is_an_error_not_a_prompt(tmp_path):
    """A service has no terminal to ask at."""
    files = self_made(tmp_path, [], NOW)
    key = serialization.load_pem_private_key(files.key.read_bytes(), password=None)
    files.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )

    with pytest.raises(ssl.SSLError):
        ReloadingContext(files)
