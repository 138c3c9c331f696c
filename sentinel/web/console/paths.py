r"""Where a page may lead: to this console and nowhere else.

`next` in a link is written by whoever made the link. A path that a browser could read as another
site ("//evil.example", "/\\evil.example"), or that could end a header, is not followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

HOME = "/"
LONGEST = 2000  # characters
# They lead nowhere after a log-in: one would ask again, the other would undo it.
_ENTRANCES = frozenset({"/login", "/logout"})


def local(path: str) -> str:
    """Return the path with its query where it is one of ours, else the queue's."""
    if not path.startswith("/") or path.startswith("//") or len(path) > LONGEST:
        return HOME
    # Visible ASCII without the backslash: browsers read it as a slash.
    if any(not "!" <= character <= "~" or character == "\\" for character in path):
        return HOME
    return HOME if urlsplit(path).path in _ENTRANCES else path


def log_in_first(path: str) -> str:
    """Return the log-in page that leads to this path afterwards."""
    path = local(path)
    return "/login" if path == HOME else f"/login?next={quote(path, safe='/')}"


def asked(scope: Mapping[str, Any]) -> str:
    """Return path and query of a request as the client wrote them (ASGI scope)."""
    path = quote(scope["path"], safe="/~!$&'()*+,;=:@")
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{path}?{query}" if query else path


def path_of(url: str, host: str) -> str:
    """Return path and query of a whole URL of this host (a Referer), else the queue's path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return HOME
    if parts.scheme not in {"https", "http"} or parts.netloc.lower() != host.lower():
        return HOME
    return local(f"{parts.path}?{parts.query}" if parts.query else parts.path)
