"""The page of sources: whoever has gone silent is on top, before anybody misses them.

The part that changes is asked for again every few seconds by the page itself; that keeps no
session alive.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from sentinel.model.ids import AgencyId
from sentinel.web.console.overview import words
from sentinel.web.console.overview.sparkline import HEIGHT, MINUTES
from sentinel.web.console.overview.standing import (
    CLOCK_OFF,
    QUIET_AFTER,
    SourceRow,
    Standing,
    source_rows,
)
from sentinel.web.console.overview.warning_rows import agency_name
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.view import View
from sentinel.web.console.visit import Here, Looking, Visit

PER_PAGE = 100
MOST_PAGES = 10_000
REFRESH = 15  # seconds

AgencyField = Annotated[str, Query(max_length=100)]
PageField = Annotated[int, Query(ge=1, le=MOST_PAGES)]


def source_routes(parts: ConsoleParts, view: View) -> APIRouter:
    """The page, and the part of it that stays fresh."""
    router = APIRouter()

    def answer(template: str, visit: Visit, agency: str, page: int) -> HTMLResponse:
        status = parts.health.status()
        names = {one.id: one for one in parts.desk.agencies()}
        agency = agency.strip()
        every = source_rows(status, visit.now)
        rows = [row for row in every if not agency or row.source.agency == agency]
        start = (page - 1) * PER_PAGE
        return view.page(
            template,
            visit,
            service=status,
            rows=rows[start : start + PER_PAGE],
            total=len(rows),
            counts=[(one, word, amount) for one, word, amount in _counts(every, visit) if amount],
            agency=agency,
            agencies={one: agency_name(one, names, visit.language) for one in _agencies(every)},
            inputs=sorted(status.inputs, key=lambda one: one.state == "running"),
            page=page,
            more=len(rows) > start + PER_PAGE,
            refresh=REFRESH,
            quiet_after=words.span(QUIET_AFTER, visit.language),
            clock_off=words.span(CLOCK_OFF, visit.language),
            box=(MINUTES, HEIGHT),
            words=words,
            Standing=Standing,
            has_udp=any("udp" in one.listening for one in status.inputs),
        )

    @router.get("/sources")
    def sources(visit: Here, agency: AgencyField = "", page: PageField = 1) -> HTMLResponse:
        return answer("sources.html", visit, agency, page)

    @router.get("/sources/now")
    def now(visit: Looking, agency: AgencyField = "", page: PageField = 1) -> HTMLResponse:
        return answer("sources_now.html", visit, agency, page)

    return router


def _counts(rows: list[SourceRow], visit: Visit) -> list[tuple[Standing, str, int]]:
    standings = [row.standing for row in rows]
    return [
        (one, words.standing_word(one, visit.language), standings.count(one)) for one in Standing
    ]


def _agencies(rows: list[SourceRow]) -> list[AgencyId]:
    return sorted({row.source.agency for row in rows if row.source.agency is not None})
