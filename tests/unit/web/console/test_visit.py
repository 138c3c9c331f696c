"""Who is let in, and what a form must carry."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.responses import PlainTextResponse

from sentinel.model.person import PersonRole, Preferences, Theme
from sentinel.model.text import Language
from sentinel.web.console.refusals import Refusals, add_refusals
from sentinel.web.console.view import View
from sentinel.web.console.visit import (
    COOKIE,
    Acting,
    ActingEarly,
    AdminActing,
    AdminHere,
    Here,
    HereEarly,
    Looking,
    Visit,
    csrf_of,
)
from tests.samples import NOON
from tests.unit.web.console.house import ConsoleBrowser, logged_in, parts

GUARDED = {
    "GET": ["/here", "/early", "/looking", "/admin"],
    "POST": ["/acting", "/acting-early", "/admin-acting"],
}


def words(visit: Visit) -> PlainTextResponse:
    theme = visit.theme.value
    return PlainTextResponse(f"{visit.person.name} {visit.language.value} {theme} {visit.path}")


def rooms() -> APIRouter:
    router = APIRouter()

    @router.get("/here")
    def here(visit: Here):
        return words(visit)

    @router.get("/early")
    def early(visit: HereEarly):
        return words(visit)

    @router.get("/looking")
    def looking(visit: Looking):
        return words(visit)

    @router.get("/admin")
    def admin(visit: AdminHere):
        return words(visit)

    @router.post("/acting")
    def acting(visit: Acting):
        return words(visit)

    @router.post("/acting-early")
    def acting_early(visit: ActingEarly):
        return words(visit)

    @router.post("/admin-acting")
    def admin_acting(visit: AdminActing):
        return words(visit)

    return router


@pytest.fixture
def app():
    app = FastAPI(openapi_url=None)
    app.state.parts = parts()
    app.include_router(rooms())
    add_refusals(app, Refusals(View()))
    return app


def change(app, name, **changes):
    known = app.state.parts.accounts.known
    known[name] = replace(known[name], **changes)


def test_whoever_is_logged_in_is_let_in(app):
    """With language, colours and the path as asked."""
    answer = logged_in(app).get("/here?x=1%202")

    assert (answer.status_code, answer.text) == (200, "lan en auto /here?x=1%202")


@pytest.mark.parametrize("cookie", ["", f"{COOKIE}=", f"{COOKIE}=guessed", "sentinel=x"])
def test_whoever_is_not_goes_to_the_log_in(app, cookie):
    """And comes back afterwards, to where the page was, with its query."""
    browser = ConsoleBrowser(app)

    answer = browser.get("/here?q=a%26b", headers={"Cookie": cookie})

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login?next=/here%3Fq%3Da%2526b"


def test_a_form_after_the_sessions_end_leads_back_to_its_page(app):
    """Not to the form's own address, which cannot be opened."""
    browser = ConsoleBrowser(app, "over")

    answers = [
        browser.post("/acting", headers={"Referer": referer}).headers["Location"]
        for referer in ("https://warn.example/alerts/a1?x=1", "https://evil.example/", "")
    ]

    assert answers == ["/login?next=/alerts/a1%3Fx%3D1", "/login", "/login"]


def test_a_piece_of_a_page_makes_the_page_log_in(app):
    """htmx would put the log-in form where a piece belongs: the whole page goes instead."""
    headers = {"HX-Request": "true", "HX-Current-URL": "https://warn.example/alerts/a1"}

    answer = ConsoleBrowser(app).get("/here", headers=headers)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login?next=/alerts/a1")


def test_what_a_page_asks_by_itself_keeps_no_session_alive(app):
    """A console that stands open on a wall logs out all the same."""
    browser = logged_in(app)
    accounts = app.state.parts.accounts
    accounts.looks.clear()

    browser.get("/looking")
    browser.get("/here")

    assert [(browser.token, False), (browser.token, True)] == accounts.looks


def test_what_a_page_asks_by_itself_is_not_redirected(app):
    """Nobody reads a log-in form there."""
    answer = ConsoleBrowser(app).get("/looking")

    assert (answer.status_code, answer.text) == (401, "")


def test_a_first_password_opens_nothing_but_its_change(app):
    """Every page leads there; what a page asks by itself gets nothing; leaving is allowed."""
    change(app, "lan", must_change=True)
    browser = logged_in(app)

    assert browser.get("/here").headers["Location"] == "/me/password"
    assert browser.post("/acting").headers["Location"] == "/me/password"
    assert browser.get("/looking").status_code == 401
    assert browser.get("/early").status_code == 200
    assert browser.post("/acting-early").status_code == 200


@pytest.mark.parametrize("path", GUARDED["POST"])
@pytest.mark.parametrize(
    "sent",
    [
        "",
        "guessed",
        "é\udcff",
        csrf_of("another session's cookie"),
        csrf_of("").upper(),
    ],
    ids=["none", "guessed", "strange", "of another session", "of no session"],
)
def test_a_form_without_the_sessions_token_changes_nothing(app, path, sent):
    """Neither in the field nor in the header."""
    browser = logged_in(app, PersonRole.ADMIN)
    header = sent.encode("utf-8", "surrogateescape")

    in_field = browser.request("POST", path, data={"csrf": header})
    in_header = browser.request("POST", path, headers={"X-CSRF-Token": header})
    as_file = browser.request("POST", path, files={"csrf": ("x", browser.csrf)})
    as_json = browser.request("POST", path, json={"csrf": browser.csrf})
    in_query = browser.request("POST", f"{path}?csrf={browser.csrf}")

    answers = [in_field, in_header, as_file, as_json, in_query]
    assert [answer.status_code for answer in answers] == [403] * 5


@pytest.mark.parametrize("path", GUARDED["POST"])
def test_the_token_may_come_as_field_or_as_header(app, path):
    """Forms send the one, scripts the other."""
    browser = logged_in(app, PersonRole.ADMIN)

    field = browser.request("POST", path, data={"csrf": browser.csrf})
    header = browser.request("POST", path, headers={"X-CSRF-Token": browser.csrf})

    assert [field.status_code, header.status_code] == [200, 200]


def test_a_wrong_header_is_not_mended_by_the_field(app):
    """Whoever sends both sends two right ones, or is refused."""
    browser = logged_in(app)

    answer = browser.post("/acting", headers={"X-CSRF-Token": "guessed"})

    assert answer.status_code == 403


def test_what_is_an_admins_is_refused_to_an_analyst(app):
    """With a page that says so; the token does not matter then."""
    browser = logged_in(app)

    answers = [browser.get("/admin"), browser.post("/admin-acting")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert all("This is for admins." in answer.text for answer in answers)
    assert logged_in(app, PersonRole.ADMIN).get("/admin").status_code == 200


def test_somebody_who_may_no_longer_log_in_is_out_at_once(app):
    """An open session is no way around it."""
    browser = logged_in(app)

    change(app, "lan", active=False)

    assert browser.get("/here").status_code == 303


def test_a_role_that_was_taken_is_gone_at_once(app):
    """The next request knows."""
    browser = logged_in(app, PersonRole.ADMIN)

    change(app, "minh", role=PersonRole.ANALYST)

    assert browser.get("/admin").status_code == 403


@pytest.mark.parametrize(
    ("preferred", "browser", "expected"),
    [
        (Language.VI, "en", "vi"),
        (Language.EN, "vi", "en"),
        (None, "en-GB,vi;q=0.5", "en"),
        (None, "fr", "vi"),
        (None, "", "vi"),
    ],
)
def test_the_language_is_ones_own_else_the_browsers_else_vietnamese(
    app, preferred, browser, expected
):
    """In this order."""
    change(app, "lan", preferences=Preferences(language=preferred, theme=Theme.DARK))

    answer = logged_in(app, language=browser).get("/here")

    assert f"lan {expected} dark /here" == answer.text


def test_the_token_of_a_form_tells_nothing_of_the_cookie():
    """And belongs to it alone."""
    assert csrf_of("a") != csrf_of("b")
    assert "abcdef" not in csrf_of("abcdef")
    assert len(csrf_of("a")) == 64


def test_now_is_the_clocks(app):
    """Pages say how long ago a thing was by the service's clock."""
    seen = []
    router = APIRouter()

    @router.get("/now")
    def now(visit: Here):
        seen.append(visit.now)
        return PlainTextResponse("")

    app.include_router(router)
    app.state.parts.clock.move(timedelta(hours=1))
    logged_in(app).get("/now")

    assert [NOON + timedelta(hours=1)] == seen
