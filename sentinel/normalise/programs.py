"""Which program's words are understood, and which Sigma log source each program is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sentinel.model.event import Value
from sentinel.normalise import accounts, cron, pam, sshd, su, sudo

Reader = Callable[[str], dict[str, Value]]

_REPEATED = re.compile(r"message repeated ([0-9]{1,9}) times: \[ ?(.*)\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Program:
    """A program: its Sigma services (taxonomy, `logsource.service`), data set and reader."""

    services: tuple[str, ...]
    dataset: str
    reader: Reader | None = None


_SSHD = Program(("sshd", "auth", "syslog"), "system.auth", sshd.fields_of)
_SU = Program(("su", "auth", "syslog"), "system.auth", su.fields_of)
_ACCOUNTS = Program(("auth", "syslog"), "system.auth", accounts.fields_of)
_AUTH = Program(("auth", "syslog"), "system.auth")
_CRON = Program(("cron", "syslog"), "system.syslog", cron.fields_of)
_OTHER = Program(("syslog",), "system.syslog")

# By the tag in lower case. OpenSSH 9.8 split sshd in two, 10.0 in three.
PROGRAMS: Mapping[str, Program] = {
    "sshd": _SSHD,
    "sshd-session": _SSHD,
    "sshd-auth": _SSHD,
    "sudo": Program(("sudo", "auth", "syslog"), "system.auth", sudo.fields_of),
    "su": _SU,
    "runuser": _SU,
    **dict.fromkeys(
        (
            *("useradd", "usermod", "userdel", "groupadd", "groupmod", "groupdel", "gpasswd"),
            *("passwd", "chpasswd", "chage", "newusers", "adduser", "deluser"),
        ),
        _ACCOUNTS,
    ),
    **dict.fromkeys(("login", "systemd-logind", "polkitd", "pkexec", "gdm-password"), _AUTH),
    **dict.fromkeys(("cron", "crond", "crontab"), _CRON),
    "vsftpd": Program(("vsftpd", "syslog"), "system.syslog"),
    **dict.fromkeys(("clamd", "freshclam"), Program(("clamav", "syslog"), "system.syslog")),
}

# Tags under which web servers send their access log.
WEB_PRODUCTS: Mapping[str, str] = {
    "nginx": "nginx",
    "apache": "apache",
    "apache2": "apache",
    "httpd": "apache",
}


def message_fields(name: str, message: str) -> dict[str, Value]:
    """What a program's message means, with its log source. Never empty, never raises."""
    program = PROGRAMS.get(name, _OTHER)
    fields: dict[str, Value] = {
        "event.dataset": program.dataset,
        "sentinel.logsource.product": "linux",
        "sentinel.logsource.service": list(program.services),
    }
    if name:
        fields["event.provider"] = name
    repeated = _REPEATED.fullmatch(message) if message.startswith("message repeated ") else None
    if repeated is not None:
        message = repeated[2]
        fields["sentinel.repeated"] = int(repeated[1])
    if pam.is_pam(message):
        fields["sentinel.logsource.service"] = [*program.services, "pam"]
        fields.update(pam.fields_of(message))
    elif program.reader is not None:
        fields.update(program.reader(message))
    return fields
