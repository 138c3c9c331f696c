"""The whole API, from outside: who gets in, how it refuses, how it describes itself."""

from dataclasses import replace

import pytest

from sentinel.web.api.app import LARGEST_BODY
from tests.samples import a_card, an_alert, an_event
from tests.unit.web.fakes import API_TOKEN, Browser, FakeDesk, FakeFinder, an_api

ALERT = "/api/v1/alerts/a1b2c3d4e5f60718"
HOSTILE = [
    "<script>alert(1)</script>",
    '"}],"x":"',
    "\u202egnp.exe",
    "\x00\x1b[31m",
    "\ud800",
    "Ường",
    "</textarea><img src=x onerror=alert(1)>",
]


def check(token):
    return "lan" if token == API_TOKEN else None


def an_app(desk=None, finder=None, health=None):
    return an_api(desk, finder, health, check)


def a_browser(app=None, **headers):
    return Browser(app or an_app(), {"Authorization": f"Bearer {API_TOKEN}"} | headers)


def described():
    return a_browser().get("/api/v1/openapi.json").json()


def operations():
    for path, methods in described()["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


GUARDED = [(method, path) for method, path, _ in operations() if path.startswith("/api/")]


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_nothing_is_told_without_a_token(method, path):
    """Every operation refuses in the same words, and nothing has been done."""
    desk = FakeDesk()
    app = an_app(desk)
    for authorization in (None, "", "Bearer", "Bearer wrong", f"Basic {API_TOKEN}", API_TOKEN):
        headers = {} if authorization is None else {"Authorization": authorization}

        answer = Browser(app, headers).request(method, path, content=b"{not json")

        assert answer.status_code == 401, authorization
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="sentinel"'
        assert "a valid API token is needed" in answer.json()["detail"]
        assert (desk.calls, desk.queries) == ([], [])


def test_probes_need_no_token_and_tell_nothing():
    """A load balancer learns yes or no."""
    browser = Browser(an_app())

    assert browser.get("/health/live").json() == {"alive": True}
    assert browser.get("/health/ready").json() == {"ready": True}


@pytest.mark.parametrize("path", ["/api/v1/alerts", "/health/live", "/nothing", ALERT])
def test_every_answer_carries_the_security_headers(path):
    """Found, refused or missing: not cached, not framed, not sniffed, not shared."""
    answer = a_browser(Origin="https://elsewhere.example").get(path)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_what_is_not_there_is_a_problem():
    """An unknown path is answered as every other error is."""
    answer = a_browser().get("/api/v1/nothing")

    assert (
        answer.status_code,
        answer.headers["Content-Type"],
    ) == (404, "application/problem+json")
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "there is nothing at /api/v1/nothing",
    }


def test_a_fault_of_ours_tells_nothing_of_the_inside():
    """A broken desk is a 500 with constant words."""

    class BrokenDesk(FakeDesk):
        def agencies(self):
            raise RuntimeError("password of the database")

    answer = a_browser(an_app(BrokenDesk())).get("/api/v1/agencies")

    assert answer.status_code == 500
    assert "password" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_body_too_large_is_refused():
    """Nobody fills our memory through a note."""
    answer = a_browser().post(f"{ALERT}/acknowledge", content=b"x" * (LARGEST_BODY + 1))

    assert answer.status_code == 413


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_text_is_data(value):
    """Whatever a log line holds comes back as a JSON string that says the same."""
    spoken = value.encode("utf-8", "backslashreplace").decode()
    event = an_event(fields={"user.name": value, value: [value, float("nan")]}, raw=value)
    alert = an_alert(subject={"user.name": value}, card=a_card(title=value, advice=None))
    evidence = replace(alert.evidence[0], raw=value, matched={"": value})
    browser = a_browser(
        an_app(FakeDesk(alerts=[replace(alert, evidence=(evidence,))]), FakeFinder([event]))
    )

    shown = browser.get(ALERT).json()
    found = browser.get(f"{ALERT}/events").json()["events"][0]

    assert (spoken, {"user.name": spoken}) == (shown["title"], shown["subject"])
    assert (spoken, {"": spoken}) == (
        shown["evidence"][0]["raw"],
        shown["evidence"][0]["matched"],
    )
    assert (spoken, spoken) == (found["raw"], found["fields"]["user.name"])
    assert [spoken, "nan"] == found["fields"][spoken]


# -- the description -------------------------------------------------------------------------------


def test_the_description_is_openapi_3_1():
    """And it can be read without a token."""
    answer = Browser(an_app()).get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")


def test_the_description_names_every_operation():
    """A path added or lost shows here."""
    assert {
        ("GET", "/api/v1/alerts"),
        ("GET", "/api/v1/alerts/{alert_id}"),
        ("GET", "/api/v1/alerts/{alert_id}/context"),
        ("GET", "/api/v1/alerts/{alert_id}/events"),
        ("POST", "/api/v1/alerts/{alert_id}/acknowledge"),
        ("POST", "/api/v1/alerts/{alert_id}/close"),
        ("POST", "/api/v1/alerts/{alert_id}/take"),
        ("POST", "/api/v1/alerts/{alert_id}/warn"),
        ("POST", "/api/v1/alerts/act"),
        ("GET", "/api/v1/jobs"),
        ("GET", "/api/v1/jobs/{job_id}"),
        ("POST", "/api/v1/jobs/{job_id}/undo"),
        ("GET", "/api/v1/agencies"),
        ("GET", "/api/v1/status"),
        ("GET", "/api/v1/warnings"),
        ("GET", "/api/v1/warnings/{warning_id}"),
        ("GET", "/api/v1/warnings/{warning_id}/preview"),
        ("POST", "/api/v1/warnings/{warning_id}/approve"),
        ("GET", "/api/v1/suppressions"),
        ("POST", "/api/v1/suppressions"),
        ("POST", "/api/v1/suppressions/preview"),
        ("GET", "/api/v1/suppressions/{suppression_id}"),
        ("POST", "/api/v1/suppressions/{suppression_id}/lift"),
        ("POST", "/api/v1/suppressions/{suppression_id}/prolong"),
        ("GET", "/api/v1/sources"),
        ("GET", "/api/v1/checkup"),
        ("GET", "/health/live"),
        ("GET", "/health/ready"),
    } == {(method, path) for method, path, _ in operations()}


def test_each_guarded_operation_is_described_whole():
    """Its answer has a shape, its errors are problems, its token and its purpose are named."""
    for _, path, operation in operations():
        answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert "$ref" in answer, path
        assert operation["summary"], path
        assert operation["description"], path
        if path.startswith("/api/"):
            assert operation["security"] == [{"HTTPBearer": []}], path
            for status in operation["responses"].keys() - {"200"}:
                content = operation["responses"][status]["content"]
                assert list(content) == ["application/problem+json"], (path, status)
            assert {"401", "422"} <= operation["responses"].keys(), path


def test_each_reference_of_the_description_leads_somewhere():
    """A client can be generated from it."""
    document = described()

    def references(node):
        if isinstance(node, dict):
            yield from [node["$ref"]] if "$ref" in node else []
            for child in node.values():
                yield from references(child)
        elif isinstance(node, list):
            for child in node:
                yield from references(child)

    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    used = set(references(document))

    assert "#/components/schemas/Problem" in used
    assert set() == used - known


def test_nothing_described_holds_a_token():
    """No shape has a field for an acknowledge token or its hash."""
    for name, schema in described()["components"]["schemas"].items():
        assert not [field for field in schema.get("properties", {}) if "token" in field], name
