"""Will those who come to our listeners trust them?"""

from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sentinel.doctor.certificates import (
    Pair,
    Place,
    covers,
    examine_certificates,
    expiry,
    fitting,
    judge,
    names,
    own,
    places,
    read,
    unusable,
)
from sentinel.errors import SentinelError
from sentinel.settings import PublicSettings, Settings, SocSettings
from sentinel.web.tls import self_made
from tests.samples import NOON

PAIR = Pair(
    begins=NOON - timedelta(days=1), ends=NOON + timedelta(days=90), names=("a.example",), fits=True
)


@pytest.fixture
def place(tmp_path) -> Place:
    return Place(
        name="public",
        certificate=tmp_path / "public.pem",
        key=tmp_path / "public.key",
        given=True,
        wanted="warn.example",
    )


@pytest.fixture
def issued(place):
    """Write a certificate and its key; returns the place."""

    def write(*hosts, days=90, named=True):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "warn.example")])
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOON - timedelta(days=1))
            .not_valid_after(NOON + timedelta(days=days))
        )
        if named:
            builder = builder.add_extension(
                x509.SubjectAlternativeName(
                    [x509.DNSName(host) for host in hosts]
                    + [x509.IPAddress(ip_address("192.0.2.1"))]
                ),
                critical=False,
            )
        certificate = builder.sign(key, hashes.SHA256())
        place.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        place.key.write_bytes(_pem(key))
        return place

    return write


def _pem(key, secret=None) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(secret) if secret else serialization.NoEncryption(),
    )


def test_a_pair_is_read(issued):
    """Times, names, and whether both fit."""
    pair = read(issued("warn.example"))

    assert pair == Pair(
        begins=NOON - timedelta(days=1),
        ends=NOON + timedelta(days=90),
        names=("warn.example", "192.0.2.1"),
        fits=True,
    )


def test_another_certificate_s_key(issued, place):
    """It is read, and does not fit."""
    issued("warn.example")
    place.key.write_bytes(_pem(ec.generate_private_key(ec.SECP256R1())))

    assert read(place).fits is False


def test_a_common_name_is_no_name(issued):
    """Browsers have not looked at it for years."""
    assert read(issued(named=False)).names == ()


@pytest.mark.parametrize("spoilt", ["certificate", "key"])
@pytest.mark.parametrize("content", [None, b"", b"no PEM at all"])
def test_files_that_cannot_be_used(issued, spoilt, content):
    """The error names the file."""
    place = issued("warn.example")
    file = getattr(place, spoilt)
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)

    with pytest.raises(SentinelError, match=file.name):
        read(place)


def test_a_key_with_a_password(issued, place):
    """The service has nobody to ask for it."""
    issued("warn.example")
    place.key.write_bytes(_pem(ec.generate_private_key(ec.SECP256R1()), b"secret"))

    with pytest.raises(SentinelError, match=r"public\.key"):
        read(place)


@pytest.mark.parametrize(("given", "expected"), [(True, "ok"), (False, "warn")])
def test_one_of_one_s_own(place, given, expected):
    """One that signs itself teaches people to click warnings away."""
    assert own(replace(place, given=given)).status.value == expected


@pytest.mark.parametrize(("fits", "expected"), [(True, "ok"), (False, "fail")])
def test_the_key(place, fits, expected):
    """It has to be this certificate's."""
    assert fitting(place, replace(PAIR, fits=fits)).status.value == expected


def test_a_remedy_for_either_kind(place):
    """One's own files are put right, self-made ones are made anew."""
    given, made = unusable(place, "odd"), unusable(replace(place, given=False), "odd")

    assert given.remedy is not None
    assert made.remedy is not None
    assert (given.status.value, given.id) == ("fail", "certificates.pair:public")
    assert "PEM" in given.remedy.en
    assert "Remove both files" in made.remedy.en


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        (-1, 31, "ok"),
        (-1, 30, "ok"),
        (-1, 29, "warn"),
        (-1, 7, "warn"),
        (-1, 6, "fail"),
        (-1, 0, "fail"),
        (-9, -1, "fail"),
        (1, 90, "fail"),
    ],
)
def test_how_long_it_is_valid(place, begins, ends, expected):
    """In days from now."""
    pair = replace(PAIR, begins=NOON + timedelta(days=begins), ends=NOON + timedelta(days=ends))

    assert expiry(place, pair, NOON).status.value == expected


@pytest.mark.parametrize(
    ("wanted", "named", "expected"),
    [
        ("warn.example", ("warn.example",), "ok"),
        ("warn.example", ("other.example",), "warn"),
        ("warn.example", (), "warn"),
        ("", ("other.example",), "ok"),
    ],
)
def test_whom_it_is_for(place, wanted, named, expected):
    """Where the listener is on every address, no name is asked for."""
    check = names(replace(place, wanted=wanted), replace(PAIR, names=named))

    assert check.status.value == expected


@pytest.mark.parametrize(
    ("named", "host", "expected"),
    [
        ("warn.example", "WARN.example", True),
        ("*.so-a.example", "warn.so-a.example", True),
        ("*.so-a.example", "a.warn.so-a.example", False),
        ("*.so-a.example", "so-a.example", False),
        ("192.0.2.1", "192.0.2.1", True),
        ("*.0.2.1", "192.0.2.1", False),
        ("2001:db8:0::1", "2001:db8::1", True),
        ("localhost", "localhost", True),
    ],
)
def test_names_and_wildcards(named, host, expected):
    """A star is one label (RFC 9525 section 6.3)."""
    assert covers([named], host) is expected


def test_all_three_are_judged(place, standing):
    """Key, days, names."""
    assert standing(judge(place, PAIR, NOON)) == [
        ("certificates.pair:public", "ok"),
        ("certificates.expiry:public", "ok"),
        ("certificates.names:public", "warn"),
    ]


def test_the_host_that_is_asked_for():
    """The address of the one, the links' host of the other."""
    web = Settings().web.model_copy(
        update={
            "soc": SocSettings(address="0.0.0.0"),
            "public": PublicSettings(url="https://warn.example/a"),
        }
    )

    assert [
        (each.name, each.wanted) for each in places(Settings().model_copy(update={"web": web}))
    ] == [
        ("soc", ""),
        ("public", "warn.example"),
    ]


def test_before_the_first_start_nothing_is_made_yet(patient, standing):
    """It will be."""
    assert standing(examine_certificates(patient)) == [
        ("certificates.own:soc", "warn"),
        ("certificates.own:public", "warn"),
    ]


def test_the_one_that_the_service_made(patient, standing):
    """For the names it listens on."""
    self_made(patient.settings.data / "tls", ["127.0.0.1"], NOON)

    assert standing(examine_certificates(patient)) == [
        (f"certificates.{what}:{name}", "warn" if what == "own" else "ok")
        for name in ("soc", "public")
        for what in ("own", "pair", "expiry", "names")
    ]


def test_files_of_the_settings(patient, issued, standing):
    """One pair is right, the other is gone."""
    place = issued("127.0.0.1.example")
    web = Settings().web.model_copy(
        update={
            "soc": SocSettings(address="192.0.2.1").model_copy(
                update={"certificate": place.certificate, "key": place.key}
            ),
            "public": PublicSettings().model_copy(
                update={"certificate": place.certificate.with_name("gone"), "key": place.key}
            ),
        }
    )
    settings = patient.settings.model_copy(update={"web": web})

    assert standing(examine_certificates(replace(patient, settings=settings))) == [
        ("certificates.own:soc", "ok"),
        ("certificates.pair:soc", "ok"),
        ("certificates.expiry:soc", "ok"),
        ("certificates.names:soc", "ok"),
        ("certificates.own:public", "ok"),
        ("certificates.pair:public", "fail"),
    ]
