"""The pages of what is hidden: nothing stays hidden without a name, a reason and an end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from sentinel.errors import NotAllowed, NotFound
from sentinel.i18n import texts
from sentinel.model.agency import Agency
from sentinel.model.ids import AgencyId, SuppressionId
from sentinel.model.suppression import Hidden, Suppression
from sentinel.model.text import Language
from sentinel.web.console.overview.warning_rows import agency_name
from sentinel.web.console.overview.words import DOMAIN
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.view import View
from sentinel.web.console.visit import Acting, Here, Visit

PER_PAGE = 50  # of those that have ended; all that work are shown
MOST_PAGES = 10_000
LONGEST = 2000  # characters of a reason
_MINUTE = "%Y-%m-%dT%H:%M"  # the value of <input type="datetime-local">

SuppressionPath = Annotated[str, Path(max_length=64)]
Reason = Annotated[str, Form(max_length=LONGEST)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionRow:
    """One suppression as a line. `agency` is a name, "" for the unassigned or for everywhere."""

    suppression: Suppression
    hidden: Hidden
    agency: str
    is_working: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A form that was refused: what was in it, and why."""

    form: str
    reason: str
    until: str
    fault: str


def suppression_rows(
    found: list[tuple[Suppression, Hidden]], names: Mapping[AgencyId, Agency], visit: Visit
) -> list[SuppressionRow]:
    """Make the lines: what works first, the one that ends next on top; then what has ended."""
    rows = [_row(suppression, hidden, names, visit) for suppression, hidden in found]
    working = [row for row in rows if row.is_working]
    working.sort(key=lambda row: row.suppression.expires)
    return [*working, *(row for row in rows if not row.is_working)]


def _row(
    suppression: Suppression, hidden: Hidden, names: Mapping[AgencyId, Agency], visit: Visit
) -> SuppressionRow:
    agency = suppression.scope.agency
    return SuppressionRow(
        suppression=suppression,
        hidden=hidden,
        agency="" if agency is None else agency_name(agency, names, visit.language),
        is_working=suppression.works(visit.now),
    )


def suppression_routes(parts: ConsoleParts, view: View) -> APIRouter:
    """Everything below /suppressions."""
    router = APIRouter()
    suppressing = parts.suppressing
    pages = _Pages(parts, view)

    @router.get("/suppressions")
    def suppressions(
        visit: Here, page: Annotated[int, Query(ge=1, le=MOST_PAGES)] = 1
    ) -> HTMLResponse:
        return pages.all(visit, page)

    @router.get("/suppressions/{suppression_id}")
    def suppression(visit: Here, suppression_id: SuppressionPath) -> HTMLResponse:
        return pages.one(visit, SuppressionId(suppression_id))

    @router.post("/suppressions/{suppression_id}/lift")
    def lift(visit: Acting, suppression_id: SuppressionPath, reason: Reason = "") -> Response:
        which = SuppressionId(suppression_id)
        try:
            suppressing.lift(which, visit.person.name, reason.strip())
        except NotAllowed as refused:
            return pages.again(
                visit, which, Typed(form="lift", reason=reason, until="", fault=str(refused))
            )
        return _to(which)

    @router.post("/suppressions/{suppression_id}/prolong")
    def prolong(
        visit: Acting,
        suppression_id: SuppressionPath,
        reason: Reason = "",
        until: Annotated[str, Form(max_length=40)] = "",
    ) -> Response:
        which = SuppressionId(suppression_id)
        try:
            end = moment(until, visit.zone, visit.language)
            suppressing.prolong(which, visit.person.name, reason.strip(), end)
        except NotAllowed as refused:
            return pages.again(
                visit, which, Typed(form="prolong", reason=reason, until=until, fault=str(refused))
            )
        return _to(which)

    return router


class _Pages:
    def __init__(self, parts: ConsoleParts, view: View) -> None:
        self._parts = parts
        self._view = view

    def all(self, visit: Visit, page: int) -> HTMLResponse:
        """What works, then what has ended, which comes in pages."""
        rows = suppression_rows(list(self._parts.suppressing.suppressions()), self._names(), visit)
        ended = [row for row in rows if not row.is_working]
        start = (page - 1) * PER_PAGE
        return self._view.page(
            "suppressions.html",
            visit,
            working=[row for row in rows if row.is_working],
            ended=ended[start : start + PER_PAGE],
            ended_total=len(ended),
            page=page,
            more=len(ended) > start + PER_PAGE,
        )

    def one(self, visit: Visit, which: SuppressionId, typed: Typed | None = None) -> HTMLResponse:
        """All versions of one, and what can be done. Raises NotFound."""
        versions = self._parts.suppressing.suppression(which)
        if not versions:
            raise NotFound(f"there is no suppression {which}")
        newest = versions[-1]
        hidden = {one.id: hid for one, hid in self._parts.suppressing.suppressions()}
        return self._view.page(
            "suppression.html",
            visit,
            row=_row(newest, hidden.get(which, Hidden()), self._names(), visit),
            versions=versions[::-1],
            typed=typed,
            until=newest.expires.astimezone(ZoneInfo(visit.zone)).strftime(_MINUTE),
            longest=LONGEST,
        )

    def again(self, visit: Visit, which: SuppressionId, typed: Typed) -> HTMLResponse:
        """The page with a form that was refused, as it was typed. Raises NotFound."""
        page = self.one(visit, which, typed)
        page.status_code = HTTPStatus.CONFLICT
        return page

    def _names(self) -> Mapping[AgencyId, Agency]:
        return {agency.id: agency for agency in self._parts.desk.agencies()}


def moment(text: str, zone: str, language: Language) -> datetime:
    """Read a day and a time of that zone, as a browser's field writes them (HTML, 2.3.5.5).

    Raises:
        NotAllowed: it is none.
    """
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        say = texts(language, DOMAIN).gettext
        raise NotAllowed(
            say("“{text}” is no day and time; write it as 2026-11-30T08:00.").format(text=text)
        ) from None
    return at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(zone))


def _to(which: SuppressionId) -> RedirectResponse:
    return RedirectResponse(f"/suppressions/{which}", HTTPStatus.SEE_OTHER)
