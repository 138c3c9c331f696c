"""A night at the desk: the real service with a browser in front of it."""

import email
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser import chromium
from tests.system import lab, running

FIRST = re.compile(r"(?:console as|bằng tên) admin[^:]*:\s+(\S+)")
PASSWORD = "đủ dài và không ai đoán 2026"
GUESS = (
    "<38>1 - web01 sshd {number} - - Failed password for invalid user admin"
    " from {address} port 51234 ssh2\n"
)


def agencies(release: str = "after-approval") -> dict:
    """One agency that owns the whole input."""
    agency = running.AGENCIES["agencies"][0]
    return {
        "agencies": [
            agency
            | {
                "sources": [{"id": "so-a-syslog", "input": "in"}],
                "policy": {"threshold": 60, "release": release},
            }
        ]
    }


expect.set_options(timeout=20_000)  # the queue asks for news every ten seconds


@dataclass
class Night:
    """A running service, the syslog port it listens on, and the first admin's password."""

    service: running.Running
    browser: Browser
    syslog: int
    sent: int = 0

    @property
    def base(self) -> str:
        return f"https://127.0.0.1:{self.service.settings.ports[0]}"

    def send(self, lines: Sequence[str]) -> None:
        """What a host would send, over TCP."""
        with socket.create_connection(("127.0.0.1", self.syslog)) as line:
            line.sendall("".join(lines).encode("utf-8", "surrogatepass"))
            line.shutdown(socket.SHUT_WR)
            line.recv(1)

    def attack(self, address: str) -> None:
        """Guess a dozen passwords from this address."""
        self.sent += 12
        self.send([GUESS.format(number=self.sent + n, address=address) for n in range(12)])

    def first_password(self) -> str:
        """What the service says once, at its very first start."""
        found = lab.wait_until("the first password", lambda: FIRST.search(self.service.said()))
        return found[1]

    def log_in(self, page: Page, name: str = "admin", password: str = PASSWORD) -> None:
        page.goto(f"{self.base}/login")
        page.fill("#name", name)
        page.fill("#password", password)
        page.click("main button")

    def settle_in(self, page: Page) -> None:
        """Log in with the first password and choose one's own, as everybody must."""
        first = self.first_password()
        self.log_in(page, password=first)
        self.choose_password(page, first)

    def choose_password(self, page: Page, first: str) -> None:
        page.wait_for_url("**/me/password")
        page.fill("#old", first)
        page.fill("#new", PASSWORD)
        page.fill("#again", PASSWORD)
        page.click("main button")
        page.goto(f"{self.base}/")

    def letters(self) -> list[EmailMessage]:
        """The letters that have left, oldest first."""
        folder = self.service.settings.data / "mail"
        files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        parse = email.message_from_bytes
        return [parse(path.read_bytes(), policy=policy.default) for path in files]  # type: ignore[misc]


@contextmanager
def night(folder: Path, release: str = "after-approval") -> Iterator[Night]:
    """A service with an empty queue, and a browser."""
    ports = _free_ports(3)
    inputs = [
        {
            "name": "in",
            "collector": "syslog",
            "options": {"tcp": f"127.0.0.1:{ports[2]}"},
        }
    ]
    settings = running.Settings(folder, ports[:2], inputs, agencies(release))
    with running.service(settings) as service, chromium.started() as browser:
        service.wait_ready()
        yield Night(service, browser, ports[2])


def _free_ports(amount: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(amount)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def troubles(page: Page) -> list[str]:
    """Whatever the browser complains of on this page, from now on: scripts, styles, the policy."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    return said
