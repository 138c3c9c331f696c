"""What the API's routes share: their root, the caller, the language, a list that says it is cut."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Path, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from sentinel.model.text import Language
from sentinel.web.api.asking import Ask
from sentinel.web.api.problems import responses
from sentinel.web.language import choose

ROOT = "/api/v1"
FOUND = responses(HTTPStatus.NOT_FOUND)
CONFLICT = responses(HTTPStatus.CONFLICT)
CHANGED = responses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
_BEARER = HTTPBearer(auto_error=False, description="The API token of the service.")
T = TypeVar("T")


def caller(
    request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]
) -> str:
    """Name whoever asks, as `BearerGuard` found it."""
    del shown  # only so that OpenAPI names the scheme
    name: str = request.state.caller
    return name


Caller = Annotated[str, Depends(caller)]
AlertPath = Annotated[str, Path(max_length=64, description="An alert's id.")]
JobPath = Annotated[str, Path(max_length=64, description="A job's id.")]
SuppressionPath = Annotated[str, Path(max_length=64, description="A suppression's id.")]
WarningPath = Annotated[str, Path(max_length=64, description="A warning's id or number.")]


def guarded(tag: str) -> APIRouter:
    """Make a router whose requests need a token."""
    return APIRouter(
        prefix=ROOT,
        tags=[tag],
        dependencies=[Depends(caller)],
        responses=responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.UNPROCESSABLE_ENTITY),
    )


def speak(request: Request, ask: Ask) -> Language:
    """Choose the language of the answer's words."""
    return choose(ask.lang, request.headers.get("Accept-Language"), Language.VI)


def cut(found: Sequence[T], limit: int) -> tuple[Sequence[T], bool]:
    """Cut a list that was asked for with one more than the limit; say whether there is more."""
    return found[:limit], len(found) > limit
