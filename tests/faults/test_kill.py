"""kill -9, again and again: nothing that was taken is lost, nothing is done twice.

rsyslog writes a file, Sentinel tails it and dies at random points; the outcome is compared with
that of a service that read the same files in peace. And once at a named point, where a variant
that commits the offset first must lose the alert every time: a test that cannot fail is none.
"""

import os
import random
import signal
import socket
import sys
from collections import Counter
from pathlib import Path
from threading import Event, Thread

import pytest

from sentinel.model.ids import AgencyId
from sentinel.pipeline import OFFSET_WRITTEN
from sentinel.ports import AlertQuery, EventQuery, WarningQuery
from sentinel.store.events_parquet import ParquetEvents
from sentinel.store.state_sql import SqlState
from tests.system import lab, running

KILLABLE = [sys.executable, "-m", "tests.faults.killable"]
ROUNDS = 8
LONG_ROUNDS = 200
ROOT_LOGIN = "Accepted password for root from {address} port {port} ssh2"
FAILURE = "Failed password for root from {address} port {port} ssh2"
KEY_LOGIN = "Accepted publickey for deploy from 198.51.100.7 port {port} ssh2: ED25519 SHA256:abc"
LAST = "203.0.113.99"
BACKLOG = 900  # seconds that hundreds of thousands of lines may take on a busy machine


def _settings(folder: Path, logs: Path, ports, mail=None) -> running.Settings:
    return running.Settings(
        folder=folder,
        ports=ports,
        inputs=[
            {
                "name": "in",
                "collector": "files",
                "options": {"paths": [f"{logs}/auth.log*"], "mode": "follow"},
            }
        ],
        agencies=_whole_input(),
        mail=mail,
    )


def _whole_input() -> dict:
    """Files have no sender: the agency owns the whole input."""
    agency = running.AGENCIES["agencies"][0]
    return {"agencies": [agency | {"sources": [{"id": "so-a-files", "input": "in"}]}]}


def _two_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def _outcome(settings: running.Settings) -> dict:
    """What is left in the data folder of a service that has ended."""
    store = ParquetEvents(settings.data / "events")
    state = SqlState(f"sqlite:///{settings.data / 'state.db'}")
    try:
        events = store.search(EventQuery(agency=AgencyId("so-a"), limit=1_000_000))
        with state.reading() as reader:
            alerts = reader.alerts(AlertQuery(limit=10_000))
            warnings = reader.warnings(WarningQuery(limit=10_000))
    finally:
        store.close()
        state.close()
    return {
        "lines": Counter(event.raw for event in events),
        "alerts": sorted(
            (a.card.title, tuple(a.subject.items()), a.detections, a.events, a.score.points)
            for a in alerts
        ),
        "numbers": sorted(warning.number for warning in warnings),
        "copies": sorted(
            (warning.number, copy.contact) for warning in warnings for copy in warning.deliveries
        ),
        "message_ids": {copy.message_id for w in warnings for copy in w.deliveries},
    }


def _finish(settings: running.Settings) -> dict:
    """Run the service in peace until it has seen the last line, and end it politely."""
    with running.service(settings) as service:
        service.wait_ready()
        token = service.token()

        def saw_the_last() -> bool:
            alerts = service.get("/api/v1/alerts?limit=500", token)["alerts"]
            return any(alert["subject"].get("source.ip") == LAST for alert in alerts)

        lab.wait_until("the last line has become an alert", saw_the_last, BACKLOG)
        lab.wait_until(
            "every mail has been accepted",
            lambda: all(
                copy["state"] == "accepted"
                for warning in service.get("/api/v1/warnings?limit=500", token)["warnings"]
                for copy in warning["deliveries"]
            ),
        )
        assert service.stop() == 0
    return _outcome(settings)


class Feeder:
    """A program at the agency that keeps logging through rsyslog, attacks among daily life.

    Its last line is an attack of its own, by which one sees that all before it have been read.
    """

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self._folder = folder
        self._chance = chance
        self._stop = Event()
        self._thread = Thread(target=self._run)
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.connect(str(folder / "dev-log"))
        self.said = 0

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._stop.set()
        self._thread.join()
        self.say(ROOT_LOGIN.replace("{address}", LAST))
        self._line.close()

    def say(self, message: str) -> None:
        self.said += 1  # each line is different: by its process id, since ports end at 65535
        port = 1024 + self.said % 60_000
        self._line.send(f"<38>sshd[{self.said}]: {message.format(port=port)}".encode())

    def _run(self) -> None:
        attack = 0
        while not self._stop.wait(0.002):
            if self._chance.random() < 0.01:
                attack += 1
                for _ in range(12):
                    self.say(FAILURE.replace("{address}", f"203.0.113.{attack % 90}"))
            else:
                self.say(KEY_LOGIN)


def _rotate(host: Path, logs: Path, number: int) -> None:
    """What logrotate does: rename, then tell rsyslog."""
    (logs / "auth.log").rename(logs / f"auth.log.{number}")
    os.kill(int((host / "rsyslogd.pid").read_text()), signal.SIGHUP)


def _lines(logs: Path) -> Counter:
    files = logs.glob("auth.log*")
    return Counter(line for path in files for line in path.read_text().splitlines())


@pytest.mark.root
@pytest.mark.server
@pytest.mark.parametrize(
    "rounds",
    [ROUNDS, pytest.param(LONG_ROUNDS, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])],
)
def test_killed_at_random_points_it_ends_where_an_undisturbed_one_ends(tmp_path, rounds):
    """The same lines, alerts, numbers and outbox rows; a repeated mail says so."""
    seed = random.SystemRandom().randrange(1_000_000)
    print(f"seed {seed}")  # noqa: T201 - shown when the test fails, to play it again
    chance = random.Random(seed)
    logs = tmp_path / "logs"
    logs.mkdir()
    host = tmp_path / "host"
    mail = {"server": "127.0.0.1", "port": lab.MAIL_PORT, "tls": "none"}
    settings = _settings(tmp_path / "killed", logs, _two_ports(), mail)
    # The feeder's lines alone: sshd says a last word when the host is taken down, after the service
    # that is looked at has ended.
    write = f'if $msg contains " ssh2" then {{ action(type="omfile" file="{logs}/auth.log") }}'
    with lab.network(), lab.mail_server(tmp_path / "mail") as box, lab.agency_host(host, write):
        with Feeder(host, chance) as feeder:
            for number in range(rounds):
                with running.service(settings, KILLABLE) as service:
                    if chance.random() < 0.7:
                        service.wait_ready()
                    Event().wait(chance.uniform(0, 1.5))
                    service.process.kill()
                    service.process.wait()
                if chance.random() < 0.4:
                    _rotate(host, logs, number)
        killed = _finish(settings)

        def all_delivered() -> bool:
            return killed["message_ids"] <= {each["Message-ID"] for each in running.mails(box)}

        # Postfix answers when it has a letter in its queue; the mailbox comes after that.
        lab.wait_until("the letters are in the mailbox", all_delivered)
        letters = running.mails(box)
    peaceful = _finish(_settings(tmp_path / "peaceful", logs, _two_ports()))

    said = _lines(logs)
    assert sum(said.values()) >= feeder.said
    for outcome in (killed, peaceful):
        assert {"lost": said - outcome["lines"], "doubled": outcome["lines"] - said} == {
            "lost": Counter(),
            "doubled": Counter(),
        }
    assert killed["alerts"] == peaceful["alerts"]
    assert len(killed["alerts"]) > 1
    year = killed["numbers"][0][3:7]
    count = len(killed["alerts"])
    assert killed["numbers"] == [f"CB-{year}-{n:06}" for n in range(1, count + 1)]
    assert killed["copies"] == peaceful["copies"]
    assert len(killed["copies"]) == 2 * count

    arrived: dict[str, list] = {}
    for letter in letters:
        arrived.setdefault(letter["Message-ID"], []).append(letter)
    assert set(arrived) == killed["message_ids"]
    for copies in arrived.values():
        assert [copy["X-Sentinel-Repeat"] for copy in copies[1:]] == ["possible"] * (
            len(copies) - 1
        )


@pytest.mark.parametrize("again", range(3))
@pytest.mark.parametrize(
    ("variant", "alerts"), [([], 1), (["--offset-first"], 0)], ids=["ours", "broken"]
)
def test_a_kill_between_offset_and_alert(tmp_path, variant, alerts, again):
    """Ours rolls both back and finds the alert again; the broken variant loses it every time."""
    logs = tmp_path / "logs"
    logs.mkdir()
    stamp = "2026-11-22T08:00:00+07:00 web01 sshd[4711]: "
    (logs / "auth.log").write_text(stamp + ROOT_LOGIN.format(address="203.0.113.45", port=1) + "\n")
    settings = _settings(tmp_path / "service", logs, _two_ports())
    dying = ["run", "--config", str(settings.write()), "--kill-at", OFFSET_WRITTEN, *variant]
    with lab.process([*KILLABLE, *dying], tmp_path / "dying.log", cwd=running.ROOT) as child:
        assert child.wait(timeout=60) == -signal.SIGKILL

    with running.service(settings) as service:
        service.wait_ready()
        token = service.token()
        lab.wait_until(
            "nothing is left to do", lambda: service.get("/api/v1/status", token)["lag"] == 0
        )
        assert service.stop() == 0

    outcome = _outcome(settings)
    assert sum(outcome["lines"].values()) == 1
    assert len(outcome["alerts"]) == len(outcome["numbers"]) == alerts
