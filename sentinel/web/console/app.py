"""The console for the SOC's people, as one application.

A request passes, from the rim inwards: security headers, where it comes from, size of the body,
who asks (`visit.py`), handler. Handlers are plain functions: they wait for a database, so the
framework runs them in threads. The families of pages are listed here and nowhere else.
"""

from __future__ import annotations

from fastapi import FastAPI

from sentinel.web.console.assets import static_routes
from sentinel.web.console.entry import LOG_IN, entry_routes
from sentinel.web.console.glance import glance_routes
from sentinel.web.console.me import own_routes
from sentinel.web.console.origin import SameOrigin
from sentinel.web.console.overview.routes import overview_routes
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.people import people_routes
from sentinel.web.console.refusals import Refusals, add_refusals
from sentinel.web.console.triage.routes import triage_routes
from sentinel.web.console.view import View
from sentinel.web.headers import SecurityHeaders
from sentinel.web.limits import BodyLimit

LARGEST_BODY = 256 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# What an answer may set for itself: files are cached, a letter is shown in a frame of its own.
OWN_HEADERS = frozenset({"Cache-Control", "Content-Security-Policy", "X-Frame-Options"})
# Forms say which page of ours they come from; other sites are told nothing.
CHANGED_HEADERS = {"Referrer-Policy": "same-origin"}


def build_console(parts: ConsoleParts) -> FastAPI:
    """Make the application."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.parts = parts
    view = View()
    refusals = Refusals(view)
    app.include_router(static_routes())
    app.include_router(entry_routes(parts, view))
    app.include_router(glance_routes(parts, view))
    app.include_router(own_routes(parts, view))
    app.include_router(people_routes(parts, view))
    app.include_router(triage_routes(parts))
    app.include_router(overview_routes(parts))
    add_refusals(app, refusals)
    # The last one added meets a request first.
    app.add_middleware(BodyLimit, most=LARGEST_BODY)
    app.add_middleware(SameOrigin, refuse=refusals.forged, tokenless=frozenset({LOG_IN}))
    app.add_middleware(SecurityHeaders, policy=POLICY, changed=CHANGED_HEADERS, own=OWN_HEADERS)
    return app
