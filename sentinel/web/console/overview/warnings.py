"""The pages of warnings: what waits for approval, what was sent, and who has it.

Approval is the only thing here that cannot be taken back: a letter that has left is read. So the
page shows every letter as it will be mailed, its one button names who gets it, and what was shown
is held against what would be sent when the button is pressed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from sentinel.errors import NotAllowed, NotFound
from sentinel.i18n import texts
from sentinel.model.agency import Agency
from sentinel.model.ids import AgencyId, WarningId
from sentinel.model.text import Language
from sentinel.model.warning import AgencyWarning, Letter, WarningState
from sentinel.ports import Desk, WarningQuery
from sentinel.web.console.overview import words
from sentinel.web.console.overview.warning_rows import (
    Which,
    agency_name,
    alert_title,
    copy_rows,
    warning_row,
)
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.view import View
from sentinel.web.console.visit import Acting, Here, Looking, Visit
from sentinel.web.masking import masked_letter

PER_PAGE = 30
MOST_PAGES = 10_000
MOST_DRAFTS = 30  # on the first page; there is a list of drafts alone
MOST_AGENCIES = 300  # suggested by the filter; it takes any other id as well
# A letter is made by us, of an attacker's words: in its frame nothing of it can act.
LETTER_HEADERS = {
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
        " frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}
_DRAFTS = frozenset({WarningState.DRAFT})

WarningPath = Annotated[str, Path(max_length=64)]
ContactPath = Annotated[str, Path(max_length=200)]


class LetterForm(StrEnum):
    """The two forms of every letter."""

    HTML = "html"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the list was asked for."""

    which: Which
    agency: str
    page: int


def warning_routes(parts: ConsoleParts, view: View) -> APIRouter:
    """Everything below /warnings."""
    router = APIRouter()
    desk = parts.desk
    pages = _Pages(desk, view)

    @router.get("/warnings")
    def warnings(
        visit: Here,
        state: Which = Which.ANY,
        agency: Annotated[str, Query(max_length=100)] = "",
        page: Annotated[int, Query(ge=1, le=MOST_PAGES)] = 1,
    ) -> HTMLResponse:
        return pages.all(visit, Asked(which=state, agency=agency.strip(), page=page))

    @router.get("/warnings/{warning_id}")
    def warning(visit: Here, warning_id: WarningPath) -> HTMLResponse:
        return pages.one(visit, desk.warning(WarningId(warning_id)))

    @router.get("/warnings/{warning_id}/letters/{contact:path}")
    def letter(
        visit: Looking,
        warning_id: WarningPath,
        contact: ContactPath,
        form: LetterForm = LetterForm.HTML,
    ) -> Response:
        del visit  # whoever is logged in may read
        found = pages.letter(WarningId(warning_id), contact)
        if form is LetterForm.TEXT:
            return PlainTextResponse(found.text, headers=LETTER_HEADERS)
        return HTMLResponse(found.html, headers=LETTER_HEADERS)

    @router.post("/warnings/{warning_id}/approve")
    def approve(
        visit: Acting, warning_id: WarningPath, to: Annotated[list[str] | None, Form()] = None
    ) -> Response:
        draft = desk.warning(WarningId(warning_id))
        try:
            if draft.state is WarningState.DRAFT and to is not None:
                _same_recipients(desk.preview(draft.id), to, visit.language)
            desk.approve(draft.id, visit.person.name)
        except (NotAllowed, NotFound) as refused:
            page = pages.one(visit, desk.warning(draft.id), refused=str(refused))
            page.status_code = HTTPStatus.CONFLICT
            return page
        return RedirectResponse(f"/warnings/{draft.id}", HTTPStatus.SEE_OTHER)

    return router


class _Pages:
    def __init__(self, desk: Desk, view: View) -> None:
        self._desk = desk
        self._view = view

    def all(self, visit: Visit, asked: Asked) -> HTMLResponse:
        """The list; drafts on top of its first page where any state will do."""
        names = {agency.id: agency for agency in self._desk.agencies()}
        found = self._ask(asked, asked.which.states, PER_PAGE, (asked.page - 1) * PER_PAGE)
        first = asked.which is Which.ANY and asked.page == 1
        drafts = self._ask(asked, _DRAFTS, MOST_DRAFTS) if first else []
        shown = sorted(drafts[:MOST_DRAFTS], key=lambda one: (-one.severity, one.created))
        return self._view.page(
            "warnings.html",
            visit,
            asked=asked,
            whiches=[(one, words.which_word(one, visit.language)) for one in Which],
            agencies=_suggested(list(names.values()), visit.language),
            drafts=[warning_row(one, self._desk, names, visit) for one in shown],
            more_drafts=len(drafts) > MOST_DRAFTS,
            rows=[warning_row(one, self._desk, names, visit) for one in found[:PER_PAGE]],
            more=len(found) > PER_PAGE,
        )

    def letter(self, warning_id: WarningId, contact: str) -> Letter:
        """The letter to one contact. Raises NotFound."""
        warning = self._desk.warning(warning_id)
        found = _letters(warning, self._desk.preview(warning.id)).get(contact)
        if found is None:
            raise NotFound(f"warning {warning.number or warning.id} has no letter to {contact}")
        return found

    def _ask(
        self, asked: Asked, states: frozenset[WarningState], limit: int, skip: int = 0
    ) -> Sequence[AgencyWarning]:
        """One more than the limit, to see whether there are more."""
        agency = AgencyId(asked.agency) if asked.agency else None
        return self._desk.warnings(
            WarningQuery(states=states, agency=agency, skip=skip, limit=limit + 1)
        )

    def one(self, visit: Visit, warning: AgencyWarning, refused: str = "") -> HTMLResponse:
        """One warning; a draft as it would leave now, or why it cannot."""
        names = {agency.id: agency for agency in self._desk.agencies()}
        cannot, seen = "", warning
        if warning.state is WarningState.DRAFT:
            try:
                seen = self._desk.preview(warning.id)
            except (NotAllowed, NotFound) as error:
                cannot = str(error)
        language = visit.language
        return self._view.page(
            "warning.html",
            visit,
            row=warning_row(warning, self._desk, names, visit),
            warning=warning,
            seen=seen,
            is_draft=warning.state is WarningState.DRAFT,
            copies=copy_rows(seen, names.get(warning.agency), language),
            letters=_letters(warning, seen),
            history=[
                (entry, words.entry_word(entry.action, language)) for entry in warning.history
            ],
            agency=agency_name(warning.agency, names, language),
            title=alert_title(self._desk, warning.alert, language),
            cannot=cannot,
            refused=refused,
        )


def _letters(warning: AgencyWarning, seen: AgencyWarning) -> Mapping[str, Letter]:
    """The letters by contact: as they were sent but for the tokens, or as they would leave now.

    The links of a preview open nothing, so nothing in it needs to be masked.
    """
    if warning.state is WarningState.DRAFT:
        return {copy.contact: copy.letter for copy in seen.deliveries}
    hashes = {copy.token for copy in seen.deliveries}
    return {copy.contact: masked_letter(copy.letter, hashes) for copy in seen.deliveries}


def _same_recipients(now: AgencyWarning, shown: Sequence[str], language: Language) -> None:
    """Raise NotAllowed where the letters would go to others than the page named."""
    if sorted(copy.address for copy in now.deliveries) != sorted(shown):
        say = texts(language, words.DOMAIN).gettext
        raise NotAllowed(
            say(
                "The recipients have changed since the page was made, so nothing was sent. They"
                " are shown here as they are now."
            )
        )


def _suggested(agencies: Sequence[Agency], language: Language) -> list[tuple[str, str]]:
    return [(agency.id, agency.name[language]) for agency in agencies[:MOST_AGENCIES]]
