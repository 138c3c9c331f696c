"""Who may use the API: a token in the Authorization header, checked before anything is read."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from sentinel.web.api.problems import problem

CheckToken = Callable[[str], str | None]
REFUSED = "a valid API token is needed: send the header Authorization: Bearer TOKEN"


class BearerGuard:
    """Lets requests whose path begins as one of `guarded` through with a token (RFC 6750).

    It must be one that `check` knows.

    `check` returns the caller's name, which handlers find as `request.state.caller`; None is
    answered 401, always with the same words. It runs in a thread: it may ask a database.
    """

    def __init__(
        self,
        app: ASGIApp,
        check: CheckToken,
        guarded: tuple[str, ...],
        free: frozenset[str] = frozenset(),
    ) -> None:
        self._app = app
        self._check = check
        self._guarded = guarded
        self._free = free

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and self._is_guarded(scope["path"]):
            caller = await self._caller(Headers(scope=scope).get("Authorization", ""))
            if caller is None:
                challenge = {"WWW-Authenticate": 'Bearer realm="sentinel"'}
                answer = problem(HTTPStatus.UNAUTHORIZED, REFUSED, headers=challenge)
                await answer(scope, receive, send)
                return
            scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, receive, send)

    def _is_guarded(self, path: str) -> bool:
        return path.startswith(self._guarded) and path not in self._free

    async def _caller(self, authorization: str) -> str | None:
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            return None
        return await run_in_threadpool(self._check, token)
