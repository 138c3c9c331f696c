"""Native names from ECS ones: what Winlogbeat moved out of `winlog.event_data` is put back.

Its modules rename `Image` to `process.executable`, and rules for Windows ask for `Image`.
"""

from __future__ import annotations

from functools import lru_cache

from sentinel.model.event import Value
from sentinel.normalise.windows.channels import number_of, service_of
from sentinel.normalise.windows.ecs_names import ecs_names

_DIRECTIONS = {"egress": "true", "outbound": "true", "ingress": "false", "inbound": "false"}
_HASHES = (
    ("md5", "MD5"),
    ("sha1", "SHA1"),
    ("sha256", "SHA256"),
)


def add_native_names(fields: dict[str, Value]) -> None:
    """Give an event with ECS names its native ones; those that it has are left alone."""
    if "winlog.channel" not in fields:
        return
    service = service_of(fields.get("Channel"), fields.get("Provider_Name"))
    for native, ecs in _pairs(service, number_of(fields.get("EventID"))):
        if ecs in fields:
            fields.setdefault(native, fields[ecs])
    if "message" in fields:
        fields.setdefault("Message", fields["message"])
    if service == "sysmon":
        _add_sysmon(fields)


@lru_cache(maxsize=1024)
def _pairs(service: str, event_id: int | None) -> tuple[tuple[str, str], ...]:
    return tuple(ecs_names(service, event_id).items())


def _add_sysmon(fields: dict[str, Value]) -> None:
    """What Winlogbeat writes in another way: who, which direction, which hashes."""
    user, domain = fields.get("user.name"), fields.get("user.domain")
    if isinstance(user, str):
        fields.setdefault("User", f"{domain}\\{user}" if isinstance(domain, str) else user)
    direction = _DIRECTIONS.get(str(fields.get("network.direction")))
    if direction is not None:
        fields.setdefault("Initiated", direction)
    if "Hashes" in fields:
        return
    for holder in ("process", "file", "dll"):
        found = [
            f"{word}={str(fields[name]).upper()}"
            for kind, word in _HASHES
            if (name := f"{holder}.hash.{kind}") in fields
        ]
        imphash = fields.get(f"{holder}.pe.imphash")
        if isinstance(imphash, str):
            found.append(f"IMPHASH={imphash.upper()}")
        if found:
            fields["Hashes"] = ",".join(found)
            return
