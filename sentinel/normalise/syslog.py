"""The envelope of a syslog line: who says when what, in the many ways this is written.

RFC 5424 and RFC 3164, with what is really sent: no priority (files), no host (a local socket), no
time stamp, RFC 3339 time stamps (rsyslog's file and forward formats), tags with slashes, IPv6
hosts. The message itself is read elsewhere. All of it is the sender's word and can be forged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sentinel.model.event import Value
from sentinel.normalise.stamp import BSD, ISO, bsd_time, iso_time

# RFC 5424 table 1 and 2, with the names the C library uses.
FACILITIES = (
    *("kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron"),
    *("authpriv", "ftp", "ntp", "audit", "alert", "clock"),
    *(f"local{number}" for number in range(8)),
)
SEVERITIES = (
    *("emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug"),
)

PRIORITY_UNREAD = "_priority_unread"
STRUCTURED_DATA_UNREAD = "_structured_data_unread"
# More than this many parameters would let one sender fill the store with field names.
MOST_PARAMETERS = 64

_PRIORITY = re.compile(r"<([0-9]{1,3})> ?")
_HEAD_5424 = re.compile(
    rf"1 (-|{ISO.pattern}) (\S{{1,255}}) (\S{{1,48}}) (\S{{1,128}}) (\S{{1,32}})(?: |$)"
)
_ELEMENT = re.compile(
    r'\[([^ =\]"]{1,64})((?: [^ =\]"]{1,64}="(?:[^"\\]++|\\.)*+")*+) ?\]', re.DOTALL
)
_PARAMETER = re.compile(r' ([^ =\]"]{1,64})="((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\\]])')

# A tag ends in ":", so a word that ends in one is no host, unless it is an IPv6 address.
_HOST = r"([^\s\[\]]*[^\s\[\]:]|[0-9A-Fa-f:]+::)"
_TAG = r"([^\s\[\]:]{1,255}+)(?:\[([^\s\[\]]{0,128})\])?:(?: |$)"
_HOST_AND_TAG = re.compile(rf"(?:{_HOST} )?{_TAG}")
_HOST_ALONE = re.compile(rf"{_HOST} ")
_NO_HOST = re.compile(r"last message repeated |-- MARK --")
_PROCESS_ID = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a syslog line says about itself. `program` is the tag in lower case, without path.

    `at` is None where the line carries no believable time stamp.
    """

    fields: dict[str, Value]
    at: datetime | None
    program: str
    message: str
    tags: tuple[str, ...] = ()


def envelope_of(line: str, arrival: datetime, zone: tzinfo, *, told: bool) -> Envelope | None:
    """Read the envelope, or None where this is not syslog.

    `told` says that the source is known to send syslog: then a file line with nothing but a time
    stamp in front is believed, too.
    """
    fields, start, tags = _priority(line)
    head = _HEAD_5424.match(line, start)
    if head is not None:
        at = None if head[1] == "-" else iso_time(head[1], arrival, zone)
        return _rfc5424(line, head, at, fields, tags)
    at, end, stamped = _time(line, start, arrival, zone)
    if not stamped and start == 0:
        return None
    named = _HOST_AND_TAG.match(line, end)
    if stamped == "iso" and start == 0 and named is None and not told:
        return None
    host, tag, process, message = _names(line, end, named, stamped)
    program = _who(fields, host, tag, process)
    return Envelope(fields=fields, at=at, program=program, message=message, tags=tags)


def _priority(line: str) -> tuple[dict[str, Value], int, tuple[str, ...]]:
    match = _PRIORITY.match(line)
    if match is None:
        return {}, 0, ()
    value = int(match[1])
    if value >= len(_PRIORITY_FIELDS):
        return {}, match.end(), (PRIORITY_UNREAD,)
    return dict(_PRIORITY_FIELDS[value]), match.end(), ()


def _time(
    line: str, start: int, arrival: datetime, zone: tzinfo
) -> tuple[datetime | None, int, str]:
    """The time, where it ends, and which kind it was ("" for none)."""
    match = BSD.match(line, start)
    if match is not None:
        return bsd_time(match, arrival, zone), _after(line, match.end()), "bsd"
    match = ISO.match(line, start)
    if match is not None and (start or line[10] == "T"):
        return iso_time(match[0], arrival, zone), _after(line, match.end()), "iso"
    return None, start, ""


def _after(line: str, end: int) -> int:
    """Past the blank after a time stamp; Cisco puts a colon before it."""
    if line.startswith(":", end):
        end += 1
    return end + 1 if line.startswith(" ", end) else end


def _names(
    line: str, end: int, named: re.Match[str] | None, stamped: str
) -> tuple[str, str, str, str]:
    """Host, tag, process id and message; "" for what is not there."""
    if named is not None:
        host, tag, process = named.groups(default="")
        if stamped or not host:
            return host, tag, process, line[named.end() :]
    if stamped and not _NO_HOST.match(line, end):
        alone = _HOST_ALONE.match(line, end)
        if alone is not None:
            return alone[1], "", "", line[alone.end() :]
    return "", "", "", line[end:]


def _who(fields: dict[str, Value], host: str, tag: str, process: str) -> str:
    if host:
        fields["log.syslog.hostname"] = host
        fields["host.hostname"] = host
        fields["host.name"] = host
    if process:
        fields["log.syslog.procid"] = process
        if _PROCESS_ID.fullmatch(process):
            fields["process.pid"] = int(process)
    if not tag:
        return ""
    name = tag.rpartition("/")[2] or tag
    fields["log.syslog.appname"] = tag
    fields["process.name"] = name
    return name.lower()


def _rfc5424(
    line: str,
    head: re.Match[str],
    at: datetime | None,
    fields: dict[str, Value],
    tags: tuple[str, ...],
) -> Envelope:
    _, host, app, process, message_id = ("" if part == "-" else part for part in head.groups())
    program = _who(fields, host, app, process)
    fields["log.syslog.version"] = "1"
    if message_id:
        fields["log.syslog.msgid"] = message_id
    data, end = _structured_data(line, head.end())
    if data is None:
        tags = (*tags, STRUCTURED_DATA_UNREAD)
    else:
        fields.update(data)
    return Envelope(
        fields=fields,
        at=at,
        program=program,
        # RFC 5424 6.4: a BOM. rsyslog leaves RFC 3164's blank after the tag in front of MSG.
        message=line[end:].removeprefix(" ").removeprefix("\ufeff").lstrip(" "),
        tags=tags,
    )


def _structured_data(line: str, start: int) -> tuple[dict[str, Value] | None, int]:
    """RFC 5424 6.3: the parameters and where the message begins; None where it cannot be read."""
    if line.startswith("-", start) and line[start + 1 : start + 2] in ("", " "):
        return {}, start + 1
    end = start
    data: dict[str, Value] = {}
    while (element := _ELEMENT.match(line, end)) is not None:
        end = element.end()
        for parameter in _PARAMETER.finditer(element[2]):
            if len(data) == MOST_PARAMETERS:
                return None, start
            _add(data, f"log.syslog.structured_data.{element[1]}.{parameter[1]}", parameter[2])
    if end == start or line[end : end + 1] not in ("", " "):
        return None, start
    return data, end


def _add(data: dict[str, Value], name: str, escaped: str) -> None:
    """RFC 5424 6.3.3: a name may come twice in an element; then the values are a list."""
    text = _ESCAPED.sub(r"\1", escaped)
    known = data.get(name)
    if known is None:
        data[name] = text
    elif isinstance(known, list):
        known.append(text)
    else:
        data[name] = [known, text]


def _fields_of_priority(value: int) -> dict[str, Value]:
    facility, severity = divmod(value, 8)
    return {
        "log.syslog.priority": value,
        "log.syslog.facility.code": facility,
        "log.syslog.facility.name": FACILITIES[facility],
        "log.syslog.severity.code": severity,
        "log.syslog.severity.name": SEVERITIES[severity],
    }


_PRIORITY_FIELDS = tuple(_fields_of_priority(value) for value in range(192))
