"""The token check, apart from any handler."""

import threading

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from sentinel.web.api.bearer import BearerGuard
from tests.unit.web.fakes import Browser


def who(request: Request) -> PlainTextResponse:
    return PlainTextResponse(getattr(request.state, "caller", "nobody"))


def guarded(check):
    app = Starlette(routes=[Route("/api/free", who), Route("/api/x", who), Route("/other", who)])
    return BearerGuard(app, check, guarded=("/api/", "/metrics"), free=frozenset({"/api/free"}))


def test_a_known_token_names_the_caller():
    """The handler finds the name; the scheme's case does not matter (RFC 9110, 11.1)."""
    browser = Browser(guarded({"secret": "lan"}.get))

    answers = [
        browser.get("/api/x", headers={"Authorization": shown})
        for shown in ("Bearer secret", "bearer  secret ", "BEARER secret")
    ]

    assert [answer.text for answer in answers] == ["lan"] * 3


def test_only_what_is_guarded_asks_for_a_token():
    """Other paths and the named exceptions pass as they are."""
    browser = Browser(guarded(lambda token: None))

    assert [browser.get(path).text for path in ("/api/free", "/other")] == ["nobody", "nobody"]
    assert browser.get("/api/x").status_code == 401
    assert browser.get("/api/").status_code == 401
    assert browser.get("/metrics").status_code == 401


def test_an_empty_token_is_not_even_looked_up():
    """A store that would find "" is not asked."""
    asked = []
    browser = Browser(guarded(asked.append))

    for shown in ("", "Bearer", "Bearer ", "Basic secret"):
        assert browser.get("/api/x", headers={"Authorization": shown}).status_code == 401

    assert asked == []


def test_the_look_up_does_not_stop_the_loop():
    """It may ask a database, so it runs in another thread."""
    threads = []

    def check(token):
        threads.append(threading.current_thread())
        return "lan"

    Browser(guarded(check)).get("/api/x", headers={"Authorization": "Bearer x"})

    assert [thread is threading.main_thread() for thread in threads] == [False]
