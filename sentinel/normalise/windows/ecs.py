"""A Windows event in ECS, as Winlogbeat would have written it; nothing of it gets lost.

Every native field that is no part of System stays as `winlog.event_data.NAME`: rules with native
names are bound to that (`detect/bind.py`), people and rules in ECS names find the rest where ECS
has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from ntpath import basename, dirname, splitext

from sentinel.model.event import Scalar, Value
from sentinel.normalise.address import canonical_ip
from sentinel.normalise.fields import FieldType, field_of
from sentinel.normalise.objects import listed
from sentinel.normalise.windows.channels import number_of, service_of
from sentinel.normalise.windows.ecs_names import ACCOUNTS, GROUPS, LOGONS, SYSTEM, ecs_names

DATA = "winlog.event_data."
OWN = "sentinel."
_NAMES = "sentinel.names"

# What one of Sigma's categories is in ECS: category, type.
_KINDS: Mapping[str, tuple[str, str]] = {
    "process_creation": ("process", "start"),
    "process_termination": ("process", "end"),
    "network_connection": ("network", "connection"),
    "driver_load": ("driver", "start"),
    "image_load": ("library", "start"),
    "file_event": ("file", "creation"),
    "file_change": ("file", "change"),
    "file_delete": ("file", "deletion"),
    "registry_event": ("registry", "change"),
    "dns_query": ("network", "info"),
}
_SUCCESS, _FAILURE = 0x0020000000000000, 0x0010000000000000  # "Audit Success", "Audit Failure"
_HIVES = frozenset(("HKLM", "HKU", "HKCR", "HKCU", "HKCC"))


def ecs_fields(native: Mapping[str, Value]) -> dict[str, Value]:
    """The event in ECS. `native` is what `native_fields` gave; its logsource is kept."""
    fields: dict[str, Value] = {}
    for name, value in native.items():
        placed = _placed(name)
        right = typed(placed, value) if name in SYSTEM else value
        if right is not None or value is None:
            fields.setdefault(placed, right)
        else:
            fields.setdefault(DATA + name, value)
    if native.get("sentinel.logsource.product") == "linux":
        # Rules for Linux ask for Sysmon's names as they are: no other log there has them.
        fields = {**native, **fields}
    fields.pop(_NAMES, None)
    _add_event(fields)
    service = service_of(native.get("Channel"), native.get("Provider_Name"))
    event_id = number_of(native.get("EventID"))
    for own, name in _pairs(service, event_id):
        value = typed(name, native.get(own))
        if value is not None:
            fields.setdefault(name, value)
    _add_kind(fields)
    if service == "sysmon":
        _add_sysmon(native, fields)
    elif service == "security":
        _add_security(event_id, fields)
    _add_parts(fields)
    return fields


@lru_cache(maxsize=8192)
def _placed(name: str) -> str:
    """Where a native field goes; ECS names, and ours, stay."""
    known = SYSTEM.get(name)
    if known is not None:
        return known
    is_ecs = "." in name or name.startswith("@") or name == "message"
    return name if is_ecs else DATA + name


def typed(name: str, value: Value) -> Value:
    """The value as the ECS field's type wants it; None where it cannot be that."""
    known = field_of(name)
    kind = FieldType.KEYWORD if known is None else known.type
    if isinstance(value, list):
        return [each for each in (_typed(kind, each) for each in value) if each is not None]
    return _typed(kind, value)


def _typed(kind: FieldType, value: Scalar) -> Scalar:
    if value is None or value in ("", "-"):
        return None
    if kind is FieldType.LONG:
        return _whole(value)
    if kind is FieldType.IP:
        return canonical_ip(str(value)) or None
    if kind is FieldType.BOOLEAN:
        return {"true": True, "false": False}.get(str(value).lower())
    return value if isinstance(value, str) else str(value)


def _whole(value: Scalar) -> int | None:
    """Windows writes process ids in decimals or, in the audit, as 0x1a4."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = str(value)[:20]
    try:
        return int(text, 16 if text[:2].lower() == "0x" else 10)
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _pairs(service: str, event_id: int | None) -> tuple[tuple[str, str], ...]:
    return tuple(ecs_names(service, event_id).items())


def _add_event(fields: dict[str, Value]) -> None:
    """What ECS says of every event."""
    event_id, provider = fields.get("winlog.event_id"), fields.get("winlog.provider_name")
    if isinstance(event_id, str | int):
        fields.setdefault("event.code", str(event_id))
    if isinstance(provider, str):
        fields.setdefault("event.provider", provider)
    fields.setdefault("event.dataset", "windows.events")
    computer = fields.get("winlog.computer_name")
    if isinstance(computer, str) and computer:
        fields.setdefault("host.name", computer)
        fields.setdefault("host.hostname", computer)


def _add_kind(fields: dict[str, Value]) -> None:
    category = fields.get("sentinel.logsource.category")
    for word in listed(category):
        kind = _KINDS.get(str(word))
        if kind is not None:
            fields.setdefault("event.category", [kind[0]])
            fields.setdefault("event.type", [kind[1]])


def _add_sysmon(native: Mapping[str, Value], fields: dict[str, Value]) -> None:
    user = native.get("User") or native.get("SourceUser")
    if isinstance(user, str) and user not in ("", "-"):
        domain, _, name = user.rpartition("\\")
        fields.setdefault("user.name", name)
        if domain:
            fields.setdefault("user.domain", domain)
    initiated = str(native.get("Initiated")).lower()
    if initiated in ("true", "false"):
        fields.setdefault("network.direction", "egress" if initiated == "true" else "ingress")
    address = fields.get("destination.ip")
    if isinstance(address, str):
        fields.setdefault("network.type", f"ipv{ip_address(address).version}")
    _add_hashes(native.get("Hashes", native.get("Hash")), fields)


def _add_hashes(hashes: Value, fields: dict[str, Value]) -> None:
    """Sysmon writes them as `SHA1=...,MD5=...,SHA256=...,IMPHASH=...`."""
    if not isinstance(hashes, str):
        return
    holder = "file" if "file.path" in fields else "process"
    for part in hashes.split(",")[:8]:
        kind, equals, digest = part.strip().partition("=")
        kind = kind.lower()
        if not equals or not digest.strip("0"):
            continue
        if kind == "imphash":
            fields.setdefault(f"{holder}.pe.imphash", digest.lower())
        elif kind in ("md5", "sha1", "sha256"):
            fields.setdefault(f"{holder}.hash.{kind}", digest.lower())


def _add_security(event_id: int | None, fields: dict[str, Value]) -> None:
    keywords = fields.get("winlog.keywords")
    said = None if isinstance(keywords, list) else _whole(keywords)
    if said is not None and said & (_SUCCESS | _FAILURE):
        fields.setdefault("event.outcome", "success" if said & _SUCCESS else "failure")
    if event_id in LOGONS:
        fields.setdefault("event.category", ["authentication"])
        fields.setdefault("event.type", ["end" if event_id in (4634, 4647, 4779) else "start"])
        if event_id in (4625, 4771):
            fields["event.outcome"] = "failure"
    elif event_id in ACCOUNTS or event_id in GROUPS:
        fields.setdefault("event.category", ["iam"])
        fields.setdefault("event.type", ["user" if event_id in ACCOUNTS else "group"])


def _add_parts(fields: dict[str, Value]) -> None:
    """Names and folders of what stands there as a path."""
    for process in ("process", "process.parent"):
        path = fields.get(f"{process}.executable")
        if isinstance(path, str):
            fields.setdefault(f"{process}.name", basename(path))
    path = fields.get("file.path")
    if isinstance(path, str):
        fields.setdefault("file.name", basename(path))
        fields.setdefault("file.directory", dirname(path))
        extension = splitext(path)[1].removeprefix(".")
        if extension:
            fields.setdefault("file.extension", extension)
    path = fields.get("registry.path")
    if isinstance(path, str):
        hive, _, key = path.partition("\\")
        if hive in _HIVES:
            fields.setdefault("registry.hive", hive)
            fields.setdefault("registry.key", key)
        fields.setdefault("registry.value", basename(path))
