"""Will those who come to our listeners trust them: files, key, days left, names?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from sentinel.doctor.patient import Patient, there
from sentinel.doctor.say import fail, ok, say, warn
from sentinel.errors import SentinelError
from sentinel.model.checkup import Check
from sentinel.settings import PublicSettings, Settings, SocSettings

SOON_DAYS = 30
AT_ONCE_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What a certificate and its key say. `names` are host names and addresses it is for."""

    begins: datetime
    ends: datetime
    names: tuple[str, ...]
    fits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One listener's certificate: given in the settings, or made by the service itself."""

    name: str
    certificate: Path
    key: Path
    given: bool
    wanted: str  # the host that clients ask for; "" where it cannot be known


def examine_certificates(patient: Patient) -> Iterator[Check]:
    """Each listener's."""
    for place in places(patient.settings):
        yield own(place)
        if not place.given and not there(place.certificate):
            continue  # the first start makes it
        try:
            pair = read(place)
        except SentinelError as error:
            yield unusable(place, str(error))
            continue
        yield from judge(place, pair, patient.clock.now())


def places(settings: Settings) -> Iterator[Place]:
    """The listeners' certificates in the settings, or the one that the service makes."""
    soc, public = settings.web.soc, settings.web.public
    address = "" if ip_address(soc.address).is_unspecified else soc.address
    yield _place("soc", settings, soc, address)
    yield _place("public", settings, public, urlsplit(public.link_base).hostname or "")


def _place(name: str, settings: Settings, web: SocSettings | PublicSettings, wanted: str) -> Place:
    folder = settings.data / "tls"
    given = web.certificate is not None and web.key is not None
    return Place(
        name=name,
        certificate=web.certificate or folder / "self-made.crt",
        key=web.key or folder / "self-made.key",
        given=given,
        wanted=wanted,
    )


def read(place: Place) -> Pair:
    """Read both files.

    Raises:
        SentinelError: one of them is not there, or is not what it should be.
        PermissionError: we may not read it.
    """
    try:
        certificate = x509.load_pem_x509_certificate(place.certificate.read_bytes())
        key = serialization.load_pem_private_key(place.key.read_bytes(), password=None)
    except PermissionError:
        raise  # another user's: whether it is right cannot be seen
    except OSError as error:
        raise SentinelError(f"{error.filename}: {error.strerror}") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SentinelError(f"{place.certificate}, {place.key}: {error}") from error
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Pair(
        begins=certificate.not_valid_before_utc,
        ends=certificate.not_valid_after_utc,
        names=_names(certificate),
        fits=certificate.public_key().public_bytes(*form) == key.public_key().public_bytes(*form),
    )


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()  # browsers do not look at the common name (RFC 9525 section 2)
    addresses = [str(address) for address in found.get_values_for_type(x509.IPAddress)]
    return (*found.get_values_for_type(x509.DNSName), *addresses)


def own(place: Place) -> Check:
    """A certificate of one's own, or the one that signs itself."""
    name = f"certificates.own:{place.name}"
    if place.given:
        return ok(
            name,
            say(
                "The listener {name} uses the certificate {file}.",
                name=place.name,
                file=place.certificate,
            ),
            say("The service notices when the file is renewed, without a restart."),
        )
    return warn(
        name,
        say("The listener {name} uses a certificate that signs itself.", name=place.name),
        say("Browsers warn of it, and people learn to click warnings away."),
        say(
            "Get a certificate from a CA that your users trust, and set `web.{name}.certificate`"
            " and `web.{name}.key`.",
            name=place.name,
        ),
    )


def unusable(place: Place, error: str) -> Check:
    """It cannot be read or loaded."""
    return fail(
        f"certificates.pair:{place.name}",
        say(
            "The certificate of the listener {name} cannot be read: {error}",
            name=place.name,
            error=error,
        ),
        say("The service does not start with it; a running one keeps the old pair."),
        say(
            "Put certificate chain and key there as PEM, the key without a password, both readable"
            " for the service's user."
        )
        if place.given
        else say("Remove both files: the service makes new ones when it starts."),
    )


def judge(place: Place, pair: Pair, now: datetime) -> Iterator[Check]:
    """Key, days, names."""
    yield fitting(place, pair)
    yield expiry(place, pair, now)
    yield names(place, pair)


def fitting(place: Place, pair: Pair) -> Check:
    """Whether the key is this certificate's."""
    if pair.fits:
        return ok(
            f"certificates.pair:{place.name}",
            say("The key fits the certificate of the listener {name}.", name=place.name),
            say("The listener can prove that the certificate is its own."),
        )
    return unusable(place, f"{place.key}: not the key of {place.certificate}")


def expiry(place: Place, pair: Pair, now: datetime) -> Check:
    """How long it is valid."""
    name, days = f"certificates.expiry:{place.name}", (pair.ends - now).days
    remedy = (
        say("Renew it (`certbot renew`, or ask your CA) and put both files in place.")
        if place.given
        else say("Restart the service: it makes a new one when fewer than 30 days are left.")
    )
    if pair.begins > now:
        return fail(
            name,
            say("The certificate of the listener {name} is not valid yet.", name=place.name),
            say("Nobody can connect without a warning."),
            say(
                "Compare `date -u` with a clock you trust; if the clock is right, get a"
                " certificate that is valid now."
            ),
        )
    if pair.ends <= now:
        return fail(
            name,
            say("The certificate of the listener {name} has expired.", name=place.name),
            say("Nobody can connect without a warning."),
            remedy,
        )
    found = say(
        "The certificate of the listener {name} is valid for {days} more days.",
        name=place.name,
        days=days,
    )
    why = say("After that nobody can connect without a warning.")
    if days < AT_ONCE_DAYS:
        return fail(name, found, why, remedy)
    if days < SOON_DAYS:
        return warn(name, found, why, remedy)
    return ok(name, found, why)


def names(place: Place, pair: Pair) -> Check:
    """Whether it is for the host that people ask for."""
    name = f"certificates.names:{place.name}"
    if not place.wanted or covers(pair.names, place.wanted):
        return ok(
            name,
            say(
                "The certificate of the listener {name} is for: {names}.",
                name=place.name,
                names=", ".join(pair.names),
            ),
            say("Clients compare these names with the address they asked for."),
        )
    return warn(
        name,
        say(
            "The certificate of the listener {name} is not for {host}, but for: {names}.",
            name=place.name,
            host=place.wanted,
            names=", ".join(pair.names) or "-",
        ),
        say(
            "Clients compare these names with the address they asked for, and warn. Behind a proxy"
            " that has its own certificate this is fine."
        ),
        say("Get a certificate that names {host}.", host=place.wanted)
        if place.given
        else say("Restart the service: it makes a new one for its present names."),
    )


def covers(names: Sequence[str], host: str) -> bool:
    """Whether one of the names is the host, or a wildcard for it (RFC 9525 section 6.3)."""
    host = host.lower()
    _, _, parent = host.partition(".")
    wanted = {host, f"*.{parent}"} if parent and not _is_address(host) else {_plain(host)}
    return any(_plain(each.lower()) in wanted for each in names)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _plain(text: str) -> str:
    """An address in its one written form; a name as it is."""
    return str(ip_address(text)) if _is_address(text) else text
