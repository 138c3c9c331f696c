"""What su says: who became whom, or tried to.

Formats: util-linux 2.38 (Debian 12), login-utils/su-common.c; shadow's su of older systems.
"""

from __future__ import annotations

import re

from sentinel.model.event import Value

# The target exists on the machine, or su would have ended before this line.
_UTIL_LINUX = re.compile(
    r"(?P<failed>FAILED (?:SU|RUNUSER) )?\(to (?P<target>\S+)\) (?P<user>\S+) on (?P<tty>\S+)"
)
_SHADOW = re.compile(r"(?:(?P<failed>FAILED)|Successful) su for (?P<target>\S+) by (?P<user>\S+)")
_SHADOW_SHORT = re.compile(r"(?:\+|(?P<failed>-)) (?P<tty>\S+) (?P<user>[^\s:]+):(?P<target>\S+)")


def fields_of(message: str) -> dict[str, Value]:
    """Read one message of su; {} where it says nothing we know."""
    for pattern in (_UTIL_LINUX, _SHADOW, _SHADOW_SHORT):
        match = pattern.fullmatch(message)
        if match is not None:
            return _session(match.groupdict())
    return {}


def _session(said: dict[str, str | None]) -> dict[str, Value]:
    fields: dict[str, Value] = {
        "event.category": ["authentication", "session"],
        "event.type": ["start"],
        "event.action": "su_session",
        "event.outcome": "failure" if said["failed"] else "success",
        "user.name": said["user"],
        "user.effective.name": said["target"],
    }
    if terminal := said.get("tty"):
        fields["process.tty.name"] = terminal
    return fields
