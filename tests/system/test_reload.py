"""Rules change twenty times while events stream in: each event is judged by one version, once."""

import signal
import socket
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from tests.system import lab, running

CHANGES = 20
NOTICED = 2  # of the changes: the first are noticed, the others asked for
COUNTED = 50  # log-ins of one user that make the correlation complete

RULES = """
title: Every failure
id: 44444444-4444-4444-8444-000000000000
level: low
logsource: {{product: linux, service: sshd}}
detection: {{selection: {{event.outcome: failure}}, condition: selection}}
---
title: Version {number}
id: 44444444-4444-4444-8444-{number:012}
level: low
logsource: {{product: linux, service: sshd}}
detection: {{selection: {{event.outcome: failure}}, condition: selection}}
---
title: Counted
id: 55555555-5555-4555-8555-000000000000
name: counted
level: low
logsource: {{product: linux, service: sshd}}
detection: {{selection: {{user.name: counted}}, condition: selection}}
---
title: Fifty
id: 55555555-5555-4555-8555-000000000001
level: low
correlation:
  type: event_count
  rules: [counted]
  group-by: [user.name]
  timespan: 1h
  condition: {{gte: {counted}}}
"""


@dataclass
class WithRules(running.Settings):
    """A service whose only rules are those of a folder beside its settings."""

    @property
    def rules(self) -> Path:
        return self.folder / "rules"

    def put(self, number: int) -> None:
        """Another version, as an editor saves it: whole, in place of the last."""
        new = self.rules / "new"
        new.write_text(RULES.format(number=number, counted=COUNTED))
        new.replace(self.rules / "rules.yml")

    def write(self) -> Path:
        path = super().write()
        self.rules.mkdir()
        self.put(1)
        with path.open("a") as settings:
            settings.write("rules: {shipped: false, paths: [rules]}\n")
        return path


class Sender:
    """A host that sends failed log-ins over one connection for as long as it is told to."""

    def __init__(self, port: int) -> None:
        self._line = socket.create_connection(("127.0.0.1", port))
        self._done = Event()
        self.sent = 0

    def fail(self, user: str) -> None:
        """One failed log-in."""
        line = f"<38>Nov 22 12:00:00 web01 sshd[4711]: Failed password for {user} from 192.0.2.1"
        self._line.sendall(f"{line} port 50000 ssh2\n".encode())
        self.sent += 1

    def stream(self) -> None:
        """Send, some hundred a second."""
        while not self._done.is_set():
            self.fail("root")
            time.sleep(0.003)

    @contextmanager
    def streaming(self):
        thread = Thread(target=self.stream)
        thread.start()
        try:
            yield
        finally:
            self._done.set()
            thread.join()

    def end(self) -> None:
        """Say that nothing more comes, and wait until the other side has read all."""
        self._line.shutdown(socket.SHUT_WR)
        self._line.recv(1)
        self._line.close()


def reloaded(service) -> int:
    return service.said().count("rules_reloaded")


def change(service, settings, number) -> None:
    """Put other rules there, and wait until the service has taken them."""
    settings.put(number)
    if number > 1 + NOTICED:
        service.process.send_signal(signal.SIGHUP)
    lab.wait_until(f"version {number} is read", lambda: reloaded(service) == number - 1)


def detections(service, token) -> Counter:
    """How many detections each rule has, by its title."""
    found = Counter()
    for alert in service.get("/api/v1/alerts?limit=100", token)["alerts"]:
        found[alert["title"]] += alert["detections"]
    return found


def test_rules_change_while_events_stream_in(tmp_path, free_port):
    """No event is lost, none is judged twice, and a correlation counts on across all changes."""
    ports = [free_port]
    while len(ports) < 3:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            ports.append(probe.getsockname()[1])
    inputs = [{"name": "in", "collector": "syslog", "options": {"tcp": f"127.0.0.1:{ports[2]}"}}]
    settings = WithRules(folder=tmp_path / "sentinel", ports=ports[:2], inputs=inputs)
    with running.service(settings) as service:
        service.wait_ready()
        sender, counted = Sender(ports[2]), Sender(ports[2])
        with sender.streaming():
            for number in range(2, CHANGES + 2):
                change(service, settings, number)
                counted.fail("counted")
                counted.fail("counted")
        while counted.sent < COUNTED - 1:
            counted.fail("counted")
        sender.end()
        token = service.token()
        every = sender.sent + counted.sent
        lab.wait_until(
            "all but one are judged",
            lambda: detections(service, token)["Every failure"] == every,
        )
        before = detections(service, token)
        counted.fail("counted")
        counted.end()
        every += 1
        lab.wait_until(
            "the last is judged", lambda: detections(service, token)["Every failure"] == every
        )
        after = detections(service, token)
        assert service.stop() == 0

    versions = {title: count for title, count in after.items() if title.startswith("Version")}
    assert sum(versions.values()) == every
    assert len(versions) > CHANGES // 2
    assert (before["Fifty"], after["Fifty"]) == (0, 1)
