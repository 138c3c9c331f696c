"""Who may log in: an admin's page. A first password is shown once, here, and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from sentinel.errors import NotAllowed
from sentinel.model.ids import PersonName
from sentinel.model.person import PersonRole
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.told import told
from sentinel.web.console.view import View
from sentinel.web.console.visit import AdminActing, AdminHere, Visit

PEOPLE = "/people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A first password that was just made, and for whom."""

    name: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands in the form for somebody new, and what is wrong with it."""

    name: str = ""
    role: PersonRole = PersonRole.ANALYST
    fault: str = ""


EMPTY = Typed()


def people_routes(parts: ConsoleParts, view: View) -> APIRouter:
    """Make the routes below /people."""
    router = APIRouter()
    pages = _People(parts, view)
    router.add_api_route(PEOPLE, pages.show, methods=["GET"])
    router.add_api_route(PEOPLE, pages.add, methods=["POST"])
    router.add_api_route(f"{PEOPLE}/{{name}}/role", pages.set_role, methods=["POST"])
    router.add_api_route(f"{PEOPLE}/{{name}}/active", pages.set_active, methods=["POST"])
    router.add_api_route(f"{PEOPLE}/{{name}}/password", pages.reset_password, methods=["POST"])
    return router


class _People:
    def __init__(self, parts: ConsoleParts, view: View) -> None:
        self._accounts = parts.accounts
        self._view = view

    def show(self, visit: AdminHere) -> HTMLResponse:
        """Show everybody."""
        return self._page(visit)

    def add(
        self,
        visit: AdminActing,
        name: Annotated[str, Form()] = "",
        role: Annotated[PersonRole, Form()] = PersonRole.ANALYST,
    ) -> HTMLResponse:
        """Add somebody and show the first password, this once."""
        try:
            person, password = self._accounts.add(name, role, visit.person.name)
        except NotAllowed as refused:
            typed = Typed(name=name, role=role, fault=told(refused, visit.language))
            return self._page(visit, HTTPStatus.CONFLICT, typed=typed)
        return self._page(visit, given=Given(name=person.name, password=password))

    def set_role(
        self, visit: AdminActing, name: str, role: Annotated[PersonRole, Form()]
    ) -> Response:
        """Make somebody an admin or an analyst."""
        self._accounts.set_role(PersonName(name), role, visit.person.name)
        return RedirectResponse(PEOPLE, HTTPStatus.SEE_OTHER)

    def set_active(
        self, visit: AdminActing, name: str, active: Annotated[str, Form(pattern="^(yes|no)$")]
    ) -> Response:
        """Let somebody in or not."""
        self._accounts.set_active(PersonName(name), active == "yes", visit.person.name)
        return RedirectResponse(PEOPLE, HTTPStatus.SEE_OTHER)

    def reset_password(self, visit: AdminActing, name: str) -> HTMLResponse:
        """Make a new first password and show it, this once."""
        password = self._accounts.reset_password(PersonName(name), visit.person.name)
        return self._page(visit, given=Given(name=name, password=password))

    def _page(
        self,
        visit: Visit,
        status: HTTPStatus = HTTPStatus.OK,
        *,
        given: Given | None = None,
        typed: Typed = EMPTY,
    ) -> HTMLResponse:
        return self._view.page(
            "people.html",
            visit,
            status,
            people=self._accounts.people(),
            roles=tuple(PersonRole),
            given=given,
            typed=typed,
            fault="",
        )
