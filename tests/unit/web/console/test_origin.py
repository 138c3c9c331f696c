"""Where a request that changes something comes from."""

import threading

import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from sentinel.web.console.origin import SameOrigin, from_here
from tests.unit.web.fakes import Browser

HERE = "https://warn.example"
SAID = {
    "same origin": ({"Origin": HERE, "Sec-Fetch-Site": "same-origin"}, True),
    "origin alone": ({"Origin": HERE}, True),
    "origin in capitals": ({"Origin": "https://WARN.example"}, True),
    "fetch metadata alone": ({"Sec-Fetch-Site": "same-origin"}, True),
    "the person's own doing": ({"Sec-Fetch-Site": "none"}, True),
    "no referrer": ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
    "nothing": ({}, None),
    "another site": ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, False),
    "another site, old browser": ({"Origin": "https://evil.example"}, False),
    "a neighbour": ({"Origin": "https://x.warn.example", "Sec-Fetch-Site": "same-site"}, False),
    "another port": ({"Origin": "https://warn.example:8444"}, False),
    "without encryption": ({"Origin": "http://warn.example"}, False),
    "a sandboxed frame": ({"Origin": "null"}, False),
    "a lie about the site": ({"Origin": "https://evil.example", "Sec-Fetch-Site": "none"}, False),
    "our name inside": ({"Origin": "https://warn.example.evil.example"}, False),
    "our name as user": ({"Origin": "https://warn.example@evil.example"}, False),
    "an unknown word": ({"Sec-Fetch-Site": "elsewhere"}, False),
    "an empty origin": ({"Origin": ""}, False),
    "no address at all": ({"Origin": "http://["}, False),
}


@pytest.mark.parametrize("case", SAID)
def test_browsers_tell_where_a_form_comes_from(case):
    """Ours, not ours, or nothing said."""
    headers, expected = SAID[case]

    assert expected is from_here(Headers({"Host": "warn.example", **headers}), "https")


def build(tokenless=frozenset()):
    return SameOrigin(
        PlainTextResponse("served"), lambda request: PlainTextResponse("no", 403), tokenless
    )


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "POTS"])
def test_whatever_may_change_something_is_looked_at(method):
    """Every method but those that only read."""
    browser = Browser(build())

    answers = [
        browser.request(method, "/x", headers={"Origin": origin}).status_code
        for origin in (HERE, "https://evil.example")
    ]

    assert answers == [200, 403]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_links_from_elsewhere_work(method):
    """A mail may lead to an alert."""
    answer = Browser(build()).request(method, "/x", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 200


def test_where_no_token_decides_the_browser_must_have_said_so():
    """A form that nobody vouches for passes only where its token is asked for."""
    browser = Browser(build(frozenset({"/login"})))

    assert [browser.post(path).status_code for path in ("/login", "/x")] == [403, 200]


def test_the_refusal_is_made_beside_the_loop():
    """It asks a database, and the loop has records to collect."""
    loop_and_refusal = []

    async def serve(scope, receive, send):
        loop_and_refusal.append(threading.get_ident())
        await app(scope, receive, send)

    def refuse(request):
        loop_and_refusal.append(threading.get_ident())
        return PlainTextResponse("no", 403)

    app = SameOrigin(PlainTextResponse("served"), refuse)
    Browser(serve).request("POST", "/x", headers={"Origin": "https://evil.example"})

    loop, refusal = loop_and_refusal
    assert loop != refusal
