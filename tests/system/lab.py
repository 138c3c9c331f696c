"""Real hosts for tests: network namespaces on this machine with sshd, rsyslog, hydra and postfix.

    attacker 203.0.113.45 ---- agency 192.0.2.10 (sshd, rsyslog) ---- here 198.51.100.5 (Sentinel,
                                                                           postfix on 127.0.0.1)

Everything is made for one test and taken away after it. Nothing leaves the machine: the
namespaces are joined to each other and to nothing else.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

AGENCY = "192.0.2.10"
ATTACKER = "203.0.113.45"
HERE = "198.51.100.5"
MAIL_PORT = 2525
MAIL_DOMAIN = "so-a.example"
NEEDED = ("ip", "unshare", "sshd", "rsyslogd", "hydra", "postfix", "logger")
SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

HOST = Path(__file__).with_name("host.sh")


def missing() -> list[str]:
    """What of the real software is not installed here."""
    return [name for name in NEEDED if shutil.which(name, path=SEARCH) is None]


def wait_until(what: str, holds: Callable[[], object], seconds: float = 60):
    """Look again and again until it holds; the first true answer is returned."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = holds()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


def run(*command: str, **options) -> subprocess.CompletedProcess:
    """Run a command of the set-up; what it says is in the error where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done


@contextmanager
def process(command: list[str], log: Path, **options) -> Iterator[subprocess.Popen]:
    """A process in a group of its own, with its output in a file; gone at the end."""
    with log.open("ab") as out:
        child = subprocess.Popen(
            command,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **options,
        )
    try:
        yield child
    finally:
        end(child)


def end(child: subprocess.Popen) -> None:
    """Stop a process and all of its group, politely first."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(child.pid, sign)
        try:
            child.wait(timeout=15)
            break
        except subprocess.TimeoutExpired:
            continue
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


@contextmanager
def network() -> Iterator[None]:
    """The two other hosts, joined to this one and to each other."""
    made = f"{os.getpid()}"
    agency, attacker = f"agency-{made}", f"attacker-{made}"
    with ExitStack() as undo:
        for space in (agency, attacker):
            run("ip", "netns", "add", space)
            undo.callback(run, "ip", "netns", "del", space)
            run("ip", "-n", space, "link", "set", "lo", "up")
        _join((None, HERE, "st-agency"), (agency, AGENCY, "to-soc"))
        _join((attacker, ATTACKER, "to-agency"), (agency, AGENCY, "to-attacker"))
        os.environ["LAB_AGENCY"], os.environ["LAB_ATTACKER"] = agency, attacker
        yield
    subprocess.run(["ip", "link", "del", "st-agency"], capture_output=True, check=False)


def _join(one: tuple[str | None, str, str], other: tuple[str | None, str, str]) -> None:
    """A cable between two hosts, each with one address and a route to the other's."""
    subprocess.run(["ip", "link", "del", one[2]], capture_output=True, check=False)
    run("ip", "link", "add", one[2], "type", "veth", "peer", "name", other[2])
    for (space, address, device), (_, peer, _) in ((one, other), (other, one)):
        where = [] if space is None else ["-n", space]
        if space is not None:
            run("ip", "link", "set", device, "netns", space)
        run("ip", *where, "addr", "add", f"{address}/32", "dev", device)
        run("ip", *where, "link", "set", device, "up")
        run("ip", *where, "route", "add", f"{peer}/32", "dev", device, "src", address)


def at(host: str, *command: str) -> list[str]:
    """The command as it is run at "agency" or "attacker"."""
    return ["ip", "netns", "exec", os.environ[f"LAB_{host.upper()}"], *command]


@contextmanager
def agency_host(folder: Path, rsyslog_action: str) -> Iterator[None]:
    """The agency's server: sshd and rsyslog with a file system view of their own.

    `rsyslog_action` is what rsyslog does with every message, in its own language.
    """
    etc = folder / "etc"
    etc.mkdir(parents=True)
    users = {"canbo": "Mat-khau-2026", "vanthu": "vanthu@123"}
    passwd, shadow = Path("/etc/passwd").read_text(), Path("/etc/shadow").read_text()
    for number, (user, password) in enumerate(users.items(), start=2100):
        hashed = run("openssl", "passwd", "-6", password).stdout.strip()
        passwd += f"{user}:x:{number}:{number}::/tmp:/bin/sh\n"
        shadow += f"{user}:{hashed}:19000:0:99999:7:::\n"
    (etc / "passwd").write_text(passwd)
    (etc / "shadow").write_text(shadow)
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(etc / "host_key"))
    (etc / "sshd_config").write_text(
        f"Port 22\nListenAddress {AGENCY}\nHostKey {etc}/host_key\nPidFile none\n"
        "UsePAM yes\nPasswordAuthentication yes\nPermitRootLogin yes\nUseDNS no\n"
        "KbdInteractiveAuthentication no\nMaxStartups 100\n" + _without_penalties()
    )
    (etc / "rsyslog.conf").write_text(
        'module(load="imuxsock" SysSock.Name="/dev/log" SysSock.RateLimit.Interval="0")\n'
        f'input(type="imuxsock" Socket="{folder}/dev-log")\n'
        f'global(workDirectory="{folder}" localHostname="web01")\n{rsyslog_action}\n'
    )
    command = at("agency", "unshare", "--mount", "--fork", "sh", str(HOST), str(folder))
    with process(command, folder / "host.log", env={"PATH": SEARCH}):
        wait_until("sshd and rsyslog are up", (folder / "ready").exists)
        yield


def _without_penalties() -> str:
    """OpenSSH 9.8 and later slow a guesser down by themselves; here the alarm is tested."""
    option = "PerSourcePenalties no\n"
    known = subprocess.run(
        ["sshd", "-T", "-o", option.strip()], capture_output=True, check=False, env={"PATH": SEARCH}
    )
    return option if b"Bad configuration" not in known.stderr else ""


def log_at_agency(folder: Path, tag: str, message: str) -> None:
    """Say one line into the agency's rsyslog, as a program there would."""
    run("logger", "--socket", str(folder / "dev-log"), "--tag", tag, message)


@contextmanager
def mail_server(folder: Path) -> Iterator[Path]:
    """A Postfix of our own on loopback; yields the Maildir of MAIL_DOMAIN."""
    owner = pwd.getpwnam("postfix")
    etc, boxes = folder / "etc", folder / "boxes"
    for path in (etc, boxes, folder / "data", folder / "queue"):
        path.mkdir(parents=True)
    os.chown(folder / "data", owner.pw_uid, owner.pw_gid)
    os.chown(boxes, owner.pw_uid, owner.pw_gid)
    for parent in [folder, *folder.parents]:
        if parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)
    (etc / "main.cf").write_text(
        f"""compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = mail.example
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
virtual_mailbox_domains = {MAIL_DOMAIN}
virtual_mailbox_maps = static:all/
virtual_mailbox_base = {boxes}
virtual_uid_maps = static:{owner.pw_uid}
virtual_gid_maps = static:{owner.pw_gid}
virtual_minimum_uid = 1
default_transport = error:no mail leaves this machine
relay_transport = error:no mail leaves this machine
"""
    )
    (etc / "master.cf").write_text(
        f"""127.0.0.1:{MAIL_PORT} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
    )
    run("postfix", "-c", str(etc), "start", env={"PATH": SEARCH})
    try:
        wait_until("postfix answers", lambda: _answers(MAIL_PORT))
        yield boxes / "all"
    finally:
        run("postfix", "-c", str(etc), "stop", env={"PATH": SEARCH})


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            return line.recv(3) == b"220"
    except OSError:
        return False


def guess_passwords(folder: Path, user: str, passwords: list[str]) -> str:
    """Let hydra guess at the agency's sshd from the attacker's host; returns what it printed."""
    wordlist = folder / "passwords"
    wordlist.write_text("\n".join(passwords) + "\n")
    done = subprocess.run(
        at(
            "attacker", "hydra", "-l", user, "-P", str(wordlist), "-t", "4", "-I", f"ssh://{AGENCY}"
        ),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={"PATH": SEARCH},
        cwd=folder,
    )
    return done.stdout + done.stderr
