"""The API's doctor: everything that was looked at, how it stands, what to do."""

from __future__ import annotations

from http import HTTPStatus
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import Field

from sentinel.model.checkup import Check, CheckStatus
from sentinel.model.text import Language
from sentinel.ports import Checkup
from sentinel.web.api.asking import Ask
from sentinel.web.api.problems import responses
from sentinel.web.api.routing import guarded, speak
from sentinel.web.api.shapes import Shape, Text

UNDER_WAY = "a look at everything is under way: ask again when it is finished"


class CheckShape(Shape):
    """One thing that was looked at; unknown: the doctor could not see, which is not "fine"."""

    id: str = Field(description='Stable, for machines: "disk.reserve".')
    status: CheckStatus
    found: Text
    why: Text
    remedy: Text | None = Field(description="null where nothing needs to be done.")


class CheckupShape(Shape):
    """All checks, in a fixed order."""

    checks: list[CheckShape]


def check_shape(check: Check, language: Language) -> CheckShape:
    """Show a check in the reader's words."""
    return CheckShape(
        id=check.id,
        status=check.status,
        found=check.found[language],
        why=check.why[language],
        remedy=None if check.remedy is None else check.remedy[language],
    )


def checkup_routes(checkup: Checkup) -> APIRouter:
    """Make /checkup."""
    router = guarded("service")
    turn = Lock()

    @router.get("/checkup", responses=responses(HTTPStatus.SERVICE_UNAVAILABLE))
    def examine(request: Request, ask: Annotated[Ask, Query()]) -> CheckupShape:
        """Look at everything now, as `sentinel doctor` does: one look at a time."""
        # A look takes seconds of a thread; forty at once would leave none to anybody else.
        if not turn.acquire(blocking=False):
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, UNDER_WAY, {"Retry-After": "10"})
        try:
            checks = checkup.examine()
        finally:
            turn.release()
        language = speak(request, ask)
        return CheckupShape(checks=[check_shape(each, language) for each in checks])

    return router
