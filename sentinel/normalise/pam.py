"""What PAM modules say in the name of the program they serve.

`ruser` and `user` can be a stranger's choice (an FTP server passes them on), so an address is only
stated where the line can be read in one way. Formats: Linux-PAM 1.5 (Debian 12), pam_unix,
pam_faillock; sssd's pam_sss.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sentinel.model.event import Value
from sentinel.normalise.address import source_fields
from sentinel.normalise.sshd import AMBIGUOUS_SOURCE

# Services through which one user becomes another: PAM's "user" is then the target.
_SWITCHING = frozenset({"su", "su-l", "runuser", "runuser-l"})
_MODULE = re.compile(
    r"(?P<module>pam_[a-z0-9_]+)\((?P<service>[^:()\s]+):(?P<type>auth|account|session|chauthtok"
    r"|setcred)\): (?P<text>.*)",
    re.DOTALL,
)
_MORE = re.compile(r"PAM (?P<text>[0-9]+ more authentication failures?; .*)", re.DOTALL)
_AUTHENTICATION = re.compile(
    r"(?:(?P<more>[0-9]{1,9}) more )?authentication (?P<verdict>failure|success)s?; "
    r"logname=(?P<logname>\S*) uid=(?P<uid>[0-9]*) euid=[0-9]* tty=(?P<tty>\S*)"
    r" ruser=(?P<ruser>.*?) rhost=(?P<rhost>\S*)(?: +user=(?P<user>.*))? *",
    re.DOTALL,
)
_OPENED = re.compile(
    r"session opened for user (?P<user>[^\s(]+)(?:\(uid=(?P<uid>[0-9]+)\))?"
    r" by (?P<by>[^\s(]*)(?:\(uid=[0-9]+\))?"
)
_SIMPLE = (
    (re.compile(r"session closed for user (?P<user>\S+)"), "pam_session_closed", "success"),
    (re.compile(r"password changed for (?P<user>\S+)"), "password_changed", "success"),
    (re.compile(r"account (?P<user>\S+) has expired.*"), "pam_account_expired", "failure"),
    (re.compile(r"check pass; user (?:\((?P<user>.*)\) )?unknown"), "pam_unknown_user", "failure"),
    (re.compile(r"bad username \[(?P<user>.*)\]"), "pam_unknown_user", "failure"),
    (
        re.compile(r"auth could not identify password for \[(?P<user>.*)\]"),
        "pam_authentication",
        "failure",
    ),
    (re.compile(r"conversation failed"), "pam_authentication", "failure"),
    (
        re.compile(
            r"Consecutive login failures for user (?P<user>.*) account (?:temporarily|permanently)"
            r" locked"
        ),
        "pam_account_locked",
        "failure",
    ),
)
_KINDS: Mapping[str, tuple[list[str], list[str]]] = {
    "pam_session_opened": (["session"], ["start"]),
    "pam_session_closed": (["session"], ["end"]),
    "password_changed": (["iam"], ["user", "change"]),
}


def is_pam(message: str) -> bool:
    """Whether a PAM module speaks in this line, whichever program it serves."""
    return message.startswith(("pam_", "PAM ")) and (
        _MODULE.match(message) is not None or _MORE.match(message) is not None
    )


def fields_of(message: str) -> dict[str, Value]:
    """Read one line of a PAM module; {} where none speaks."""
    match = _MODULE.fullmatch(message)
    if match is not None:
        fields: dict[str, Value] = {
            "sentinel.pam.service": match["service"],
            "sentinel.pam.type": match["type"],
            "sentinel.pam.module": match["module"],
        }
        return fields | _meaning(match["text"], match["service"])
    more = _MORE.fullmatch(message)
    return {} if more is None else _meaning(more["text"], "")


def _meaning(text: str, service: str) -> dict[str, Value]:
    match = _AUTHENTICATION.fullmatch(text)
    if match is not None:
        return _authentication(match, service)
    opened = _OPENED.fullmatch(text)
    if opened is not None:
        return _event("pam_session_opened", "success") | _opened(opened, service)
    for pattern, action, outcome in _SIMPLE:
        simple = pattern.fullmatch(text)
        if simple is not None:
            return _event(action, outcome) | _simple(simple, action, service)
    return {}


def _event(action: str, outcome: str) -> dict[str, Value]:
    categories, types = _KINDS.get(action, (["authentication"], ["start"]))
    return {
        "event.category": list(categories),
        "event.type": list(types),
        "event.action": action,
        "event.outcome": outcome,
    }


def _authentication(match: re.Match[str], service: str) -> dict[str, Value]:
    fields = _event("pam_authentication", match["verdict"])
    if match["more"]:
        fields["sentinel.repeated"] = int(match["more"])
    if match["tty"]:
        fields["process.tty.name"] = match["tty"]
    # sshd passes no ruser on, so there the first address is PAM's own.
    if match["tty"] != "ssh" and match[0].count(" rhost=") > 1:
        return fields | {"tags": [AMBIGUOUS_SOURCE]}
    fields |= _actor(match["ruser"], match["user"] or "", service)
    return fields | (source_fields(match["rhost"]) if match["rhost"] else {})


def _actor(acting: str, user: str, service: str) -> dict[str, Value]:
    if service in _SWITCHING and acting and user:
        return {"user.name": acting, "user.effective.name": user}
    name = user or acting
    return {"user.name": name} if name else {}


def _opened(match: re.Match[str], service: str) -> dict[str, Value]:
    if match["by"] and (service in _SWITCHING or service.startswith("sudo")):
        fields: dict[str, Value] = {"user.name": match["by"], "user.effective.name": match["user"]}
        return fields | ({"user.effective.id": match["uid"]} if match["uid"] else {})
    fields = {"user.name": match["user"]}
    return fields | ({"user.id": match["uid"]} if match["uid"] else {})


def _simple(match: re.Match[str], action: str, service: str) -> dict[str, Value]:
    user = match.groupdict().get("user")
    if not user:
        return {}
    if action == "password_changed":
        return {"user.target.name": user}
    if action == "pam_session_closed" and (service in _SWITCHING or service.startswith("sudo")):
        return {"user.effective.name": user}
    return {"user.name": user}
