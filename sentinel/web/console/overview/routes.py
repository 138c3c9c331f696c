"""All pages of the overview, as one router for the console."""

from __future__ import annotations

from fastapi import APIRouter

from sentinel.web.console.overview.detection import detection_routes
from sentinel.web.console.overview.doctor import doctor_routes
from sentinel.web.console.overview.sources import source_routes
from sentinel.web.console.overview.suppressions import suppression_routes
from sentinel.web.console.overview.warnings import warning_routes
from sentinel.web.console.overview.words import DOMAIN
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.view import View

PACKAGE = "sentinel.web.console.overview"
FAMILIES = (warning_routes, suppression_routes, source_routes, detection_routes, doctor_routes)


def overview_routes(parts: ConsoleParts) -> APIRouter:
    """Warnings, suppressions, sources, detection and the doctor."""
    router = APIRouter()
    view = View(PACKAGE, DOMAIN)
    for family in FAMILIES:
        router.include_router(family(parts, view))
    return router
