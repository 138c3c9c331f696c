"""The API's view of the service itself: who is watched, how it runs, whether it is alive."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from sentinel.ports import Desk, Health
from sentinel.web.api import shapes, shaping
from sentinel.web.api.asking import Ask
from sentinel.web.api.routing import guarded, speak

UNREADY: dict[int | str, dict[str, Any]] = {
    503: {"model": shapes.Readiness, "description": "Not ready."}
}


def about_routes(desk: Desk, health: Health) -> APIRouter:
    """Agencies and the state of the service, for whoever has a token."""
    router = guarded("service")

    @router.get("/agencies")
    def agencies(request: Request, ask: Annotated[Ask, Query()]) -> shapes.AgencyList:
        """List the agencies, by id."""
        language = speak(request, ask)
        return shapes.AgencyList(
            agencies=[shaping.agency_shape(agency, language) for agency in desk.agencies()]
        )

    @router.get("/status")
    def status() -> shapes.StatusShape:
        """Show how the service is."""
        return shaping.status_shape(health.status())

    return router


def probe_routes(health: Health) -> APIRouter:
    """Answers for load balancers and supervisors: no token, and nothing told but yes or no."""
    router = APIRouter(prefix="/health", tags=["health"])

    @router.get("/live")
    def live() -> shapes.Alive:
        """Say that the process answers."""
        return shapes.Alive()

    @router.get("/ready", responses=UNREADY)
    def ready(response: Response) -> shapes.Readiness:
        """Say whether the service takes records and acts on them."""
        is_ready = health.status().ready
        if not is_ready:
            response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return shapes.Readiness(ready=is_ready)

    return router
