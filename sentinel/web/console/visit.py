"""Who asks, in which language, and whether they may: what every handler begins with.

    def show(visit: Here) -> HTMLResponse: ...        # a page; without a session: to the log-in
    def live(visit: Looking) -> HTMLResponse: ...     # what a page asks by itself; 401 instead
    def change(visit: Acting) -> RedirectResponse: ...  # a form, which must carry the token

A form's token is made of the cookie's value, so it needs no memory and ends with the session.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from sentinel.model.person import Person, PersonRole, Theme
from sentinel.model.text import Language
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.paths import asked, log_in_first, path_of
from sentinel.web.language import choose

COOKIE = "__Host-sentinel"  # RFC 6265bis, 4.1.3.2: Secure, Path=/, no Domain, or it is not taken
FIELD = "csrf"
HEADER = "X-CSRF-Token"
CHANGE_PASSWORD = "/me/password"  # noqa: S105 - a path
_READING = frozenset({"GET", "HEAD"})
_PURPOSE = b"sentinel console form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody who is not logged in. `path` leads to the page: path and query as asked.

    Where a form was sent, that is the page that it was on, as far as the browser says.
    """

    language: Language
    zone: str
    now: datetime
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody who is. `token` is the cookie's value, `csrf` what their forms carry."""

    person: Person
    language: Language
    theme: Theme
    zone: str
    now: datetime
    token: str
    csrf: str
    path: str


class Redirected(Exception):  # noqa: N818 - not an error: the way goes on elsewhere
    """The answer is somewhere else."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


class LogInFirst(Redirected):
    """Without a session; `location` is the log-in page."""


class Forged(Exception):  # noqa: N818 - reads as the sentence it is
    """A form without the session's token, or from another site."""


class AdminsOnly(Exception):  # noqa: N818 - reads as the sentence it is
    """An analyst asked for what is an admin's."""


def csrf_of(token: str) -> str:
    """Make the token that the forms of the session with this cookie value carry."""
    return hmac.new(token.encode(), _PURPOSE, sha256).hexdigest()


def guest(request: Request) -> Guest:
    """Receive somebody whom we do not know."""
    parts: ConsoleParts = request.app.state.parts
    return Guest(
        language=choose(None, request.headers.get("Accept-Language"), Language.VI),
        zone=parts.issuer.zone,
        now=parts.clock.now(),
        path=asked(request.scope) if request.method in _READING else came_from(request),
    )


def recognise(request: Request, *, acting: bool) -> Visit | None:
    """Find out who asks; `acting` keeps the session alive. None: nobody whom we know."""
    parts: ConsoleParts = request.app.state.parts
    token = request.cookies.get(COOKIE, "")
    person = parts.accounts.who(token, acting=acting) if token else None
    if person is None:
        return None
    unknown = guest(request)
    return Visit(
        person=person,
        language=person.preferences.language or unknown.language,
        theme=person.preferences.theme,
        zone=unknown.zone,
        now=unknown.now,
        token=token,
        csrf=csrf_of(token),
        path=unknown.path,
    )


def came_from(request: Request) -> str:
    """Return the page of ours that the request was made on, as far as the browser says."""
    return path_of(request.headers.get("Referer", ""), request.headers.get("Host", ""))


def _here_early(request: Request) -> Visit:
    visit = recognise(request, acting=True)
    if visit is None:
        raise LogInFirst(log_in_first(guest(request).path))
    return visit


def _here(visit: Annotated[Visit, Depends(_here_early)]) -> Visit:
    if visit.person.must_change:
        raise Redirected(CHANGE_PASSWORD)
    return visit


def _looking(request: Request) -> Visit:
    visit = recognise(request, acting=False)
    if visit is None or visit.person.must_change:
        raise HTTPException(HTTPStatus.UNAUTHORIZED)
    return visit


async def _sent_token(request: Request) -> str:
    header = request.headers.get(HEADER)
    if header is not None:
        return header
    form = await request.form()
    field = form.get(FIELD)
    await form.close()  # files that somebody added; its texts stay
    return field if isinstance(field, str) else ""


def _acting_early(
    visit: Annotated[Visit, Depends(_here_early)], sent: Annotated[str, Depends(_sent_token)]
) -> Visit:
    if not hmac.compare_digest(visit.csrf.encode(), sent.encode("utf-8", "replace")):
        raise Forged
    return visit


def _acting(visit: Annotated[Visit, Depends(_acting_early)]) -> Visit:
    return _here(visit)


def _admin(visit: Visit) -> Visit:
    if visit.person.role is not PersonRole.ADMIN:
        raise AdminsOnly
    return visit


def _admin_here(visit: Annotated[Visit, Depends(_here)]) -> Visit:
    return _admin(visit)


def _admin_acting(visit: Annotated[Visit, Depends(_acting)]) -> Visit:
    return _admin(visit)


Here = Annotated[Visit, Depends(_here)]
Looking = Annotated[Visit, Depends(_looking)]
Acting = Annotated[Visit, Depends(_acting)]
AdminHere = Annotated[Visit, Depends(_admin_here)]
AdminActing = Annotated[Visit, Depends(_admin_acting)]
# For the few pages that somebody with a first password may open.
HereEarly = Annotated[Visit, Depends(_here_early)]
ActingEarly = Annotated[Visit, Depends(_acting_early)]
