"""Which ECS field a Sigma field name means in events that Sentinel normalised.

Rules in ECS names need no binding; a name that no table knows stays as it is. Names of Windows are
those of System and EventData: normalised events keep the latter as `winlog.event_data.NAME`.
"""

from __future__ import annotations

from collections.abc import Mapping

from sentinel.detect.condition import Condition, rename
from sentinel.detect.ruleset import Logsource
from sentinel.detect.taxonomy import PRODUCTS

# W3C extended log names, as the Sigma taxonomy (appendix 2.1, "Webserver") uses them.
_WEBSERVER: Mapping[str, str] = {
    "c-ip": "source.ip",
    "c-uri": "url.original",
    "c-uri-extension": "url.extension",
    "c-uri-query": "url.query",
    "c-uri-stem": "url.path",
    "c-useragent": "user_agent.original",
    "cs-bytes": "http.request.bytes",
    "cs-host": "url.domain",
    "cs-method": "http.request.method",
    "cs-referer": "http.request.referrer",
    "cs-referrer": "http.request.referrer",
    "cs-uri": "url.original",
    "cs-uri-query": "url.query",
    "cs-uri-stem": "url.path",
    "cs-user-agent": "user_agent.original",
    "cs-username": "user.name",
    "cs-version": "http.version",
    "sc-bytes": "http.response.body.bytes",
    "sc-status": "http.response.status_code",
}

BY_CATEGORY: Mapping[str, Mapping[str, str]] = {"webserver": _WEBSERVER}

# The System part of Windows events, as the normaliser names it.
WINDOWS_SYSTEM: Mapping[str, str] = {
    "Channel": "winlog.channel",
    "Computer": "winlog.computer_name",
    "ComputerName": "winlog.computer_name",
    "Correlation_ActivityID": "winlog.activity_id",
    "EventID": "winlog.event_id",
    "EventRecordID": "winlog.record_id",
    "Execution_ProcessID": "winlog.process.pid",
    "Execution_ThreadID": "winlog.process.thread.id",
    "Keywords": "winlog.keywords",
    "Level": "winlog.level",
    "Message": "message",
    "Opcode": "winlog.opcode",
    "Provider_Guid": "winlog.provider_guid",
    "Provider_Name": "winlog.provider_name",
    "Security_UserID": "winlog.user.identifier",
    "Task": "winlog.task",
    "TimeCreated_SystemTime": "winlog.time_created",
    "Version": "winlog.version",
}
WINDOWS_DATA = "winlog.event_data."

# Names that are Windows' wherever they stand, for rules that name no product.
_TELLING = frozenset(
    (
        *("CallTrace", "CommandLine", "CurrentDirectory", "DestinationHostname", "DestinationIp"),
        *("DestinationPort", "EventID", "GrantedAccess", "Hashes", "Image", "ImageLoaded"),
        *("Initiated", "IntegrityLevel", "LogonType", "NewProcessName", "OriginalFileName"),
        *("ParentCommandLine", "ParentImage", "ParentProcessName", "ParentUser", "PipeName"),
        *("ProcessGuid", "Provider_Name", "QueryName", "ScriptBlockText", "ServiceFileName"),
        *("SourceImage", "SubjectUserName", "TargetFilename", "TargetImage", "TargetObject"),
        *("TargetUserName", "UtcTime"),
    )
)
# Categories of events that machines make, of which Windows' are the ones that get here.
_HOST_CATEGORIES = frozenset(
    (
        *("clipboard_capture", "create_remote_thread", "create_stream_hash", "dns_query"),
        *("driver_load", "file_access", "file_block_executable", "file_block_shredding"),
        *("file_change", "file_delete", "file_event", "file_executable_detected", "file_rename"),
        *("image_load", "network_connection", "pipe_created", "process_access"),
        *("process_creation", "process_tampering", "process_termination"),
        *("ps_classic_provider_start", "ps_classic_script", "ps_classic_start", "ps_module"),
        *("ps_script", "raw_access_read", "raw_access_thread", "registry_add"),
        *("registry_delete", "registry_event", "registry_rename", "registry_set"),
        *("sysmon_error", "sysmon_status", "wmi_event"),
    )
)


def bound_name(logsource: Logsource, name: str) -> str:
    """The event key for this name in a rule of this logsource."""
    table = BY_CATEGORY.get(logsource.category or "")
    if table is not None:
        return table.get(name, name)
    if "." in name or name.startswith("@") or not _is_windows(logsource, name):
        return name
    return WINDOWS_SYSTEM.get(name, WINDOWS_DATA + name)


def bind(condition: Condition, logsource: Logsource) -> Condition:
    """The condition with the names that normalised events have."""
    return rename(condition, lambda name: bound_name(logsource, name))


def _is_windows(logsource: Logsource, name: str) -> bool:
    if logsource.product in PRODUCTS:
        return logsource.product == "windows"
    return logsource.category in _HOST_CATEGORIES or name in _TELLING
