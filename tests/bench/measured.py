"""The service that is measured: a real `sentinel run`, and one kept-alive line to its API.

`http.client` does little besides asking, so that the asking costs the measured machine little.
"""

import json
import os
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from http.client import HTTPSConnection
from pathlib import Path

from tests.system import running

PORTS = (18443, 18444)
SYSLOG_PORT = 5514
MIB = 1024


def settings(folder: Path, listen: str, sender: str) -> running.Settings:
    """Defaults, but for one TCP input on `listen`, whose records from `sender` are an agency's.

    The agency is warned at once from a score of 60 on; two mails a warning go into the spool.
    """
    agencies = deepcopy(running.AGENCIES)
    agencies["agencies"][0]["sources"][0]["addresses"] = [sender]
    tcp = {"tcp": f"{listen}:{SYSLOG_PORT}"}
    return running.Settings(
        folder=folder,
        ports=PORTS,
        inputs=[{"name": "in", "collector": "syslog", "options": tcp}],
        agencies=agencies,
    )


class Api:
    """One HTTPS connection to the API of a service that runs."""

    def __init__(self, port: int, trust: ssl.SSLContext, token: str = "") -> None:
        self._line = HTTPSConnection("127.0.0.1", port, context=trust, timeout=30)
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> dict:
        """What it answers."""
        self._line.request("GET", path, headers=self._headers)
        answer = self._line.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise AssertionError(f"{path}: {answer.status}: {body!r}")
        return json.loads(body)

    def close(self) -> None:
        """Hang up."""
        self._line.close()


@contextmanager
def api(service: running.Running) -> Iterator[Api]:
    """A connection with a token of its own."""
    with closing(Api(service.settings.ports[0], service.trust, service.token())) as line:
        yield line


def counted(status: dict, name: str) -> int:
    """A counter of the status, over all its labels."""
    return sum(
        amount
        for label, amount in status["counters"].items()
        if label == name or label.startswith(f"{name}{{")
    )


def memory(process: int, what: str = "VmHWM") -> float:
    """The memory of a process in MiB: "VmHWM", the most it ever had resident, or "VmRSS"."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / MIB
    raise AssertionError(f"no {what} of process {process}")


def processor_seconds(process: int) -> float:
    """The processor time a process has taken (proc(5): utime and stime of /proc/PID/stat)."""
    after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def ended(service: running.Running) -> None:
    """Stop it and see that it drained."""
    code = service.stop()
    if code:
        raise AssertionError(f"the service ended with {code}: {service.said()[-2000:]}")
