"""The API's warnings: what was sent to agencies, whether they have it, and the approval."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from sentinel.model.ids import AgencyId, AlertId, WarningId
from sentinel.ports import Desk, WarningQuery
from sentinel.web.api import shapes, shaping
from sentinel.web.api.asking import Ask, WarningFilter
from sentinel.web.api.routing import CHANGED, FOUND, Caller, WarningPath, cut, guarded, speak


def warning_routes(desk: Desk) -> APIRouter:
    """Everything below /warnings."""
    router = guarded("warnings")

    @router.get("/warnings")
    def warnings(request: Request, ask: Annotated[WarningFilter, Query()]) -> shapes.WarningList:
        """List warnings, the newest first."""
        query = WarningQuery(
            states=frozenset(ask.state),
            agency=None if ask.agency is None else AgencyId(ask.agency),
            alert=None if ask.alert is None else AlertId(ask.alert),
            limit=ask.limit + 1,
        )
        found, more = cut(desk.warnings(query), ask.limit)
        language = speak(request, ask)
        return shapes.WarningList(
            warnings=[shaping.warning_shape(warning, language) for warning in found], more=more
        )

    @router.get("/warnings/{warning_id}", responses=FOUND)
    def warning(
        request: Request, warning_id: WarningPath, ask: Annotated[Ask, Query()]
    ) -> shapes.WarningDetail:
        """Show one warning with its letters; the acknowledge links in them are masked."""
        found = desk.warning(WarningId(warning_id))
        return shaping.warning_detail(found, speak(request, ask))

    @router.get("/warnings/{warning_id}/preview", responses=CHANGED)
    def preview(
        request: Request, warning_id: WarningPath, ask: Annotated[Ask, Query()]
    ) -> shapes.WarningDetail:
        """Show a draft with its letters as they would leave now; nothing is written or sent."""
        return shaping.warning_detail(desk.preview(WarningId(warning_id)), speak(request, ask))

    @router.post("/warnings/{warning_id}/approve", responses=CHANGED)
    def approve(
        request: Request, warning_id: WarningPath, caller: Caller, ask: Annotated[Ask, Query()]
    ) -> shapes.WarningDetail:
        """Number it and send a copy to each recipient."""
        approved = desk.approve(WarningId(warning_id), caller)
        return shaping.warning_detail(approved, speak(request, ask))

    return router
