"""What the account tools say: accounts and groups made, changed, removed.

Names in these lines passed the tools' own checks. Formats: shadow 4.13 (Debian 12), useradd.c,
usermod.c, userdel.c, groupadd.c, groupdel.c, gpasswd.c, passwd.c, chage.c.
"""

from __future__ import annotations

import re

from sentinel.model.event import Value

_ADDED = ("group_member_added", ["group", "change"])
_REMOVED = ("group_member_removed", ["group", "change"])
_GROUP_GONE = ("group_deleted", ["group", "deletion"])
_CHANGED = ("account_changed", ["user", "change"])

# Pattern, action, ECS event.type. Groups are named after what they hold.
_LINES: tuple[tuple[re.Pattern[str], str, list[str]], ...] = tuple(
    (re.compile(pattern), action, types)
    for pattern, (action, types) in (
        (
            r"new user: name=(?P<target>[^,]+), UID=(?P<uid>[0-9]+), GID=(?P<gid>[0-9]+), home=.*",
            ("account_created", ["user", "creation"]),
        ),
        (
            r"(?:new group:|group added to \S+:) name=(?P<group>[^,]+)(?:, GID=(?P<gid>[0-9]+))?",
            ("group_created", ["group", "creation"]),
        ),
        (r"add '(?P<target>[^']+)' to (?:shadow )?group '(?P<group>[^']+)'", _ADDED),
        (r"user (?P<target>\S+) added by (?P<actor>\S+) to group (?P<group>\S+)", _ADDED),
        (r"delete '(?P<target>[^']+)' from (?:shadow )?group '(?P<group>[^']+)'", _REMOVED),
        (r"user (?P<target>\S+) removed by (?P<actor>\S+) from group (?P<group>\S+)", _REMOVED),
        (r"change user '(?P<target>[^']+)' UID from '(?:[0-9]+)' to '(?P<uid>[0-9]+)'", _CHANGED),
        (r"change user '(?P<target>[^']+)' password", ("password_changed", ["user", "change"])),
        (
            r"password for '(?P<target>[^']+)' changed by '(?P<actor>[^']+)'",
            ("password_changed", ["user", "change"]),
        ),
        (r"change user name '(?P<target>[^']+)' to '(?P<new>[^']+)'", _CHANGED),
        (r"change user '(?P<target>[^']+)' .*", _CHANGED),
        (r"(?:un)?lock user '(?P<target>[^']+)' password", _CHANGED),
        (r"changed password expiry for (?P<target>\S+)", _CHANGED),
        (r"delete user '(?P<target>[^']+)'", ("account_deleted", ["user", "deletion"])),
        (r"removed group '(?P<group>[^']+)' owned by '[^']+'", _GROUP_GONE),
        (r"group '(?P<group>[^']+)' removed(?: from \S+)?", _GROUP_GONE),
    )
)
_FIELDS = {
    "target": "user.target.name",
    "uid": "user.target.id",
    "new": "user.changes.name",
    "group": "group.name",
    "gid": "group.id",
    "actor": "user.name",
}


def fields_of(message: str) -> dict[str, Value]:
    """Read one message of an account tool; {} where it says nothing we know."""
    for pattern, action, types in _LINES:
        match = pattern.fullmatch(message)
        if match is None:
            continue
        fields: dict[str, Value] = {
            "event.category": ["iam"],
            "event.type": list(types),
            "event.action": action,
            "event.outcome": "success",
        }
        said = {_FIELDS[name]: value for name, value in match.groupdict().items() if value}
        return fields | said
    if message.startswith(("failed adding user ", "failed to ")):
        return {"event.category": ["iam"], "event.type": ["user"], "event.outcome": "failure"}
    return {}
