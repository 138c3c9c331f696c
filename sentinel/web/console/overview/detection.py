"""The page of detection: which rules are blind now, and where the time of an event goes.

The part that changes is asked for again every few seconds by the page itself; that keeps no
session alive.
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from sentinel.web.console.overview import words
from sentinel.web.console.overview.costs import BAR, costs, rule_path
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.view import View
from sentinel.web.console.visit import Here, Looking, Visit

REFRESH = 15  # seconds


def detection_routes(parts: ConsoleParts, view: View) -> APIRouter:
    """The page, and the part of it that stays fresh."""
    router = APIRouter()

    def answer(template: str, visit: Visit) -> HTMLResponse:
        profile = parts.health.profile()
        resting = parts.health.resting()
        rules = {one.rule for one in resting}
        return view.page(
            template,
            visit,
            service=parts.health.status(),
            events=profile.events,
            costs=costs(profile),
            resting=resting,
            back=[one for one in profile.resting if one.rule not in rules],
            alerts_of=rule_path,
            refresh=REFRESH,
            box=BAR,
            words=words,
        )

    @router.get("/detection")
    def detection(visit: Here) -> HTMLResponse:
        return answer("detection.html", visit)

    @router.get("/detection/now")
    def now(visit: Looking) -> HTMLResponse:
        return answer("detection_now.html", visit)

    return router
