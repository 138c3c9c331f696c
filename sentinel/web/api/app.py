"""The API for the SOC: alerts, jobs, warnings, suppressions, agencies, how the service is.

Handlers are plain functions: they wait for a database, so the framework runs them in threads.
Each answers out of a port (`desk`, `health`, ...) and knows nothing behind it. A request passes,
from the rim inwards: security headers, token, size of the body, handler; every error on the way
is problem+json.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from sentinel.ports import Checkup, Desk, EventFinder, Health, Suppressing
from sentinel.web.api.about import about_routes, probe_routes
from sentinel.web.api.alerts import alert_routes
from sentinel.web.api.bearer import BearerGuard, CheckToken
from sentinel.web.api.checkup import checkup_routes
from sentinel.web.api.jobs import job_routes
from sentinel.web.api.metrics import PATH as METRICS
from sentinel.web.api.metrics import metrics_routes
from sentinel.web.api.problems import add_problems
from sentinel.web.api.routing import ROOT
from sentinel.web.api.shapes import Problem
from sentinel.web.api.sources import source_routes
from sentinel.web.api.suppressions import suppression_routes
from sentinel.web.api.warnings import warning_routes
from sentinel.web.headers import SecurityHeaders
from sentinel.web.limits import BodyLimit

OPENAPI = f"{ROOT}/openapi.json"
LARGEST_BODY = 64 * 1024
ABOUT = (
    "Alerts, warnings and agencies of a Sentinel service. Times are in UTC. Errors are "
    "problem+json (RFC 9457)."
)


def build_api(
    desk: Desk,
    finder: EventFinder,
    health: Health,
    check_token: CheckToken,
    *,
    suppressing: Suppressing,
    checkup: Checkup,
) -> FastAPI:
    """Make the application.

    `check_token` returns the name a token belongs to, or None; that name goes into histories.
    """
    app = _Api(
        title="Sentinel",
        version=version("sentinel-watch"),
        description=ABOUT,
        openapi_url=OPENAPI,
        docs_url=None,  # the viewers load their scripts from elsewhere
        redoc_url=None,
    )
    app.include_router(alert_routes(desk, finder))
    app.include_router(job_routes(desk))
    app.include_router(warning_routes(desk))
    app.include_router(suppression_routes(suppressing))
    app.include_router(about_routes(desk, health))
    app.include_router(source_routes(health))
    app.include_router(checkup_routes(checkup))
    app.include_router(probe_routes(health))
    app.include_router(metrics_routes(health))
    add_problems(app)
    # The last one added meets a request first.
    app.add_middleware(BodyLimit, most=LARGEST_BODY)
    app.add_middleware(
        BearerGuard, check=check_token, guarded=("/api/", METRICS), free=frozenset({OPENAPI})
    )
    app.add_middleware(SecurityHeaders)
    return app


class _Api(FastAPI):
    """FastAPI, with our one error shape in its description."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            _, problem = models_json_schema(
                [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
            )
            super().openapi()["components"]["schemas"] |= problem["$defs"]
        return super().openapi()
