r"""What OpenSSH's server says: log-ins, refusals, connections that end.

The user name in these lines is the attacker's choice and may hold blanks, even a whole line such
as "root from 192.0.2.1 port 22 ssh2"; sshd escapes control characters alone. sshd puts address
and port behind the name, so each pattern is anchored at the right end; where text that a stranger
chose can stand on both sides (a certificate's key id), an address is only stated when there is
one way to read the line. Formats: OpenSSH 9.2 (Debian 12), auth.c, packet.c, monitor.c, sshd.c.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sentinel.model.event import Value
from sentinel.normalise.address import source_fields

AMBIGUOUS_SOURCE = "_ambiguous_source"

_FROM = r"(?P<ip>\S+) port (?P<port>[0-9]{1,5})"
_STATE = "(?:authenticating|(?P<invalid>invalid))"
_NO_CHANGE = r"(?:(?!Change of username).)*"
_VERDICT = re.compile(
    r"(?P<verdict>Accepted|Failed|Postponed|Partial) (?P<method>\S+) for"
    rf" (?P<invalid>invalid user )?(?P<user>.*) from {_FROM} ssh2(?:: (?P<key>\S+(?: \S+)?))?",
    re.DOTALL,
)
# A certificate's key id is free text, so here the first place that reads as an address is looked
# for, and there must be no second one.
_CERTIFICATE = re.compile(r" from \S+ port [0-9]{1,5} ssh2: \S+-CERT \S+ ID ")
_CERTIFIED = re.compile(
    r"(?P<verdict>Accepted|Failed|Postponed|Partial) (?P<method>\S+) for"
    rf" (?P<invalid>invalid user )?(?P<user>.*?) from {_FROM} ssh2:"
    r" (?P<key>\S+-CERT \S+) ID (?P<key_id>.*) \(serial [0-9]+\) CA \S+ \S+(?: via \S+)?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One form of line: its pattern, whose groups are named after what they hold, and meaning."""

    pattern: re.Pattern[str]
    action: str
    outcome: str = "failure"
    categories: tuple[str, ...] = ("authentication",)
    types: tuple[str, ...] = ("info",)


def _line(pattern: str, action: str, outcome: str = "failure", category: str = "") -> _Line:
    compiled = re.compile(pattern, re.DOTALL)
    if category == "session":
        return _Line(compiled, action, outcome, ("session", "network"), ("end", "connection"))
    if category == "network":
        return _Line(compiled, action, outcome, ("network",), ("connection",))
    return _Line(compiled, action, outcome)


# By the first word, so that a line meets two or three patterns at most.
_LINES: Mapping[str, tuple[_Line, ...]] = {
    "Invalid": (
        _line(
            r"(?P<invalid>Invalid user) (?P<user>.*) from (?P<ip>\S+)"
            r"(?: port (?P<port>[0-9]{1,5}))?",
            "ssh_invalid_user",
        ),
    ),
    "User": (
        _line(
            r"User (?P<user>\S+)(?: from (?P<ip>\S+))? not allowed because (?P<reason>.*)",
            "ssh_user_not_allowed",
        ),
    ),
    "maximum": (
        _line(
            "maximum authentication attempts exceeded for (?P<invalid>invalid user )?"
            rf"(?P<user>.*) from {_FROM} ssh2",
            "ssh_max_auth_attempts",
        ),
    ),
    "ROOT": (_line(rf"(?P<user>ROOT) LOGIN REFUSED FROM {_FROM}", "ssh_root_refused"),),
    "PAM:": (
        _line(
            # PAM's reasons hold no " for ", but one; without (?>) a long line would take seconds.
            r"PAM: (?P<reason>(?>Have exhausted maximum number of retries for service"
            r"|(?:(?! for ).)*)) for (?P<invalid>illegal user )?(?P<user>.*) from (?P<ip>\S+)",
            "pam_authentication",
        ),
    ),
    "Connection": (
        _line(
            r"Connection (?:closed|reset) by"
            rf" (?:{_STATE} user (?P<user>.*) )?{_FROM}",
            "ssh_disconnect",
            "unknown",
            "session",
        ),
        _line(
            rf"Connection from {_FROM} on \S+ port [0-9]{{1,5}}(?: rdomain .*)?",
            "ssh_connection",
            "unknown",
            "network",
        ),
    ),
    "Disconnected": (
        _line(
            r"Disconnected from"
            rf" (?:(?:{_STATE} )?user (?P<user>.*) )?{_FROM}",
            "ssh_disconnect",
            "unknown",
            "session",
        ),
    ),
    "Received": (
        _line(
            rf"Received disconnect from {_FROM}: ?[0-9]+: ?(?P<reason>.*)",
            "ssh_disconnect",
            "unknown",
            "session",
        ),
    ),
    # The client chooses both names of the first form, so sshd's own words must stand there once.
    "Disconnecting": (
        _line(
            rf"Disconnecting {_STATE} user (?P<user>{_NO_CHANGE})"
            rf" {_FROM}: (?P<reason>Change of username or service not allowed: {_NO_CHANGE})",
            "ssh_disconnect",
            "failure",
            "session",
        ),
        _line(
            rf"Disconnecting {_STATE} user (?P<user>.*) {_FROM}: (?P<reason>[^:()]*)",
            "ssh_disconnect",
            "failure",
            "session",
        ),
    ),
    "Timeout": (
        _line(
            r"Timeout before authentication for (?:connection from )?(?P<ip>\S+)"
            r"(?: port (?P<port>[0-9]{1,5})| to \S+, pid = [0-9]+)",
            "ssh_timeout",
            "failure",
            "session",
        ),
    ),
    "Bad": (
        _line(
            rf"Bad protocol version identification '.*' from {_FROM}",
            "ssh_bad_protocol",
            "failure",
            "network",
        ),
    ),
    "Did": (
        _line(
            rf"Did not receive identification string from {_FROM}",
            "ssh_no_identification",
            "failure",
            "network",
        ),
    ),
    "banner": (
        _line(
            rf"banner exchange: Connection from {_FROM}: (?P<reason>.*)",
            "ssh_bad_protocol",
            "failure",
            "network",
        ),
    ),
    "Unable": (
        _line(
            rf"Unable to negotiate with {_FROM}: (?P<reason>.*)",
            "ssh_no_common_algorithm",
            "failure",
            "network",
        ),
    ),
    "drop": (
        _line(
            r"drop connection #[0-9]+ from \[(?P<ip>[^\]\s]+)\]:(?P<port>[0-9]{1,5}) on"
            r" \[[^\]\s]+\]:[0-9]+ (?P<reason>.*)",
            "ssh_connection_dropped",
            "failure",
            "network",
        ),
    ),
}

_OUTCOMES = {"Accepted": "success", "Failed": "failure", "Postponed": "unknown"}


def fields_of(message: str) -> dict[str, Value]:
    """Read one message of sshd; {} where it says nothing we know."""
    text = message.removesuffix(" [preauth]").removeprefix("error: ").removeprefix("fatal: ")
    word = text.partition(" ")[0]
    if word in ("Accepted", "Failed", "Postponed", "Partial"):
        return _verdict(text)
    for line in _LINES.get(word, ()):
        match = line.pattern.fullmatch(text)
        if match is not None:
            fields: dict[str, Value] = {
                "event.category": list(line.categories),
                "event.type": list(line.types),
                "event.action": line.action,
                "event.outcome": line.outcome,
            }
            return fields | _said(match.groupdict())
    return {}


def _verdict(text: str) -> dict[str, Value]:
    places = len(_CERTIFICATE.findall(text))
    if places > 1:
        verdict, method, _ = text.split(" ", 2)
        return _login(verdict, method) | {"tags": [AMBIGUOUS_SOURCE]}
    match = _CERTIFIED.fullmatch(text) if places else _VERDICT.fullmatch(text)
    if match is None:
        return {}
    return _login(match["verdict"], match["method"]) | _said(match.groupdict())


def _login(verdict: str, method: str) -> dict[str, Value]:
    return {
        "event.category": ["authentication"],
        "event.type": ["start"],
        "event.action": _action(verdict, method),
        "event.outcome": _OUTCOMES.get(verdict, "unknown"),
        "sentinel.ssh.method": method,
    }


def _action(verdict: str, method: str) -> str:
    """Refused keys are a client's normal search, and "none" a question: neither is a guess."""
    if verdict in ("Postponed", "Partial"):
        return f"ssh_login_{verdict.lower()}"
    if verdict == "Failed" and method in ("publickey", "hostbased"):
        return "ssh_key_rejected"
    if verdict == "Failed" and method == "none":
        return "ssh_methods_asked"
    return "ssh_login"


def _said(said: Mapping[str, str | None]) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    user = said.get("user")
    if user is not None:
        fields["user.name"] = "root" if user == "ROOT" else user
        fields["sentinel.ssh.invalid_user"] = bool(said.get("invalid"))
    if address := said.get("ip"):
        fields.update(source_fields(address, said.get("port")))
    if key := said.get("key"):
        fields["sentinel.ssh.key"] = key
    if reason := said.get("reason"):
        fields["event.reason"] = reason
    return fields
