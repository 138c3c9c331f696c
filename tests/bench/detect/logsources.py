"""Whose logsource a Windows event is, in one word each for product, category and service.

Both engines read the words from the event itself, so neither pays for finding them and both route
alike. One word a part is what rsigma takes; `NONE` stands where a part is unknown, because rsigma
holds an event without a part against the rules of every value of it.
Source: Sigma taxonomy, appendix 2.1, "Windows".
"""

from collections.abc import Mapping
from typing import Any

FIELDS = {part: f"sentinel.logsource.{part}" for part in ("product", "category", "service")}
NAMES = "sentinel.names"  # whose names the fields have; Sentinel's rules are asked by the same
NONE = "none"

_SYSMON = {
    1: "process_creation",
    2: "file_change",
    3: "network_connection",
    4: "sysmon_status",
    6: "driver_load",
    7: "image_load",
    8: "create_remote_thread",
    9: "raw_access_thread",
    10: "process_access",
    11: "file_event",
    13: "registry_set",
    14: "registry_rename",
    15: "create_stream_hash",
    16: "sysmon_status",
    17: "pipe_created",
    18: "pipe_created",
    19: "wmi_event",
    20: "wmi_event",
    21: "wmi_event",
    22: "dns_query",
    23: "file_delete",
    25: "process_tampering",
    26: "file_delete",
    29: "file_executable_detected",
    255: "sysmon_error",
}
_POWERSHELL = {4103: "ps_module", 4104: "ps_script"}
_CLASSIC = {400: "ps_classic_start", 600: "ps_classic_provider_start"}
_REGISTRY_KEY = 12  # of Sysmon; whether a key came or went stands in EventType

_CHANNELS: dict[str, tuple[str, dict[int, str]]] = {
    "microsoft-windows-sysmon/operational": ("sysmon", _SYSMON),
    "microsoft-windows-powershell/operational": ("powershell", _POWERSHELL),
    "windows powershell": ("powershell-classic", _CLASSIC),
    "security": ("security", {}),
    "system": ("system", {}),
    "application": ("application", {}),
    "microsoft-windows-bits-client/operational": ("bits-client", {}),
    "microsoft-windows-taskscheduler/operational": ("taskscheduler", {}),
    "microsoft-windows-windows firewall with advanced security/firewall": ("firewall-as", {}),
    "microsoft-windows-wmi-activity/operational": ("wmi", {}),
    "msexchange management": ("msexchange-management", {}),
}


def words(product: str, category: str = NONE, service: str = NONE) -> dict[str, str]:
    """The fields that say whose logsource an event is, and that its names are its own."""
    said = dict(zip(FIELDS.values(), (product, category, service), strict=True))
    return {**said, NAMES: "native"}


def of_windows(event: Mapping[str, Any]) -> dict[str, str]:
    """The fields for a Windows event with its native names."""
    service, categories = _CHANNELS.get(str(event.get("Channel", "")).lower(), (NONE, {}))
    number = int(event.get("EventID", 0))
    if categories is _SYSMON and number == _REGISTRY_KEY:
        gone = str(event.get("EventType", "")).startswith("Delete")
        return words("windows", "registry_delete" if gone else "registry_add", service)
    return words("windows", categories.get(number, NONE), service)
