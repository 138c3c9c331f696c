"""The queue as a file: every alert that fits the filter, for a spreadsheet or a script.

A spreadsheet takes a cell that begins with "=" for a formula, and the cells here were written by
attackers: none begins like one. Column names and times are the same in every language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from defusedcsv import csv  # type: ignore[import-untyped]  # it ships no types
from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse

from sentinel.model.agency import Agency
from sentinel.model.alert import Alert
from sentinel.model.ids import AgencyId
from sentinel.model.text import Language
from sentinel.ports import AlertQuery, Desk
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.text import visible
from sentinel.web.console.triage.queue import Asked, default_filter, queue_page, understood
from sentinel.web.console.triage.rows import owned_of, title_of
from sentinel.web.console.view import View
from sentinel.web.console.visit import Here

READ_AT_ONCE = 500  # alerts
BOM = "\ufeff"  # without it Excel reads UTF-8 as the machine's old code page
# What a formula may begin with, after any blanks; the full-width ones are typed in East Asia.
FORMULA = ("=", "+", "-", "@", "%", "|", "＝", "＋", "－", "＠", "％", "｜")  # noqa: RUF001 - meant

Agencies = Mapping[AgencyId, Agency]


def export_routes(parts: ConsoleParts, view: View) -> APIRouter:
    """The export."""
    router = APIRouter()

    @router.get("/alerts.csv")
    def export(visit: Here, q: Annotated[str | None, Query()] = None) -> Response:
        """Send everything that fits, while it is read."""
        text = default_filter(visit) if q is None else q
        parsed = understood(text, visit)
        if parsed.faults:
            asked = Asked(text=text)
            return queue_page(parts, view, visit, asked, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        agencies = {agency.id: agency for agency in parts.desk.agencies()}
        rows = table(all_of(parts.desk, parsed.query), agencies, visit.language)
        return StreamingResponse(
            lines(rows),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{file_name(visit.now)}"'},
        )

    return router


def file_name(now: datetime) -> str:
    """A name made of nothing but the time: "sentinel-alerts-20261122T050000Z.csv"."""
    return f"sentinel-alerts-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.csv"


def all_of(desk: Desk, query: AlertQuery) -> Iterator[Alert]:
    """Every alert that fits, each once, a portion at a time.

    While it is read others work: an alert whose place moves may be met twice, and one that no
    longer fits may make another one slip past. A file of the past is best made of a filter that
    nothing changes any more ("status:closed").
    """
    met = set()
    skip = 0
    while portion := desk.alerts(replace(query, skip=skip, limit=READ_AT_ONCE)):
        skip += len(portion)
        for alert in portion:
            if alert.id not in met:
                met.add(alert.id)
                yield alert


def table(alerts: Iterable[Alert], agencies: Agencies, language: Language) -> Iterator[list[str]]:
    """Rows of cells; the first one names the columns."""
    yield list(COLUMNS)
    for alert in alerts:
        yield [cell(make(alert, agencies, language)) for make in COLUMNS.values()]


def lines(rows: Iterable[list[str]]) -> Iterator[str]:
    """The rows as RFC 4180 has them, after a byte order mark."""
    yield BOM
    echo = _Echo()
    writer = csv.writer(echo)
    for row in rows:
        writer.writerow(row)
        yield echo.written


def cell(value: object) -> str:
    """A value as a cell: one line, nothing hidden, no formula."""
    text = visible(value).replace("\t", " ")
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text


class _Echo:
    """A file of one line: the newest."""

    written = ""

    def write(self, text: str) -> int:
        self.written = text
        return len(text)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _subject(alert: Alert) -> str:
    return "; ".join(f"{name}={value}" for name, value in alert.subject.items())


COLUMNS: Mapping[str, Callable[[Alert, Agencies, Language], object]] = {
    "alert.id": lambda alert, _, __: alert.id,
    "score": lambda alert, _, __: alert.score.points,
    "severity": lambda alert, _, __: alert.score.severity.word,
    "state": lambda alert, _, __: alert.state.value,
    "disposition": lambda alert, _, __: alert.disposition.value if alert.disposition else "",
    "assignee": lambda alert, _, __: alert.assignee,
    "agency.id": lambda alert, _, __: alert.agency or "",
    "agency.name": lambda alert, known, language: owned_of(alert, known, language).agency,
    "system.id": lambda alert, _, __: alert.asset or "",
    "system.name": lambda alert, known, language: owned_of(alert, known, language).system,
    "title": lambda alert, _, language: title_of(alert, language),
    "rule.id": lambda alert, _, __: alert.card.id,
    "rule.title": lambda alert, _, __: alert.card.title,
    "subject": lambda alert, _, __: _subject(alert),
    "events": lambda alert, _, __: alert.events,
    "detections": lambda alert, _, __: alert.detections,
    "opened": lambda alert, _, __: _time(alert.opened),
    "first_seen": lambda alert, _, __: _time(alert.first_seen),
    "last_seen": lambda alert, _, __: _time(alert.last_seen),
}
