"""Two applications behind one address."""

import pytest
from starlette.responses import PlainTextResponse

from sentinel.web.soc import build_soc
from tests.unit.web.fakes import Browser


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1/alerts", "api"),
        ("/api", "api"),
        ("/api/", "api"),
        ("/health/live", "api"),
        ("/health", "api"),
        ("/metrics", "api"),
        ("/", "console"),
        ("/alerts/a1", "console"),
        ("/apiary", "console"),
        ("/healthy", "console"),
        ("/static/x/api/v1", "console"),
        ("/API/v1/alerts", "console"),
        ("//api/v1/alerts", "console"),
    ],
)
def test_the_path_decides(path, expected):
    """By whole parts, as they are written."""
    soc = build_soc(PlainTextResponse("api"), PlainTextResponse("console"))

    assert Browser(soc).get(f"https://warn.example{path}").text == expected


def test_a_session_is_no_way_into_the_api():
    """Each application sees its own requests alone: what one lets in, the other does not."""
    seen = []

    async def console(scope, receive, send):
        seen.append(scope["path"])
        await PlainTextResponse("console")(scope, receive, send)

    browser = Browser(build_soc(PlainTextResponse("api"), console))
    browser.get("/api/v1/alerts")
    browser.get("/me")

    assert seen == ["/me"]
