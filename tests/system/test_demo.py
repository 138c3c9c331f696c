"""The demo as a stranger runs it: `sentinel demo`, and the whole of its tour over HTTP."""

import html
import re
import signal
import ssl
import subprocess
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from sentinel.demo.place import Ports, check_ports, plan
from sentinel.demo.tour import SCANNER_RULE
from sentinel.errors import PortTaken
from sentinel.model.text import Language
from tests.system import lab
from tests.system.running import COMMAND

SPEED = "60"


@dataclass
class Demo:
    """A demo that runs, with a browser's session at each of its addresses."""

    process: object
    folder: Path
    out: Path
    ports: Ports

    def said(self) -> str:
        return self.out.read_text(encoding="utf-8", errors="replace")

    def password(self) -> str:
        found = re.search(r"password ([a-z0-9-]+)\)", self.said())
        return found[1] if found else ""

    def browser(self, port: int) -> httpx.Client:
        trust = ssl.create_default_context(cafile=self.folder / "tls" / "self-made.crt")
        return httpx.Client(
            base_url=f"https://127.0.0.1:{port}",
            verify=trust,
            trust_env=False,
            timeout=30,
            follow_redirects=True,
            headers={"Accept-Language": "en"},
        )

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)


def _shift() -> int:
    for shift in range(20_000, 50_000, 100):
        with suppress(PortTaken):
            check_ports(plan(Language.EN, shift).ports)
            return shift
    raise AssertionError("no free ports")


@contextmanager
def demo(tmp_path, *options):
    shift = _shift()
    out = tmp_path / f"demo{''.join(options)}.log"
    arguments = ["demo", "--speed", SPEED, "--shift", str(shift), "--data", tmp_path / "data"]
    environment = {"LC_ALL": "C.UTF-8", "PATH": lab.SEARCH}
    with lab.process(
        [*COMMAND, *map(str, arguments), *options], out, cwd=tmp_path, env=environment
    ) as child:
        yield Demo(child, tmp_path / "data", out, plan(Language.EN, shift).ports)


def _form(page: str, action: str) -> dict[str, list[str]]:
    """What a form on the page would send if nothing in it were changed but its hidden fields."""
    found = re.search(rf'<form[^>]* action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert found is not None, f"no form {action}"
    fields: dict[str, list[str]] = {}
    for each in re.findall(r'<input[^>]* type="hidden"[^>]*>|<input type="hidden"[^>]*>', found[0]):
        name, value = (re.search(rf' {key}="([^"]*)"', each)[1] for key in ("name", "value"))
        fields.setdefault(html.unescape(name), []).append(html.unescape(value))
    return fields


def _send(client: httpx.Client, page: str, action: str, **typed: str) -> httpx.Response:
    """Fill in a form and press its button."""
    origin = str(client.base_url).rstrip("/")
    answer = client.post(action, data=_form(page, action) | typed, headers={"Origin": origin})
    assert answer.status_code == 200, answer.text
    return answer


def _link(page: str, pattern: str) -> str:
    """The address of the first link that fits."""
    found = re.search(rf'href="({pattern})"', page)
    assert found is not None, f"no link {pattern}"
    return html.unescape(found[1])


def test_a_stranger_takes_the_tour(tmp_path):
    """Queue, alert, approval, mail, acknowledgement, suppression; then it ends in order."""
    with demo(tmp_path) as running:
        lab.wait_until("the greeting", running.password)
        with (
            running.browser(running.ports.console) as console,
            running.browser(running.ports.mailbox) as mailbox,
            running.browser(running.ports.public) as public,
        ):
            page = console.get("/login").text
            _send(console, page, "/login", name="demo", password=running.password())

            # 1. The queue fills, up to the harmless scanner.
            queue = lab.wait_until(
                "the last alert", lambda: "192.0.2.50" in (page := console.get("/").text) and page
            )
            assert [name for name in ("Department A", "Province B", "Ministry C") if name in queue]

            # 2. The alert on top, and why.
            queue = console.get("/?q=agency:tinh-b").text
            alert = console.get(_link(queue, "/alerts/[0-9a-f]+")).text
            for words in ("A web shell is in use", "79", "cmd=whoami", "level 4"):
                assert words in alert

            # 3. Its warning waits for approval.
            path = _link(alert, "/warnings/w-[0-9a-f]+")
            assert path in console.get("/warnings?state=draft").text
            _send(console, console.get(path).text, f"{path}/approve")

            # 4. The agency reads the mail and acknowledges.
            letters = lab.wait_until(
                "both letters of Province B",
                lambda: (
                    (
                        found := re.findall(
                            r'href="(/mails/\d+)', mailbox.get("/?agency=tinh-b").text
                        )
                    )
                    and len(found) == 2
                    and found
                ),
            )
            mail = next(page for one in letters if "truc@tinh-b" in (page := mailbox.get(one).text))
            link = _link(mail, f'https://127.0.0.1:{running.ports.public}/w/[^"]+')
            assert (
                link
                in mailbox.get(f"{letters[0]}/letter").text
                + mailbox.get(f"{letters[1]}/letter").text
            )
            pressed = public.post(
                link, data={"acknowledge": "yes", "name": "Trần Thị Bình"}, params={"lang": "vi"}
            )
            assert "Trần Thị Bình" in pressed.text

            # 5. The console knows.
            assert "1 of 2" in console.get("/warnings").text

            # 6. The scanner is hidden, and what is open of it closed.
            queue = console.get(f"/?q=rule:{SCANNER_RULE}").text
            path = f"{_link(queue, '/alerts/[0-9a-f]+')}/suppress"
            answer = _send(
                console,
                console.get(path).text,
                path,
                subject="source.ip",
                end="7d",
                reason="Our own scanner",
                close="yes",
                disposition="benign",
            )
            assert answer.status_code == 200
            assert "Our own scanner" in console.get("/suppressions").text
            lab.wait_until(
                "the scanner's alert is closed",
                lambda: "192.0.2.50" not in console.get("/?q=status:open").text,
            )

        assert running.stop() == 0
    assert running.said().splitlines()[-1].endswith(f"Its data: {running.folder}")
    assert "Traceback" not in running.said()


def test_other_commands_work_on_the_demo_and_it_goes_on(tmp_path):
    """With the settings it writes; --keep finds the mails and alerts of before."""
    with demo(tmp_path) as running:
        lab.wait_until("the greeting", running.password)
        lab.wait_until("a letter", lambda: list((running.folder / "mailbox").glob("*.eml")))
        listed = _command(running, "alerts", "list", "--json")
        assert "203.0.113.45" in listed
        assert running.stop() == 0
    before = sorted(one.name for one in (running.folder / "mailbox").iterdir())

    with demo(tmp_path, "--keep") as again:
        lab.wait_until("the greeting", again.password)
        assert again.stop() == 0

    after = sorted(one.name for one in (again.folder / "mailbox").iterdir())
    assert before == after[: len(before)]


def _command(running: Demo, *arguments: str) -> str:
    done = subprocess.run(
        [*COMMAND, "--config", str(running.folder / "sentinel.yml"), *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout
