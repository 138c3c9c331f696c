"""Triage as one family of routes: the queue, an alert, and what is done with alerts."""

from __future__ import annotations

from fastapi import APIRouter

from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.triage.acting import acting_routes
from sentinel.web.console.triage.alert import alert_routes
from sentinel.web.console.triage.export import export_routes
from sentinel.web.console.triage.jobs import job_routes
from sentinel.web.console.triage.queue import DOMAIN, queue_routes
from sentinel.web.console.triage.saved_views import view_routes
from sentinel.web.console.triage.suppress import suppress_routes
from sentinel.web.console.view import View

PACKAGE = "sentinel.web.console.triage"


def triage_routes(parts: ConsoleParts) -> APIRouter:
    """Everything that analysts do all night."""
    view = View(PACKAGE, DOMAIN)
    router = APIRouter()
    for routes in (
        queue_routes,
        export_routes,
        acting_routes,
        job_routes,
        view_routes,
        suppress_routes,
        alert_routes,
    ):
        router.include_router(routes(parts, view))
    return router
