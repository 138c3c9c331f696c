"""What cron and crontab say: jobs that ran, tables that were changed.

Format: Debian 12's cron 3.0pl1, "(user) EVENT (detail)". The detail is the user's own text and
comes last.
"""

from __future__ import annotations

import re

from sentinel.model.event import Value

_LINE = re.compile(r"\((?P<user>[^()]*)\) (?P<event>[A-Z][A-Za-z ]*) \((?P<detail>.*)\)", re.DOTALL)
_CHANGES = {"REPLACE": "crontab_replaced", "DELETE": "crontab_deleted"}


def fields_of(message: str) -> dict[str, Value]:
    """Read one message of cron or crontab; {} where it says nothing we know."""
    match = _LINE.fullmatch(message)
    if match is None:
        return {}
    user, event, detail = match.groups()
    if event == "CMD":
        return {
            "event.category": ["process"],
            "event.type": ["start"],
            "event.action": "cron_command",
            "user.name": user,
            "process.command_line": detail.strip(),
        }
    if event in _CHANGES:
        return {
            "event.category": ["configuration"],
            "event.type": ["change"],
            "event.action": _CHANGES[event],
            "event.outcome": "success",
            "user.name": user,
            "user.target.name": detail,
        }
    return {}
