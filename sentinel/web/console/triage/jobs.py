"""Jobs: what was done with alerts, how far it is, and the way back."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from sentinel.errors import NotAllowed
from sentinel.model.ids import JobId
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.triage.links import back_to
from sentinel.web.console.view import View
from sentinel.web.console.visit import Acting, Here, Looking, Visit

LISTED = 100


def job_routes(parts: ConsoleParts, view: View) -> APIRouter:
    """Jobs and their undoing."""
    router = APIRouter()

    @router.get("/jobs")
    def jobs(visit: Here) -> HTMLResponse:
        """List the newest jobs."""
        return view.page("jobs.html", visit, jobs=parts.desk.jobs(LISTED), listed=LISTED)

    @router.get("/jobs/{job_id}")
    def job(visit: Here, job_id: str) -> HTMLResponse:
        """Show one job and how far it is."""
        return _job_page(parts, view, visit, job_id)

    @router.get("/jobs/{job_id}/progress")
    def progress(visit: Looking, job_id: str, back: Annotated[str, Query()] = "/") -> HTMLResponse:
        """Say how far it is, for a page that shows it."""
        found = parts.desk.job(JobId(job_id))
        return view.page("job_progress.html", visit, job=found, back=back_to(back))

    @router.post("/jobs/{job_id}/undo")
    def undo(visit: Acting, job_id: str, back: Annotated[str, Form()] = "") -> Response:
        """Put back what it changed."""
        try:
            undone = parts.desk.undo(JobId(job_id), visit.person.name)
        except NotAllowed as refusal:
            return _job_page(
                parts, view, visit, job_id, status=HTTPStatus.CONFLICT, fault=str(refusal)
            )
        return RedirectResponse(back_to(back, job=undone.id), HTTPStatus.SEE_OTHER)

    return router


def _job_page(
    parts: ConsoleParts,
    view: View,
    visit: Visit,
    job_id: str,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    fault: str = "",
) -> HTMLResponse:
    found = parts.desk.job(JobId(job_id))
    return view.page("job.html", visit, status, job=found, fault=fault)
