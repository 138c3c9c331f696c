"""Every field a normaliser may write: its ECS type and where it comes from.

ECS 9.2 names where ECS has one, `sentinel.*` where it has none. A name that ends in ".*" stands
for what the sender calls it. A test holds the normalisers to this page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class FieldType(StrEnum):
    """The ECS type, which says what Python type a value has (a list of it where several)."""

    KEYWORD = "keyword"  # str
    TEXT = "match_only_text"  # str
    LONG = "long"  # int
    BOOLEAN = "boolean"  # bool
    IP = "ip"  # str, an address in its usual spelling
    DATE = "date"  # str, ISO 8601 in UTC
    ANY = "flattened"  # any single value, as it was written


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its type and, for people, where its value comes from."""

    type: FieldType
    origin: str


_KEYWORD = FieldType.KEYWORD
_LONG = FieldType.LONG
_IP = FieldType.IP

_OF_WINDOWS = "of a Windows event, as Winlogbeat has it"
_WINDOWS: Mapping[FieldType, tuple[str, ...]] = {
    FieldType.KEYWORD: (
        *("destination.domain", "dns.question.name", "event.code", "file.code_signature.status"),
        *("file.code_signature.subject_name", "file.directory", "file.extension"),
        *("file.hash.md5", "file.hash.sha1", "file.hash.sha256", "file.name", "file.path"),
        *("file.pe.company", "file.pe.description", "file.pe.file_version", "file.pe.imphash"),
        *("file.pe.original_file_name", "file.pe.product", "group.domain", "network.direction"),
        *("network.protocol", "network.transport", "network.type"),
        *("powershell.file.script_block_id", "powershell.file.script_block_text"),
        *("process.entity_id", "process.executable", "process.hash.md5", "process.hash.sha1"),
        *("process.hash.sha256", "process.parent.command_line", "process.parent.entity_id"),
        *("process.parent.executable", "process.parent.name", "process.pe.company"),
        *("process.pe.description", "process.pe.file_version", "process.pe.imphash"),
        *("process.pe.original_file_name", "process.pe.product", "registry.data.strings"),
        *("registry.hive", "registry.key", "registry.path", "registry.value", "service.name"),
        *("source.domain", "sysmon.dns.status", "user.domain", "user.target.domain"),
        *("winlog.activity_id", "winlog.channel", "winlog.computer_name", "winlog.event_id"),
        *("winlog.keywords", "winlog.level", "winlog.logon.id", "winlog.opcode"),
        *("winlog.provider_guid", "winlog.provider_name", "winlog.record_id", "winlog.task"),
        *("winlog.time_created", "winlog.user.identifier", "winlog.version"),
    ),
    FieldType.LONG: (
        *("destination.port", "powershell.sequence", "powershell.total", "process.parent.pid"),
        *("process.thread.id", "winlog.process.pid", "winlog.process.thread.id"),
    ),
    FieldType.IP: ("destination.ip",),
    FieldType.BOOLEAN: (
        *("file.code_signature.signed", "sysmon.file.archived", "sysmon.file.is_executable"),
    ),
}

FIELDS: Mapping[str, Field] = {
    "@timestamp": Field(FieldType.DATE, "the line's time stamp, else the time of arrival"),
    "message": Field(FieldType.TEXT, "the line without its syslog envelope"),
    "tags": Field(_KEYWORD, "remarks of the normaliser, each begins with an underscore"),
    "event.kind": Field(_KEYWORD, 'always "event"'),
    "event.category": Field(_KEYWORD, "ECS category words, a list"),
    "event.type": Field(_KEYWORD, "ECS type words, a list"),
    "event.action": Field(_KEYWORD, "what was done, in our words: ssh_login, sudo_command, ..."),
    "event.outcome": Field(_KEYWORD, "success, failure or unknown"),
    "event.reason": Field(_KEYWORD, "why, in the program's words"),
    "event.provider": Field(_KEYWORD, "the program, in lower case"),
    "event.dataset": Field(_KEYWORD, "system.auth, system.syslog, nginx.access, ..."),
    "log.file.path": Field(_KEYWORD, "the file a line was read from"),
    "log.syslog.priority": Field(_LONG, "RFC 5424 6.2.1"),
    "log.syslog.facility.code": Field(_LONG, "RFC 5424 table 1"),
    "log.syslog.facility.name": Field(_KEYWORD, "the C library's word for it"),
    "log.syslog.severity.code": Field(_LONG, "RFC 5424 table 2"),
    "log.syslog.severity.name": Field(_KEYWORD, "emergency to debug"),
    "log.syslog.version": Field(_KEYWORD, "RFC 5424 6.2.2"),
    "log.syslog.hostname": Field(_KEYWORD, "as sent"),
    "log.syslog.appname": Field(_KEYWORD, "APP-NAME or the tag, as sent"),
    "log.syslog.procid": Field(_KEYWORD, "PROCID or the number in the tag's brackets"),
    "log.syslog.msgid": Field(_KEYWORD, "RFC 5424 6.2.7"),
    "log.syslog.structured_data.*": Field(_KEYWORD, "RFC 5424 6.3: id, dot, parameter name"),
    "host.hostname": Field(_KEYWORD, "as the sender says (it can be forged), else its address"),
    "host.name": Field(_KEYWORD, "the same"),
    "host.ip": Field(_IP, "the sender's address where the line names no host, a list"),
    "observer.ip": Field(_IP, "the address the record came from"),
    "process.name": Field(_KEYWORD, "the tag without path"),
    "process.pid": Field(_LONG, "the number in the tag's brackets"),
    "process.command_line": Field(_KEYWORD, "the command sudo or cron ran"),
    "process.working_directory": Field(_KEYWORD, "sudo's PWD"),
    "process.tty.name": Field(_KEYWORD, "the terminal sudo, su or PAM names"),
    "user.name": Field(_KEYWORD, "who acts, or tries to"),
    "user.id": Field(_KEYWORD, "the number of that user"),
    "user.effective.name": Field(_KEYWORD, "whom sudo or su makes of the user"),
    "user.effective.id": Field(_KEYWORD, "the number of that user"),
    "user.target.name": Field(_KEYWORD, "the account that is made or changed"),
    "user.target.id": Field(_KEYWORD, "its number"),
    "user.changes.name": Field(_KEYWORD, "its new name"),
    "group.name": Field(_KEYWORD, "the group that is made or changed"),
    "group.id": Field(_KEYWORD, "its number"),
    "source.address": Field(_KEYWORD, "where a request came from, as written"),
    "source.ip": Field(_IP, "the same where it is an address"),
    "source.port": Field(_LONG, "its port"),
    "related.ip": Field(_IP, "all addresses above, a list"),
    "related.user": Field(_KEYWORD, "all users above, a list"),
    "http.request.method": Field(_KEYWORD, "as sent"),
    "http.request.referrer": Field(_KEYWORD, "as sent"),
    "http.version": Field(_KEYWORD, "1.1"),
    "http.response.status_code": Field(_LONG, "the server's answer"),
    "http.response.body.bytes": Field(_LONG, "bytes sent, without headers"),
    "url.original": Field(_KEYWORD, "the request's target, as sent"),
    "url.path": Field(_KEYWORD, "its path, %-coding kept"),
    "url.query": Field(_KEYWORD, "what follows the question mark, %-coding kept"),
    "url.domain": Field(_KEYWORD, "the virtual host, or the host of an absolute target"),
    "user_agent.original": Field(_KEYWORD, "as sent"),
    "sentinel.http.request_line": Field(_KEYWORD, "a request line that is none, as sent"),
    "sentinel.url.decoded": Field(_KEYWORD, "path and query, up to three layers of coding undone"),
    "sentinel.logsource.category": Field(_KEYWORD, "Sigma's logsource, for routing"),
    "sentinel.logsource.product": Field(_KEYWORD, "the same"),
    "sentinel.logsource.service": Field(_KEYWORD, "the same, a list where several fit"),
    "sentinel.pam.module": Field(_KEYWORD, "pam_unix, ..."),
    "sentinel.pam.service": Field(_KEYWORD, "the program a PAM module serves"),
    "sentinel.pam.type": Field(_KEYWORD, "auth, account, session, chauthtok"),
    "sentinel.repeated": Field(_LONG, "how often the line says it happened"),
    "sentinel.ssh.invalid_user": Field(FieldType.BOOLEAN, "no such account on the machine"),
    "sentinel.ssh.key": Field(_KEYWORD, "type and fingerprint of the key that was shown"),
    "sentinel.ssh.method": Field(_KEYWORD, "password, publickey, keyboard-interactive/pam, ..."),
    "sentinel.sender.*": Field(FieldType.ANY, "what the sender says of what we say ourselves"),
    "winlog.event_data.*": Field(FieldType.ANY, "EventData, in the program's own names and values"),
    **{name: Field(kind, _OF_WINDOWS) for kind, names in _WINDOWS.items() for name in names},
}
_PATTERNS = ("sentinel.sender.", "log.syslog.structured_data.", "winlog.event_data.")


def field_of(name: str) -> Field | None:
    """Look a field up, by its own name or by the pattern that covers it."""
    known = FIELDS.get(name)
    if known is None:
        for start in _PATTERNS:
            if name.startswith(start):
                return FIELDS[f"{start}*"]
    return known
