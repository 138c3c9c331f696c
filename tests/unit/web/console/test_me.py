"""One's own page."""

from dataclasses import replace

import pytest

from sentinel.model.person import Preferences, Theme
from sentinel.model.text import Language
from sentinel.web.console.app import build_console
from sentinel.web.console.throttle import FREE
from sentinel.web.console.visit import COOKIE
from tests.unit.web.console.house import PASSWORD, ConsoleBrowser, Outline, logged_in, parts

NEW = "four words of my own"


@pytest.fixture
def app():
    return build_console(parts())


def preferences(app, name="lan"):
    return app.state.parts.accounts.known[name].preferences


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"language": "en"}, Preferences(language=Language.EN, filter="status:new")),
        ({"theme": "dark"}, Preferences(theme=Theme.DARK, filter="status:new")),
        ({"language": ""}, Preferences(filter="status:new")),
        ({"language": "xx"}, Preferences(filter="status:new")),
        ({}, Preferences(filter="status:new")),
    ],
    ids=str,
)
def test_what_is_given_is_kept_and_the_rest_stays(app, form, expected):
    """The switch in the bar sends one thing, the page sends two; a filter is neither's."""
    accounts = app.state.parts.accounts
    before = Preferences(filter="status:new")
    accounts.known["lan"] = replace(accounts.known["lan"], preferences=before)

    answer = logged_in(app).post("/me/preferences", {**form, "next": "/alerts/a1?x=1"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/alerts/a1?x=1")
    assert preferences(app) == expected


def test_a_theme_that_there_is_not_is_refused(app):
    """And changes nothing."""
    answer = logged_in(app).post("/me/preferences", {"theme": "pink", "language": "en"})

    assert answer.status_code == 422
    assert preferences(app) == Preferences()


def test_the_next_page_is_ours(app):
    """Whatever the form says."""
    answer = logged_in(app).post("/me/preferences", {"next": "//evil.example"})

    assert answer.headers["Location"] == "/"


def test_ones_language_goes_before_the_browsers(app):
    """From the next page on."""
    browser = logged_in(app, language="en")

    browser.post("/me/preferences", {"language": "vi"})

    assert "Tùy chọn và mật khẩu" in browser.get("/me").text


def test_a_new_password_moves_the_session(app):
    """The old cookie opens nothing any more, the new one does; other browsers are out."""
    here, elsewhere = logged_in(app), logged_in(app)

    answer = here.post("/me/password", {"old": PASSWORD, "new": NEW, "again": NEW})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/me")
    assert [each.get("/me").status_code for each in (here, elsewhere)] == [303, 303]
    token = answer.headers["Set-Cookie"].partition(";")[0].removeprefix(f"{COOKIE}=")
    assert ConsoleBrowser(app, token).get("/me").status_code == 200
    for attribute in ("HttpOnly", "Path=/", "SameSite=lax", "Secure"):
        assert attribute in answer.headers["Set-Cookie"]


def test_a_first_password_that_was_changed_opens_the_queue(app):
    """Where one wanted to go in the first place."""
    accounts = app.state.parts.accounts
    accounts.known["lan"] = replace(accounts.known["lan"], must_change=True)

    answer = logged_in(app).post("/me/password", {"old": PASSWORD, "new": NEW, "again": NEW})

    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"old": PASSWORD, "new": NEW, "again": "something else"}, "not the same as above"),
        ({"old": "wrong one", "new": NEW, "again": NEW}, "The old password is wrong."),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "has at least 12 characters"),
        ({}, "The old password is wrong."),
    ],
    ids=["twice differently", "old one wrong", "too short", "nothing"],
)
def test_a_refused_change_says_why_and_shows_no_password(app, form, sentence):
    """The session goes on as it was."""
    browser = logged_in(app)

    answer = browser.post("/me/password", form)

    assert answer.status_code == 422
    assert sentence in answer.text
    values = [f.get("value") for f in Outline(answer.text).all("input") if f["type"] == "password"]
    assert values == ["", "", ""]
    assert not any(word in answer.text for word in form.values())
    assert "Set-Cookie" not in answer.headers
    assert browser.get("/me").status_code == 200


def test_whoever_found_a_console_unlocked_cannot_guess_the_password(app):
    """Wrong old passwords are counted; the right one does not help while one waits."""
    browser = logged_in(app)
    for _ in range(FREE):
        browser.post("/me/password", {"old": "wrong", "new": NEW, "again": NEW})

    answer = browser.post("/me/password", {"old": PASSWORD, "new": NEW, "again": NEW})

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")
    assert "try again in 2 seconds." in answer.text
    assert app.state.parts.accounts.known["lan"].password == PASSWORD


def test_a_fault_is_tied_to_its_field(app):
    """For whoever hears the page."""
    answer = logged_in(app).post("/me/password", {"old": "a", "new": "b", "again": "c"})

    [field] = [each for each in Outline(answer.text).all("input") if each.get("aria-invalid")]
    assert (field["name"], field["aria-describedby"]) == ("again", "again-fault")
    assert 'id="again-fault"' in answer.text


def test_the_password_page_can_be_opened_with_a_first_password(app):
    """It is the one page that can; it says why."""
    accounts = app.state.parts.accounts
    accounts.known["lan"] = replace(accounts.known["lan"], must_change=True)

    answer = logged_in(app).get("/me/password")

    assert answer.status_code == 200
    assert "made by somebody else" in answer.text
