"""What sudo says: who ran what as whom, and who was refused.

The folder (PWD), the environment (ENV) and the command are the user's choice and may themselves
hold " ; USER=root ; COMMAND=...". sudo writes its keys in one fixed order, each once. Where that
does not hold, the line is read so that nothing a rule may look for is lost: the command is the
longest there can be, all users named are kept, and the line is tagged. Format: sudo 1.9,
lib/eventlog/eventlog.c.
"""

from __future__ import annotations

import re

from sentinel.model.event import Value

AMBIGUOUS_COMMAND = "_ambiguous_command"

_KEYS = ("HOST", "TTY", "CHROOT", "PWD", "USER", "GROUP", "TSID", "ENV", "COMMAND")
_SEPARATOR = " ; "
_USER = re.compile(r" *([^\s:][^:]{0,255}?) : ")
_DENIED = re.compile(
    "NOT in sudoers|NOT authorized|not allowed|incorrect password|password is required"
    "|no tty present|must have a tty|terminal is required|account .*(?:expired|locked)"
)
_CONTINUED = "(command continued) "


def fields_of(message: str) -> dict[str, Value]:
    """Read one message of sudo; {} where it says nothing we know."""
    head = _USER.match(message)
    if head is None:
        return {}
    rest = message[head.end() :]
    if rest.startswith(_CONTINUED):
        return {
            "event.category": ["process"],
            "event.type": ["info"],
            "event.action": "sudo_command_continued",
            "user.name": head[1],
            "process.command_line": rest.removeprefix(_CONTINUED),
        }
    parts, ordered = _parts(rest)
    why = _SEPARATOR.join(parts.get("", ()))
    if not why and "COMMAND" not in parts:
        return {}
    fields: dict[str, Value] = {"user.name": head[1]} | _verdict(why) | _target(parts)
    return fields if ordered else fields | {"tags": [AMBIGUOUS_COMMAND]}


def _verdict(why: str) -> dict[str, Value]:
    if not why:
        return {
            "event.category": ["process"],
            "event.type": ["start"],
            "event.action": "sudo_command",
            "event.outcome": "success",
        }
    denied = _DENIED.search(why) is not None
    return {
        "event.category": ["authentication", "process"],
        "event.type": ["denied" if denied else "error"],
        "event.action": "sudo_denied" if denied else "sudo_problem",
        "event.outcome": "failure" if denied else "unknown",
        "event.reason": why,
    }


def _parts(rest: str) -> tuple[dict[str, list[str]], bool]:
    """The values by key, the reason of a refusal under "", and whether the order was sudo's.

    Everything from the first COMMAND on is the command: it comes last and may hold anything.
    """
    before, found_it, command = f"{_SEPARATOR}{rest}".partition(f"{_SEPARATOR}COMMAND=")
    found: dict[str, list[str]] = {"COMMAND": [command]} if found_it else {}
    at_key, ordered = -1, f"{_SEPARATOR}COMMAND=" not in command
    for piece in before.removeprefix(_SEPARATOR).split(_SEPARATOR):
        key, equals, value = piece.partition("=")
        if equals and key in _KEYS:
            ordered = ordered and _KEYS.index(key) > at_key
            at_key = max(at_key, _KEYS.index(key))
            found.setdefault(key, []).append(value)
        elif at_key >= 0:
            found[_KEYS[at_key]][-1] += _SEPARATOR + piece
        elif piece:
            found.setdefault("", []).append(piece)
    return found, ordered


def _target(parts: dict[str, list[str]]) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    command = "".join(parts.get("COMMAND", ()))
    users = parts.get("USER", [])
    inside = [
        piece.partition("=")[2] for piece in command.split(_SEPARATOR) if piece.startswith("USER=")
    ]
    if command:
        fields["process.command_line"] = command
    if folder := parts.get("PWD"):
        fields["process.working_directory"] = _SEPARATOR.join(folder)
    if users + inside:
        named = list(dict.fromkeys(users + inside))
        fields["user.effective.name"] = named[0] if len(named) == 1 else list(named)
    if terminal := parts.get("TTY"):
        fields["process.tty.name"] = terminal[0]
    return fields
