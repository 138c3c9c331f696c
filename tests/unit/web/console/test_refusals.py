"""Answers that are not the page one asked for."""

from dataclasses import replace

import pytest
from fastapi import FastAPI

from sentinel.errors import Fault, InputError, NotAllowed, NotFound
from sentinel.model.person import Preferences
from sentinel.model.text import Language
from sentinel.web.console.refusals import Refusals, add_refusals
from sentinel.web.console.view import View
from sentinel.web.console.visit import Acting, Here
from tests.unit.web.console.house import ConsoleBrowser, Outline, logged_in, parts

RAISED = {
    "/not-found": NotFound("there is no alert a1"),
    "/not-allowed": NotAllowed("Job j1 changed nothing: there is nothing to undo."),
    "/input": InputError([Fault("x.yml:1", "unknown key", "colour", "red"), Fault("y.yml", "no")]),
    "/failed": RuntimeError("the password of the database is hunter2"),
}


@pytest.fixture
def app():
    app = FastAPI(openapi_url=None)
    app.state.parts = parts()

    @app.get("/raise/{name}")
    def raising(name: str, visit: Here, number: int = 0):
        raise RAISED[f"/{name}"]

    @app.post("/only-posted")
    def posted(visit: Acting):
        return None

    add_refusals(app, Refusals(View()))
    return app


def answer(app, path, **headers):
    return logged_in(app).get(path, headers=headers)


@pytest.mark.parametrize(
    ("path", "status", "title", "sentence"),
    [
        ("/raise/not-found", 404, "There is no such thing", "there is no alert a1"),
        (
            "/raise/not-allowed",
            409,
            "Nothing was changed",
            "Job j1 changed nothing: there is nothing to undo.",
        ),
        ("/raise/input", 422, "Nothing was changed", "x.yml:1: colour: unknown key; found red"),
        ("/raise/x?number=many", 422, "This cannot be read", "number: many: "),
        ("/nothing", 404, "There is no such page", "The link may be old"),
        ("/only-posted", 405, "There is no such page", "This address takes forms only"),
    ],
)
def test_each_refusal_is_a_sentence_and_a_way_back(app, path, status, title, sentence):
    """In the frame, so that whoever reads it is still in the console."""
    given = answer(app, path, Referer="https://warn.example/alerts/a1?x=1")
    outline = Outline(given.text)

    assert given.status_code == status
    assert f"<h1>{title}</h1>" in given.text
    assert sentence in outline.text
    assert "/alerts/a1?x=1" in [link.get("href") for link in outline.all("a")]
    assert len(outline.all("nav")) == 1
    assert outline.balanced


def test_the_way_back_never_leads_elsewhere(app):
    """A page of another site that sent somebody here is not a page of ours."""
    given = answer(app, "/nothing", Referer="https://evil.example/x")

    assert "evil.example" not in given.text


def test_refusals_are_said_in_the_readers_language(app):
    """Title and sentence."""
    accounts = app.state.parts.accounts
    preferences = Preferences(language=Language.VI)
    accounts.known["lan"] = replace(accounts.known["lan"], preferences=preferences)

    given = answer(app, "/raise/not-allowed")

    assert "Không có gì thay đổi" in given.text
    assert "Tác vụ j1 không thay đổi gì nên không có gì để hoàn tác." in given.text
    assert 'lang="vi"' in given.text


def test_a_stranger_gets_the_sentence_without_the_frame(app):
    """No bar, no name, no script that asks."""
    given = ConsoleBrowser(app, language="vi").get("/nothing")

    assert given.status_code == 404
    assert Outline(given.text).all("nav") == []
    assert "Không có trang này" in given.text


def test_a_fault_of_ours_tells_nothing(app):
    """The service's log has it; the page is one that cannot fail itself, in both languages."""
    given = answer(app, "/raise/failed")

    assert given.status_code == 500
    assert "hunter2" not in given.text
    assert "RuntimeError" not in given.text
    assert "Hệ thống gặp lỗi" in given.text
    assert "The service failed" in given.text
    assert "default-src 'none'" in given.headers["Content-Security-Policy"]
    assert given.headers["Cache-Control"] == "no-store"


def test_what_was_sent_is_said_back_as_text_and_cut(app):
    """A link that somebody made is no way to write on our page."""
    given = answer(app, "/raise/x?number=" + "<b>\u202e" + "9" * 5000)

    assert "<b>" not in given.text.replace("<bdi>", "")
    assert "\u202e" not in given.text
    assert "9" * 101 not in given.text.partition("<main")[2]


def test_the_language_can_be_switched_on_a_refused_forms_page(app):
    """The switch leads to the page of the form: the form's own address cannot be opened."""
    referer = {"Referer": "https://warn.example/alerts/a1"}

    given = logged_in(app).post("/only-posted", {"csrf": "wrong"}, headers=referer)

    fields = {f.get("name"): f.get("value") for f in Outline(given.text).all("input")}
    assert (given.status_code, fields["next"]) == (403, "/alerts/a1")


def test_a_form_that_cannot_be_taken_apart_is_refused(app):
    """With a page, not with a fault of ours."""
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    given = logged_in(app).request("POST", "/only-posted", content=b"--y", headers=headers)

    assert given.status_code == 400
    assert "Nothing was changed" in given.text


def test_which_methods_are_allowed_is_still_said(app):
    """For machines (RFC 9110, 15.5.6)."""
    assert answer(app, "/only-posted").headers["Allow"] == "POST"


def test_a_refusal_keeps_no_session_alive_and_asks_once(app):
    """One look for the page, whatever it says."""
    browser = logged_in(app)
    app.state.parts.accounts.looks.clear()

    browser.get("/nothing")

    assert app.state.parts.accounts.looks == [(browser.token, False)]


def test_what_was_typed_is_kept_by_the_tab(app):
    """The script reads from the page that the form was not taken."""
    assert "data-refused" in answer(app, "/raise/not-allowed").text
