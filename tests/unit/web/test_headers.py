"""The headers of every answer."""

from starlette.responses import PlainTextResponse

from sentinel.web.headers import ALWAYS, NOTHING, SecurityHeaders
from tests.unit.web.fakes import Browser


def test_each_answer_gets_the_headers():
    """All of them, and the policy that allows nothing."""
    answer = Browser(SecurityHeaders(PlainTextResponse("x"))).get("/")

    assert {**ALWAYS, "Content-Security-Policy": NOTHING}.items() <= {
        name: answer.headers[name] for name in (*ALWAYS, "Content-Security-Policy")
    }.items()


def test_the_application_cannot_loosen_them():
    """A handler's own Cache-Control is replaced, not added to."""
    loose = PlainTextResponse("x", headers={"Cache-Control": "public, max-age=3600"})

    answer = Browser(SecurityHeaders(loose, policy="default-src 'self'")).get("/")

    assert answer.headers.get_list("Cache-Control") == ["no-store"]
    assert answer.headers["Content-Security-Policy"] == "default-src 'self'"


def test_an_application_may_keep_what_it_is_allowed_to():
    """A file that never changes is cached; what it does not set, and what it may not, is ours."""
    loose = PlainTextResponse(
        "x", headers={"Cache-Control": "public, max-age=3600", "Referrer-Policy": "unsafe-url"}
    )
    guarded = SecurityHeaders(loose, own=frozenset({"Cache-Control", "X-Frame-Options"}))

    answer = Browser(guarded).get("/")

    assert answer.headers.get_list("Cache-Control") == ["public, max-age=3600"]
    assert answer.headers["Referrer-Policy"] == ALWAYS["Referrer-Policy"]
    assert answer.headers["X-Frame-Options"] == ALWAYS["X-Frame-Options"]


def test_a_header_can_be_another_one_throughout():
    """For every answer of the application, none alone."""
    guarded = SecurityHeaders(PlainTextResponse("x"), changed={"Referrer-Policy": "same-origin"})

    assert Browser(guarded).get("/").headers.get_list("Referrer-Policy") == ["same-origin"]
