"""Where triage leads: paths that hold the filter and the page, and nothing from outside."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from sentinel.model.ids import AlertId, JobId
from sentinel.web.console.paths import HOME, local

_OURS = re.compile(r"/|/jobs|/(alerts|jobs)/[^/]+")
_ONCE = frozenset({"job", "hidden"})  # parts of a query that speak of one action


def queue_path(text: str, page: int = 1) -> str:
    """The queue with this filter, on this page."""
    asked = {"q": text} | ({"page": str(page)} if page > 1 else {})
    return f"{HOME}?{urlencode(asked, errors='replace')}"


def alert_path(alert: AlertId) -> str:
    """An alert's page."""
    return f"/alerts/{quote(alert, safe='', errors='replace')}"


def job_path(job: JobId) -> str:
    """A job's page."""
    return f"/jobs/{quote(job, safe='', errors='replace')}"


def back_to(asked: str, **said: str) -> str:
    """The page of ours that a form was on, told what was done: `job`, `hidden`.

    A form's field is written by whoever sends the form: what is no page of triage is the queue.
    """
    parts = urlsplit(local(asked))
    if not _OURS.fullmatch(parts.path):
        parts = urlsplit(HOME)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in _ONCE]
    query = urlencode([*kept, *((name, value) for name, value in said.items() if value)])
    return f"{parts.path}?{query}" if query else parts.path
