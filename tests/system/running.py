"""A running service for tests: its settings, its process, its API."""

import json
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import httpx
import yaml

from tests.system import lab

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [str(Path(sys.executable).with_name("sentinel"))]

AGENCIES = {
    "agencies": [
        {
            "id": "so-a",
            "name": {"vi": "Sở Thông tin A", "en": "Department A"},
            "contacts": [
                {
                    "id": "truc",
                    "name": "Trực an toàn thông tin",
                    "role": "contact-point",
                    "email": f"truc@{lab.MAIL_DOMAIN}",
                    "language": "vi",
                },
                {
                    "id": "ops",
                    "name": "Nguyễn Văn An",
                    "role": "operator",
                    "email": f"an.nguyen@{lab.MAIL_DOMAIN}",
                    "language": "en",
                    "personal": True,
                },
            ],
            "assets": [
                {
                    "id": "dvc",
                    "name": {"vi": "Cổng dịch vụ công", "en": "Public service portal"},
                    "level": 3,
                    "hosts": ["web01"],
                }
            ],
            "sources": [{"id": "so-a-web01", "input": "in", "addresses": [lab.AGENCY]}],
            "policy": {"threshold": 60, "release": "at-once", "tlp": "TLP:AMBER"},
        },
        {
            "id": "so-b",
            "name": {"vi": "Sở B", "en": "Department B"},
            "contacts": [
                {
                    "id": "truc",
                    "name": "Trực",
                    "role": "contact-point",
                    "email": f"so-b@{lab.MAIL_DOMAIN}",
                    "language": "vi",
                }
            ],
            "sources": [{"id": "so-b-all", "input": "in", "addresses": ["198.51.100.77"]}],
        },
    ]
}


@dataclass
class Settings:
    """A settings file in a folder of its own, with ports nobody else uses."""

    folder: Path
    ports: Sequence[int]
    inputs: list[dict]
    agencies: dict = field(default_factory=lambda: AGENCIES)
    mail: dict | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def write(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "agencies.yml").write_text(yaml.safe_dump(self.agencies, allow_unicode=True))
        settings = {
            "data": "data",
            "agencies": "agencies.yml",
            "inputs": self.inputs,
            "journal": {"reserve_mb": 1},
            "web": {
                "soc": {"port": self.ports[0]},
                "public": {"port": self.ports[1]},
            },
            "log": {"format": "json"},
        }
        if self.mail is not None:
            settings["mail"] = self.mail
        path = self.folder / "sentinel.yml"
        path.write_text(yaml.safe_dump(settings, allow_unicode=True))
        return path


class Running:
    """A service that runs, and its API as an analyst's program uses it."""

    def __init__(self, settings: Settings, process: subprocess.Popen, out: Path) -> None:
        self.settings = settings
        self.process = process
        self.out = out

    def said(self) -> str:
        return self.out.read_text(errors="replace")

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.settings.data / "tls" / "self-made.crt")

    def client(self, *, public: bool = False) -> httpx.Client:
        port = self.settings.ports[1 if public else 0]
        return httpx.Client(
            base_url=f"https://127.0.0.1:{port}", verify=self.trust, trust_env=False, timeout=20
        )

    def ready(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"the service ended: {self.said()}")
        try:
            with self.client() as client:
                return client.get("/health/ready").status_code == 200
        except (httpx.TransportError, OSError):
            return False

    def wait_ready(self) -> None:
        lab.wait_until("the service is ready", self.ready)

    def get(self, path: str, token: str) -> dict:
        with self.client() as client:
            answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def token(self) -> str:
        """A token of our own, made by the command while the service runs."""
        return command(self.settings, "token", "new", "test").stdout.split()[-1]

    def stop(self) -> int:
        """Ask it to end, as Ctrl-C does, and wait until it has drained."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)


@contextmanager
def service(settings: Settings, program: Sequence[str] = COMMAND) -> Iterator[Running]:
    """Start the service; it is gone at the end, whatever happened."""
    config = settings.write()
    out = settings.folder / "service.log"
    with lab.process([*program, "run", "--config", str(config)], out, cwd=ROOT) as child:
        yield Running(settings, child, out)


def command(settings: Settings, *arguments: str) -> subprocess.CompletedProcess:
    """One of the commands, over the same data folder."""
    config = str(settings.folder / "sentinel.yml")
    done = subprocess.run(
        [*COMMAND, "--config", config, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def as_json(settings: Settings, *arguments: str) -> object:
    """What a command says to machines."""
    return json.loads(command(settings, *arguments, "--json").stdout)


def mails(box: Path) -> list[EmailMessage]:
    """The mails of a Maildir, in order of arrival."""
    files = sorted((box / "new").glob("*"), key=lambda path: path.stat().st_mtime_ns)
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]


def link_in(mail: EmailMessage) -> str:
    """The acknowledge link as it stands in the plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"https://\S+/w/\S+", body.get_content())
    assert found is not None, body.get_content()
    return found.group()
