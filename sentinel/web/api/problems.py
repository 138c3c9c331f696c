"""Every error of the API is problem+json (RFC 9457): what is wrong, and what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from sentinel.errors import Fault, InputError, NotAllowed, NotFound
from sentinel.web.api.shapes import FaultShape, Problem
from sentinel.web.headers import ALWAYS

MEDIA_TYPE = "application/problem+json"
LONGEST_FOUND = 100  # characters of what was sent that are said back
# pydantic's sentences begin so; what follows is what is allowed.
_PREFIXES = ("Input should be ", "Value should have ", "String should have ", "Value error, ")


def add_problems(app: FastAPI) -> None:
    """Let the application answer errors as problems."""
    app.add_exception_handler(NotFound, _not_found)
    app.add_exception_handler(NotAllowed, _not_allowed)
    app.add_exception_handler(InputError, _bad_document)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _failed)


def problem(
    status: HTTPStatus,
    detail: str,
    faults: list[FaultShape] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Make the answer."""
    body = Problem(title=status.phrase, status=status, detail=detail, faults=faults or [])
    return JSONResponse(
        body.model_dump(mode="json", exclude_defaults=True) | {"type": body.type},
        status_code=status,
        headers=dict(headers or {}),
        media_type=MEDIA_TYPE,
    )


def responses(*statuses: HTTPStatus) -> dict[int | str, dict[str, object]]:
    """Describe these errors for OpenAPI."""
    return {
        int(status): {
            "description": status.phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


def _not_found(request: Request, error: Exception) -> JSONResponse:
    del request
    return problem(HTTPStatus.NOT_FOUND, str(error))


def _not_allowed(request: Request, error: Exception) -> JSONResponse:
    del request
    return problem(HTTPStatus.CONFLICT, str(error))


def _bad_document(request: Request, error: Exception) -> JSONResponse:
    del request
    faults = error.faults if isinstance(error, InputError) else ()
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, str(error), [_shape_of(fault) for fault in faults]
    )


def _shape_of(fault: Fault) -> FaultShape:
    return FaultShape(
        field=fault.key or fault.place, found=fault.found, allowed=fault.allowed or fault.message
    )


def _bad_request(request: Request, error: Exception) -> JSONResponse:
    del request
    errors = error.errors() if isinstance(error, RequestValidationError) else ()
    faults = [_fault(each) for each in errors]
    detail = "; ".join(
        f"{fault.field}: found {fault.found or 'nothing'}, allowed: {fault.allowed}"
        for fault in faults
    )
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, faults)


def _fault(error: Mapping[str, object]) -> FaultShape:
    """Turn one of pydantic's errors into field, found and allowed."""
    location, kind, message = error.get("loc"), error.get("type"), str(error.get("msg", ""))
    parts = [str(part) for part in location] if isinstance(location, tuple) else []
    if kind == "json_invalid":
        return FaultShape(field="body", found="no JSON", allowed="a JSON object")
    field = ".".join(parts[1:]) or ".".join(parts)
    if kind == "missing":
        return FaultShape(field=field, found="", allowed="a value: this one is required")
    if kind == "extra_forbidden":
        return FaultShape(field=field, found=field, allowed="only the documented names")
    for prefix in _PREFIXES:
        message = message.removeprefix(prefix)
    return FaultShape(field=field, found=_found(error.get("input")), allowed=message)


def _found(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= LONGEST_FOUND else f"{text[:LONGEST_FOUND]}…"


def _refused(request: Request, error: Exception) -> JSONResponse:
    """Answer what the framework refuses: no such path, no such method, no readable body."""
    if not isinstance(error, HTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    detail = str(error.detail)
    if status is HTTPStatus.NOT_FOUND:
        detail = f"there is nothing at {request.url.path}"
    elif status is HTTPStatus.METHOD_NOT_ALLOWED:
        detail = f"{request.method} is not allowed at {request.url.path}"
    return problem(status, detail, headers=error.headers)


def _failed(request: Request, error: Exception) -> JSONResponse:
    """Answer our own faults without telling what they were; the service's log has them."""
    del request, error
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "the service failed at this; its log says why",
        headers=ALWAYS,  # this answer is made outside of the middleware that adds them
    )
