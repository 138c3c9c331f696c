r"""What web servers' access logs say: the common and the combined format of Apache and nginx.

Everything between the quotes is the visitor's choice. Both servers escape quotes in it (`\"` or
`\x22`), so the first `] "` after the address ends the time stamp, and nothing a visitor sends can
move it. A request line that is none (TLS bytes on a plain port, a scanner's noise) is kept in
`sentinel.http.request_line`. Formats: Apache 2.4 mod_log_config, nginx 1.22
ngx_http_log_module; Debian's `vhost_combined` has "name:port" in front.
"""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import unquote

from sentinel.model.event import Value
from sentinel.normalise.address import source_fields
from sentinel.normalise.stamp import clf_time

# A decoder undoes this many layers of %-coding: attackers hide behind two, seldom behind three.
MOST_LAYERS = 3

_QUOTED = r'"((?:[^"\\]++|\\.)*+)"'
_LINE = re.compile(
    r"(?:([A-Za-z0-9._-]+):[0-9]{1,5} )?(\S+) \S+ ((?:[^\"\\]|\\.)*?) ?\[([^\[\]\"]{1,40})\]"
    rf" {_QUOTED} ([0-9]{{3}}|-) ([0-9]{{1,18}}|-)(?: {_QUOTED} {_QUOTED})?(?: |$)",
    re.DOTALL,
)
_REQUEST = re.compile(r"([A-Za-z][A-Za-z_-]{0,31}) (.*?)(?: HTTP/([0-9](?:\.[0-9])?))?", re.DOTALL)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(\[[^\]/?#]*\]|[^/?#:]*)(?::[0-9]*)?([^#]*)")
_ESCAPED = re.compile(r'(?:\\x[0-9A-Fa-f]{2})+|\\["\\]')
_FIRST_ERROR = 400


def read_access(line: str, arrival: datetime) -> tuple[dict[str, Value], datetime | None] | None:
    """Read one line: its fields and its time (None where unusable); None where it is no such line.

    An access line's own time stamp carries its zone.
    """
    match = _LINE.match(line)
    if match is None:
        return None
    host, client, user, stamp, request, status, size, referrer, agent = match.groups()
    fields: dict[str, Value] = {
        "event.category": ["web"],
        "event.type": ["access"],
        "event.action": "http_request",
        "event.outcome": _outcome(status),
    }
    fields.update(source_fields(client))
    if user not in ("-", ""):
        fields["user.name"] = _plain(user)
    if status != "-":
        fields["http.response.status_code"] = int(status)
    if size != "-":
        fields["http.response.body.bytes"] = int(size)
    if referrer not in (None, "", "-"):
        fields["http.request.referrer"] = _plain(referrer)
    if agent not in (None, "", "-"):
        fields["user_agent.original"] = _plain(agent)
    _request(fields, _plain(request), host)
    return fields, clf_time(stamp, arrival)


def _outcome(status: str) -> str:
    if status == "-":
        return "unknown"
    return "failure" if int(status) >= _FIRST_ERROR else "success"


def _request(fields: dict[str, Value], request: str, host: str | None) -> None:
    match = _REQUEST.fullmatch(request)
    if match is None:
        if request not in ("", "-"):
            fields["sentinel.http.request_line"] = request
        if host:
            fields["url.domain"] = host
        return
    method, target, version = match.groups()
    fields["http.request.method"] = method
    if version:
        fields["http.version"] = version
    fields["url.original"] = target
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute is not None:
        host, target = absolute[1] or host, absolute[2] or "/"
    if host:
        fields["url.domain"] = host
    path, asked, query = target.partition("?")
    fields["url.path"] = path
    if asked:
        fields["url.query"] = query
    fields["sentinel.url.decoded"] = decoded(target)


def decoded(target: str) -> str:
    r"""Path and query as an application may come to see them: %-coding undone, "+" as a blank.

    Up to three layers; bytes that are not UTF-8 become `\xNN`.
    """
    path, asked, query = target.partition("?")
    if "+" in query:
        target = path + asked + query.replace("+", " ")
    for _ in range(MOST_LAYERS):
        if "%" not in target:
            break
        target = unquote(target, errors="backslashreplace")
    return target


def _plain(text: str) -> str:
    r"""Undo the server's escapes; control characters and what is not UTF-8 stay as `\xNN`."""
    return _ESCAPED.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    if not match[0].startswith("\\x"):
        return match[0][1]
    try:
        text = bytes.fromhex(match[0].replace("\\x", "")).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]
    return text if text.isprintable() else match[0]
