"""The fields that events of some logsources have: Sysmon's, and those of web logs.

Names: Sysmon's event schema, and the Sigma taxonomy (appendix of the specification). Only
logsources whose fields are settled stand here; where nothing is known nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping

_SYSTEM = frozenset(
    (
        *("Channel", "Computer", "EventID", "Execution_ProcessID", "Execution_ThreadID"),
        *("Keywords", "Level", "Opcode", "Provider_Name", "RuleName", "Security_UserID", "Task"),
        *("UtcTime", "Version", "EventRecordID", "EventType"),
    )
)
_PROCESS = frozenset(("Image", "ProcessGuid", "ProcessId", "User"))
_FILE_VERSION = frozenset(
    ("Company", "Description", "FileVersion", "OriginalFileName", "Product", "Hashes")
)
_SIGNATURE = frozenset(("Signature", "SignatureStatus", "Signed"))
_HASHES = frozenset(("md5", "sha1", "sha256", "Imphash", "imphash"))
_REGISTRY = _SYSTEM | _PROCESS | {"Details", "NewName", "TargetObject"}
_FILE = _SYSTEM | _PROCESS | {"CreationUtcTime", "TargetFilename"}
_SOURCE_TARGET = frozenset(
    (
        *("SourceImage", "SourceProcessGUID", "SourceProcessGuid", "SourceProcessId"),
        *("SourceThreadId", "SourceUser", "TargetImage", "TargetProcessGUID"),
        *("TargetProcessGuid", "TargetProcessId", "TargetUser"),
    )
)

_WINDOWS: Mapping[str, frozenset[str]] = {
    "process_creation": _SYSTEM
    | _PROCESS
    | _FILE_VERSION
    | _HASHES
    | frozenset(
        (
            *("CommandLine", "CurrentDirectory", "IntegrityLevel", "LogonGuid", "LogonId"),
            *("ParentCommandLine", "ParentImage", "ParentProcessGuid", "ParentProcessId"),
            *("ParentUser", "TerminalSessionId", "SubjectUserName", "SubjectUserSid"),
            *("NewProcessName", "ParentProcessName", "TokenElevationType", "MandatoryLabel"),
            *("GrandParentImage", "SubjectLogonId", "TargetUserName", "ProcessCommandLine"),
        )
    ),
    "process_termination": _SYSTEM | _PROCESS,
    "network_connection": _SYSTEM
    | _PROCESS
    | frozenset(
        (
            *("DestinationHostname", "DestinationIp", "DestinationIsIpv6", "DestinationPort"),
            *("DestinationPortName", "Initiated", "Protocol", "SourceHostname", "SourceIp"),
            *("SourceIsIpv6", "SourcePort", "SourcePortName", "CommandLine", "ParentImage"),
        )
    ),
    "driver_load": _SYSTEM | _FILE_VERSION | _SIGNATURE | _HASHES | {"ImageLoaded"},
    "image_load": _SYSTEM
    | _PROCESS
    | _FILE_VERSION
    | _SIGNATURE
    | _HASHES
    | {"ImageLoaded", "CommandLine"},
    "create_remote_thread": _SYSTEM
    | _SOURCE_TARGET
    | {"NewThreadId", "StartAddress", "StartFunction", "StartModule", "SourceCommandLine"}
    | {"SourceParentImage", "TargetParentProcessId"},
    "raw_access_thread": _SYSTEM | _PROCESS | {"Device"},
    "process_access": _SYSTEM
    | _SOURCE_TARGET
    | {"CallTrace", "GrantedAccess", "SourceCommandLine"},
    "file_event": _FILE | {"CommandLine", "ParentImage", "ParentCommandLine", "IntegrityLevel"},
    "file_delete": _FILE | _HASHES | {"Archived", "Hashes", "IsExecutable"},
    "file_change": _FILE | {"PreviousCreationUtcTime"},
    "file_rename": _FILE | {"SourceFilename", "OriginalFileName"},
    "file_executable_detected": _FILE | _HASHES | {"Hashes"},
    "file_block_executable": _FILE | _HASHES | {"Hashes"},
    "create_stream_hash": _FILE | _HASHES | {"Contents", "Hash", "Hashes"},
    "registry_add": _REGISTRY,
    "registry_delete": _REGISTRY,
    "registry_event": _REGISTRY,
    "registry_rename": _REGISTRY,
    "registry_set": _REGISTRY,
    "pipe_created": _SYSTEM | _PROCESS | {"PipeName", "CommandLine", "ParentImage"},
    "wmi_event": _SYSTEM
    | {"Consumer", "Destination", "EventNamespace", "Filter", "Name", "Operation", "Query"}
    | {"Type", "User"},
    "dns_query": _SYSTEM | _PROCESS | {"QueryName", "QueryResults", "QueryStatus", "CommandLine"},
    "process_tampering": _SYSTEM | _PROCESS | {"Type"},
    "ps_script": _SYSTEM
    | {"MessageNumber", "MessageTotal", "Path", "ScriptBlockId"}
    | {"ScriptBlockText"},
    "ps_module": _SYSTEM | {"ContextInfo", "Payload", "UserData"},
}

_WEB = frozenset(
    (
        *("c-ip", "c-uri", "c-uri-extension", "c-uri-query", "c-uri-stem", "c-useragent"),
        *("cs-bytes", "cs-cookie", "cs-host", "cs-method", "cs-referer", "cs-referrer"),
        *("cs-uri", "cs-uri-query", "cs-uri-stem", "cs-user-agent", "cs-username", "cs-version"),
        *("date", "r-dns", "s-computername", "s-ip", "s-port", "s-sitename", "sc-bytes"),
        *("sc-status", "sc-substatus", "sc-win32-status", "time", "time-taken", "cs-content-type"),
        *("dst_ip", "src_ip", "dst_port", "src_port", "sc-filter-result", "x-hits"),
    )
)

KNOWN: Mapping[tuple[str, str], frozenset[str]] = {
    **{("windows", category): fields for category, fields in _WINDOWS.items()},
    ("", "webserver"): _WEB,
    ("", "proxy"): _WEB,
}
