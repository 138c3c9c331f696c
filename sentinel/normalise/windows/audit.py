"""Sysmon's names for what Windows' own audit says: rules for a category are written in them.

The taxonomy lets a process creation be Sysmon's event 1 or the audit's 4688, a registry event be
12 to 14 or 4657, and its rules ask for `Image` and `TargetObject`. The event keeps its own names.
"""

from __future__ import annotations

from collections.abc import Mapping

from sentinel.model.event import Value
from sentinel.normalise.windows.channels import number_of, service_of

PROCESS_CREATED = 4688
REGISTRY_CHANGED = 4657
AUDITED = (PROCESS_CREATED, REGISTRY_CHANGED, "4688", "4657")  # compared, not looked up

_PROCESS: Mapping[str, str] = {
    "Image": "NewProcessName",
    "ParentImage": "ParentProcessName",
    "IntegrityLevel": "MandatoryLabel",
    "LogonId": "SubjectLogonId",
}
_REGISTRY: Mapping[str, str] = {"Image": "ProcessName", "Details": "NewValue"}
_HIVES = (
    ("\\REGISTRY\\MACHINE", "HKLM"),
    ("\\REGISTRY\\USER", "HKU"),
)


def add_audit_names(fields: dict[str, Value]) -> None:
    """Give an event of the security log the names that Sysmon has for the same things."""
    if service_of(fields.get("Channel"), fields.get("Provider_Name")) != "security":
        return
    created = number_of(fields.get("EventID")) == PROCESS_CREATED
    for name, own in (_PROCESS if created else _REGISTRY).items():
        if own in fields:
            fields.setdefault(name, fields[own])
    if created:
        user, domain = fields.get("SubjectUserName"), fields.get("SubjectDomainName")
        if isinstance(user, str) and isinstance(domain, str):
            fields.setdefault("User", f"{domain}\\{user}")
    else:
        target = _target(fields.get("ObjectName"), fields.get("ObjectValueName"))
        if target:
            fields.setdefault("TargetObject", target)


def _target(key: Value, value: Value) -> str:
    """A key and its value as Sysmon writes them, with HKLM or HKU in front."""
    if not isinstance(key, str):
        return ""
    for kernel, short in _HIVES:
        if key.upper().startswith(kernel):
            key = short + key[len(kernel) :]
            break
    return f"{key}\\{value}" if isinstance(value, str) and value not in ("", "-") else key
