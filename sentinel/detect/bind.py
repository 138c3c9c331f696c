"""Which ECS field a Sigma field name means in events that Sentinel normalised.

Rules in ECS names need no binding; a name that no table knows stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from sentinel.detect.condition import Condition, rename
from sentinel.detect.ruleset import Logsource

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


def bound_name(logsource: Logsource, name: str) -> str:
    """The event key for this name in a rule of this logsource."""
    return BY_CATEGORY.get(logsource.category or "", {}).get(name, name)


def bind(condition: Condition, logsource: Logsource) -> Condition:
    """The condition with the names that normalised events have."""
    return rename(condition, lambda name: bound_name(logsource, name))
