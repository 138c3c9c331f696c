"""Errors as problem+json."""

import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from sentinel.errors import Fault, NotAllowed, NotFound, SettingsError
from sentinel.web.api.problems import add_problems
from tests.unit.web.fakes import Browser


class Body(BaseModel):
    count: int
    names: list[str] = []


def an_app(error=None):
    app = FastAPI()
    add_problems(app)

    @app.get("/raise")
    def fail():
        raise error

    @app.post("/body")
    def body(body: Body) -> Body:
        return body

    return app


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (NotFound("there is no alert x"), 404, "Not Found"),
        (NotAllowed("it is closed"), 409, "Conflict"),
    ],
)
def test_our_errors_have_their_status(error, status, title):
    """The sentence is the detail."""
    answer = Browser(an_app(error)).get("/raise")

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"type": "about:blank", "title": title, "status": status, "detail": str(error)} == (
        answer.json()
    )


def test_faults_of_a_document_are_listed():
    """All of them, with key, found and allowed."""
    error = SettingsError(
        [
            Fault("sentinel.yml:3", "no such key", key="web.prt", found="8443", allowed="web.port"),
            Fault("sentinel.yml:9", "the file ends here"),
        ]
    )

    answer = Browser(an_app(error)).get("/raise")

    assert answer.status_code == 422
    assert answer.json()["faults"] == [
        {"field": "web.prt", "found": "8443", "allowed": "web.port"},
        {"field": "sentinel.yml:9", "found": "", "allowed": "the file ends here"},
    ]


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (b"{", [("body", "no JSON", "a JSON object")]),
        (b"", [("body", "", "a value: this one is required")]),
        (b"{}", [("count", "", "a value: this one is required")]),
        (
            b'{"count": "x", "names": ["a", 2]}',
            [
                (
                    "count",
                    "x",
                    "a valid integer, unable to parse string as an integer",
                ),
                ("names.1", "2", "a valid string"),
            ],
        ),
        (
            b'{"count": 1, "names": "' + b"y" * 500 + b'"}',
            [("names", "y" * 100 + "…", "a valid list")],
        ),
    ],
)
def test_a_wrong_body_names_field_found_and_allowed(content, faults):
    """Each fault, and what was sent is said back only so far."""
    answer = Browser(an_app()).post(
        "/body", content=content, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 422
    assert faults == [
        (fault["field"], fault["found"], fault["allowed"]) for fault in answer.json()["faults"]
    ]
    assert faults[0][0] in answer.json()["detail"]


def test_a_wrong_method_says_so():
    """405, with the methods that are allowed."""
    answer = Browser(an_app()).get("/body")

    assert (
        answer.status_code,
        answer.headers["Allow"],
        answer.json()["detail"],
    ) == (405, "POST", "GET is not allowed at /body")


def test_a_fault_of_ours_is_not_explained_to_strangers():
    """500 with constant words."""
    answer = Browser(an_app(RuntimeError("secret"))).get("/raise")

    assert (
        answer.status_code,
        answer.json()["detail"],
    ) == (500, "the service failed at this; its log says why")
