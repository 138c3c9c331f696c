"""JSON that tells by its own names whose log it is: Zeek, CloudTrail, Kubernetes, Google Cloud.

Its fields keep the names they have: rules for these products are written in them.
"""

from __future__ import annotations

from collections.abc import Mapping

from sentinel.model.event import Value

PRODUCT = "sentinel.logsource.product"
CATEGORY = "sentinel.logsource.category"
SERVICE = "sentinel.logsource.service"
_NATIVE: Mapping[str, Value] = {"sentinel.names": "native"}

# What Zeek's logs are besides: rules without a product ask for these categories.
_ZEEK: Mapping[str, list[str]] = {
    "conn": ["firewall"],
    "dns": ["dns"],
    "http": ["proxy", "webserver"],
}
_TELLING = ("_path", "eventSource", "apiVersion", "protoPayload.@type")  # nothing tells but these
_ZEEK_MARKS = ("ts", "uid", "id.orig_h")


def add_logsource(fields: dict[str, Value]) -> None:
    """Write the logsource onto an event, if its own names tell it; what it says itself stays."""
    if PRODUCT in fields or CATEGORY in fields or SERVICE in fields:
        return
    if not any(name in fields for name in _TELLING):
        return
    found = _zeek(fields) or _cloud(fields)
    if found:
        fields.update(found)
        fields.update(_NATIVE)


def _zeek(fields: Mapping[str, Value]) -> dict[str, Value]:
    path = fields.get("_path")
    if not isinstance(path, str) or not any(mark in fields for mark in _ZEEK_MARKS):
        return {}
    found: dict[str, Value] = {PRODUCT: "zeek", SERVICE: path}
    categories = _ZEEK.get(path)
    return found | {CATEGORY: [*categories]} if categories else found


def _cloud(fields: Mapping[str, Value]) -> dict[str, Value]:
    source = fields.get("eventSource")
    if isinstance(source, str) and source.endswith(".amazonaws.com") and "eventName" in fields:
        return {PRODUCT: "aws", SERVICE: "cloudtrail"}
    if str(fields.get("apiVersion", "")).startswith("audit.k8s.io/"):
        return {PRODUCT: "kubernetes", CATEGORY: "application", SERVICE: "audit"}
    if str(fields.get("protoPayload.@type", "")).endswith(".audit.AuditLog"):
        return {PRODUCT: "gcp", SERVICE: "gcp.audit"}
    return {}
