"""What the fields of Windows events are called in ECS, by service and number, as Winlogbeat has it.

Each table is native name -> ECS name. What has no ECS name stays `winlog.event_data.NAME`; so does
all the rest, since rules may ask for it by that name. Checked against the field mappings of
Winlogbeat 8 and 9 (modules sysmon, security, powershell).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

Names = Mapping[str, str]

# The System part of every event. `bind.py` knows the same names.
SYSTEM: Names = {
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

_PROCESS: Names = {
    "Image": "process.executable",
    "ProcessGuid": "process.entity_id",
    "ProcessId": "process.pid",
}
_FILE: Names = {"TargetFilename": "file.path"}
_FILE_PE: Names = {
    "Company": "file.pe.company",
    "Description": "file.pe.description",
    "FileVersion": "file.pe.file_version",
    "OriginalFileName": "file.pe.original_file_name",
    "Product": "file.pe.product",
}
_SIGNED: Names = {
    "Signature": "file.code_signature.subject_name",
    "SignatureStatus": "file.code_signature.status",
    "Signed": "file.code_signature.signed",
}
_SOURCE: Names = {
    "SourceImage": "process.executable",
    "SourceProcessGUID": "process.entity_id",
    "SourceProcessGuid": "process.entity_id",
    "SourceProcessId": "process.pid",
    "SourceThreadId": "process.thread.id",
}
_REGISTRY: Names = {"TargetObject": "registry.path", "Details": "registry.data.strings"}

_SYSMON: Mapping[int, Names] = {
    1: {
        "CommandLine": "process.command_line",
        "Company": "process.pe.company",
        "CurrentDirectory": "process.working_directory",
        "Description": "process.pe.description",
        "FileVersion": "process.pe.file_version",
        "OriginalFileName": "process.pe.original_file_name",
        "ParentCommandLine": "process.parent.command_line",
        "ParentImage": "process.parent.executable",
        "ParentProcessGuid": "process.parent.entity_id",
        "ParentProcessId": "process.parent.pid",
        "Product": "process.pe.product",
    },
    3: {
        "DestinationHostname": "destination.domain",
        "DestinationIp": "destination.ip",
        "DestinationPort": "destination.port",
        "DestinationPortName": "network.protocol",
        "Protocol": "network.transport",
        "SourceHostname": "source.domain",
        "SourceIp": "source.ip",
        "SourcePort": "source.port",
    },
    6: {"ImageLoaded": "file.path", **_SIGNED},
    7: {"ImageLoaded": "file.path", **_SIGNED, **_FILE_PE},
    8: _SOURCE,
    9: {"Device": "file.path"},
    10: _SOURCE,
    12: _REGISTRY,
    13: _REGISTRY,
    14: _REGISTRY,
    17: {"PipeName": "file.name"},
    18: {"PipeName": "file.name"},
    22: {"QueryName": "dns.question.name", "QueryStatus": "sysmon.dns.status"},
    23: {"Archived": "sysmon.file.archived", "IsExecutable": "sysmon.file.is_executable"},
    26: {"IsExecutable": "sysmon.file.is_executable"},
}
_WITH_FILE = (2, 11, 15, 23, 26, 27, 28, 29)

_SUBJECT: Names = {
    "SubjectDomainName": "user.domain",
    "SubjectLogonId": "winlog.logon.id",
    "SubjectUserName": "user.name",
    "SubjectUserSid": "user.id",
}
_LOGON: Names = {
    "IpAddress": "source.ip",
    "IpPort": "source.port",
    "ProcessName": "process.executable",
    "TargetDomainName": "user.domain",
    "TargetLogonId": "winlog.logon.id",
    "TargetSid": "user.id",
    "TargetUserName": "user.name",
    "TargetUserSid": "user.id",
    "WorkstationName": "source.domain",
}
_ACCOUNT: Names = {
    **_SUBJECT,
    "TargetDomainName": "user.target.domain",
    "TargetSid": "user.target.id",
    "TargetUserName": "user.target.name",
}
_GROUP: Names = {
    **_SUBJECT,
    "TargetDomainName": "group.domain",
    "TargetSid": "group.id",
    "TargetUserName": "group.name",
}
_FILTERED: Names = {
    "Application": "process.executable",
    "DestAddress": "destination.ip",
    "DestPort": "destination.port",
    "ProcessID": "process.pid",
    "SourceAddress": "source.ip",
    "SourcePort": "source.port",
}
LOGONS = (4624, 4625, 4634, 4647, 4768, 4769, 4770, 4771, 4776, 4778, 4779)
ACCOUNTS = (4720, 4722, 4723, 4724, 4725, 4726, 4738, 4740, 4767, 4781, 4798)
GROUPS = (*range(4727, 4738), *range(4744, 4763), 4764, 4799)
_SECURITY: Mapping[int, Names] = {
    **dict.fromkeys(LOGONS, _LOGON),
    **dict.fromkeys(ACCOUNTS, _ACCOUNT),
    **dict.fromkeys(GROUPS, _GROUP),
    **dict.fromkeys(range(5150, 5160), _FILTERED),
    4688: {
        **_SUBJECT,
        "CommandLine": "process.command_line",
        "NewProcessId": "process.pid",
        "NewProcessName": "process.executable",
        "ParentProcessName": "process.parent.executable",
        "ProcessId": "process.parent.pid",
    },
    4697: {**_SUBJECT, "ServiceName": "service.name"},
}
_SECURITY_OTHERS: Names = {
    **_SUBJECT,
    "IpAddress": "source.ip",
    "IpPort": "source.port",
    "ProcessId": "process.pid",
    "ProcessName": "process.executable",
}
_POWERSHELL: Names = {
    "MessageNumber": "powershell.sequence",
    "MessageTotal": "powershell.total",
    "Path": "file.path",
    "ScriptBlockId": "powershell.file.script_block_id",
    "ScriptBlockText": "powershell.file.script_block_text",
}


def ecs_names(service: str, event_id: int | None) -> Names:
    """Native name -> ECS name for the data of this event."""
    if service == "sysmon":
        found = _SYSMON.get(event_id or 0, {})
        own = _FILE if event_id in _WITH_FILE else {}
        return {**({} if found is _SOURCE else _PROCESS), **own, **found}
    if service == "security":
        return _SECURITY.get(event_id or 0, _SECURITY_OTHERS)
    return _POWERSHELL if service == "powershell" else {}


def every_name() -> frozenset[str]:
    """All ECS names that stand in a table."""
    tables = (*_SYSMON.values(), *_SECURITY.values(), _SECURITY_OTHERS, _POWERSHELL, _PROCESS)
    return frozenset(chain(SYSTEM.values(), *(table.values() for table in tables)))
