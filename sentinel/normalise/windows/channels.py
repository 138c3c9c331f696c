"""Which Sigma logsource a Windows event is: its channel, else its provider, and its number say so.

Services are channels; categories are kinds of events, whichever program wrote them down (Sigma
taxonomy, "Windows"; Sysmon's own numbers). An event may be of several categories: setting a
registry value is `registry_set` and `registry_event`. What cannot be told is `*`, any word, so that
a rule is rather tried too often than not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from sentinel.model.event import Value

PRODUCT = "sentinel.logsource.product"
CATEGORY = "sentinel.logsource.category"
SERVICE = "sentinel.logsource.service"
ANY = "*"

_REMEMBERED = 4096
_DIGITS = 9  # of an event's number
_LONGEST = 256  # characters of a channel or provider that is remembered

# The channels of each service.
SERVICES: Mapping[str, tuple[str, ...]] = {
    "application": ("Application",),
    "applocker": (
        "Microsoft-Windows-AppLocker/EXE and DLL",
        "Microsoft-Windows-AppLocker/MSI and Script",
        "Microsoft-Windows-AppLocker/Packaged app-Deployment",
        "Microsoft-Windows-AppLocker/Packaged app-Execution",
    ),
    "appmodel-runtime": ("Microsoft-Windows-AppModel-Runtime/Admin",),
    "appxdeployment-server": ("Microsoft-Windows-AppXDeploymentServer/Operational",),
    "appxpackaging-om": ("Microsoft-Windows-AppxPackaging/Operational",),
    "bitlocker": (
        "Microsoft-Windows-BitLocker/BitLocker Management",
        "Microsoft-Windows-BitLocker-API/Management",
    ),
    "bits-client": ("Microsoft-Windows-Bits-Client/Operational",),
    "capi2": ("Microsoft-Windows-CAPI2/Operational",),
    "certificateservicesclient-lifecycle-system": (
        "Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational",
    ),
    "codeintegrity-operational": ("Microsoft-Windows-CodeIntegrity/Operational",),
    "dhcp": ("Microsoft-Windows-DHCP-Server/Operational",),
    "diagnosis-scripted": (
        "Microsoft-Windows-Diagnosis-Scripted/Admin",
        "Microsoft-Windows-Diagnosis-Scripted/Operational",
    ),
    "dns-client": (
        "Microsoft-Windows-DNS-Client/Operational",
        "Microsoft-Windows-DNS Client Events/Operational",
    ),
    "dns-server": ("DNS Server",),
    "dns-server-analytic": (
        "Microsoft-Windows-DNS-Server/Analytical",
        "Microsoft-Windows-DNSServer/Analytical",
    ),
    "dns-server-audit": (
        "Microsoft-Windows-DNS-Server/Audit",
        "Microsoft-Windows-DNSServer/Audit",
    ),
    "driver-framework": ("Microsoft-Windows-DriverFrameworks-UserMode/Operational",),
    "firewall-as": (
        "Microsoft-Windows-Windows Firewall With Advanced Security/ConnectionSecurity",
        "Microsoft-Windows-Windows Firewall With Advanced Security/Firewall",
    ),
    "iis-configuration": ("Microsoft-IIS-Configuration/Operational",),
    "ldap": ("Microsoft-Windows-LDAP-Client/Debug",),
    "lsa-server": ("Microsoft-Windows-LSA/Operational",),
    "microsoft-servicebus-client": (
        "Microsoft-ServiceBus-Client",
        "Microsoft-ServiceBus-Client/Admin",
        "Microsoft-ServiceBus-Client/Operational",
    ),
    "msexchange-management": ("MSExchange Management",),
    "ntlm": ("Microsoft-Windows-NTLM/Operational",),
    "openssh": ("OpenSSH/Admin", "OpenSSH/Operational"),
    "powershell": ("Microsoft-Windows-PowerShell/Operational", "PowerShellCore/Operational"),
    "powershell-classic": ("Windows PowerShell",),
    "printservice-admin": ("Microsoft-Windows-PrintService/Admin",),
    "printservice-operational": ("Microsoft-Windows-PrintService/Operational",),
    "security": ("Security",),
    "security-mitigations": (
        "Microsoft-Windows-Security-Mitigations/Kernel Mode",
        "Microsoft-Windows-Security-Mitigations/KernelMode",
        "Microsoft-Windows-Security-Mitigations/User Mode",
        "Microsoft-Windows-Security-Mitigations/UserMode",
    ),
    "sense": ("Microsoft-Windows-SENSE/Operational",),
    "shell-core": ("Microsoft-Windows-Shell-Core/Operational",),
    "smbclient-connectivity": ("Microsoft-Windows-SmbClient/Connectivity",),
    "smbclient-security": ("Microsoft-Windows-SmbClient/Security",),
    "smbserver-connectivity": ("Microsoft-Windows-SMBServer/Connectivity",),
    "sysmon": ("Microsoft-Windows-Sysmon/Operational",),
    "system": ("System",),
    "taskscheduler": ("Microsoft-Windows-TaskScheduler/Operational",),
    "terminalservices-localsessionmanager": (
        "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
    ),
    "vhdmp": (
        "Microsoft-Windows-VHDMP/Operational",
        "Microsoft-Windows-VHDMP-Operational",
    ),
    "windefend": ("Microsoft-Windows-Windows Defender/Operational",),
    "wmi": ("Microsoft-Windows-WMI-Activity/Operational",),
}

# Rules about LDAP clients go by two names.
_ALSO: Mapping[str, tuple[str, ...]] = {"ldap": ("ldap", "ldap_debug")}

# Providers of a service whose channel is not named after them.
_PROVIDERS: dict[str, str] = {
    "microsoft-windows-security-auditing": "security",
    "powershell": "powershell-classic",
    "powershellcore": "powershell",
    "service control manager": "system",
    "msexchange cmdletlogs": "msexchange-management",
    "microsoft-windows-dns-server-service": "dns-server",
}

# Sysmon's events. https://learn.microsoft.com/sysinternals/downloads/sysmon
SYSMON: Mapping[int, tuple[str, ...]] = {
    1: ("process_creation",),
    2: ("file_change",),
    3: ("network_connection",),
    4: ("sysmon_status",),
    5: ("process_termination",),
    6: ("driver_load",),
    7: ("image_load",),
    8: ("create_remote_thread",),
    9: ("raw_access_thread", "raw_access_read"),
    10: ("process_access",),
    11: ("file_event",),
    12: ("registry_event", "registry_add", "registry_delete"),
    13: ("registry_event", "registry_set"),
    14: ("registry_event", "registry_rename"),
    15: ("create_stream_hash",),
    16: ("sysmon_status",),
    17: ("pipe_created",),
    18: ("pipe_created",),
    19: ("wmi_event",),
    20: ("wmi_event",),
    21: ("wmi_event",),
    22: ("dns_query",),
    23: ("file_delete",),
    24: ("clipboard_capture",),
    25: ("process_tampering",),
    26: ("file_delete",),
    27: ("file_block_executable",),
    28: ("file_block_shredding",),
    29: ("file_executable_detected",),
    255: ("sysmon_error",),
}

# Categories of single events of other services.
_EVENTS: Mapping[str, Mapping[int, tuple[str, ...]]] = {
    "security": {
        4688: ("process_creation",),
        4657: ("registry_event", "registry_add", "registry_set"),
    },
    "powershell": {4103: ("ps_module",), 4104: ("ps_script",)},
    "powershell-classic": {
        400: ("ps_classic_start",),
        600: ("ps_classic_provider_start",),
        800: ("ps_classic_script",),
    },
}
# Categories of all events of a service. Virus scanners write to the log of applications.
_ALWAYS: Mapping[str, tuple[str, ...]] = {
    "application": ("antivirus",),
    "windefend": ("antivirus",),
    "firewall-as": ("firewall",),
    "dns-server": ("dns",),
    "dns-server-analytic": ("dns",),
}
# The kernel's own providers number their events in ways of their own.
_KERNEL: Mapping[str, tuple[str, ...]] = {
    "microsoft-windows-kernel-file": (
        *("file_access", "file_change", "file_delete", "file_event", "file_rename"),
    ),
    "microsoft-windows-kernel-network": ("network_connection",),
    "microsoft-windows-kernel-process": (
        *("image_load", "process_creation", "process_termination"),
    ),
    "microsoft-windows-kernel-registry": (
        *("registry_add", "registry_delete", "registry_event", "registry_rename", "registry_set"),
    ),
}

_LINUX_SYSMON = "linux-sysmon"
_BY_CHANNEL = {
    channel.lower(): service for service, channels in SERVICES.items() for channel in channels
} | {f"{_LINUX_SYSMON}/operational": "sysmon"}
_BY_PROVIDER = {
    channel.partition("/")[0]: service for channel, service in _BY_CHANNEL.items() if "/" in channel
} | _PROVIDERS


def logsource_of(channel: Value, provider: Value, event_id: Value) -> Mapping[str, Value]:
    """The `sentinel.logsource.*` fields of an event; none where nothing says that it is Windows'.

    Treat what comes as unchangeable: all events of one kind get the same.
    """
    if type(channel) is not str or len(channel) > _LONGEST:
        channel = ""
    if type(provider) is not str or len(provider) > _LONGEST:
        provider = ""
    return _told(channel, provider, event_id if type(event_id) is int else number_of(event_id))


def service_of(channel: Value, provider: Value) -> str:
    """The Sigma service of a channel, or else of a provider; "" where neither is known."""
    found = _BY_CHANNEL.get(channel.lower()) if isinstance(channel, str) else None
    if found is None and isinstance(provider, str):
        found = _BY_PROVIDER.get(provider.lower())
    return found or ""


def number_of(event_id: Value) -> int | None:
    """An event's number, also where it is written as text."""
    if isinstance(event_id, bool | list | float):
        return None
    if isinstance(event_id, str):
        plain = event_id.isascii() and event_id.isdigit() and len(event_id) <= _DIGITS
        return int(event_id) if plain else None
    return event_id


@lru_cache(maxsize=_REMEMBERED)
def _told(channel: str, provider: str, event_id: int | None) -> Mapping[str, Value]:
    if _LINUX_SYSMON in (provider.lower(), channel.lower().partition("/")[0]):
        return _fields("linux", ("sysmon",), SYSMON.get(event_id or 0, (ANY,)))
    service = service_of(channel, provider)
    kernel = _KERNEL.get(provider.lower(), ())
    if service:
        return _fields("windows", _ALSO.get(service, (service,)), _categories(service, event_id))
    if kernel:
        return _fields("windows", (), kernel)
    return _fields("windows", (ANY,), (ANY,)) if channel else {}


def _categories(service: str, event_id: int | None) -> tuple[str, ...]:
    if service == "sysmon":
        return SYSMON.get(event_id or 0, (ANY,))
    always = _ALWAYS.get(service, ())
    return always if event_id is None else _EVENTS.get(service, {}).get(event_id, always)


def _fields(
    product: str, services: tuple[str, ...], categories: tuple[str, ...]
) -> Mapping[str, Value]:
    fields: dict[str, Value] = {PRODUCT: product}
    for name, words in ((CATEGORY, categories), (SERVICE, services)):
        if words:
            fields[name] = words[0] if len(words) == 1 else list(words)
    return fields
