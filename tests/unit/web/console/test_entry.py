"""The door: who guesses learns nothing and waits; who leaves has left."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from sentinel.model.text import Language
from sentinel.web.console.app import build_console
from sentinel.web.console.entry import AT_THE_DOOR, entry_routes, wait_words
from sentinel.web.console.throttle import FREE, Throttle
from sentinel.web.console.view import View
from sentinel.web.console.visit import COOKIE
from tests.unit.web.console.house import (
    ORIGIN,
    PASSWORD,
    ConsoleBrowser,
    Outline,
    logged_in,
    parts,
)


@pytest.fixture
def app():
    return build_console(parts())


def log_in(app, name="lan", password=PASSWORD, onward="/", **options):
    browser = ConsoleBrowser(app, **options)
    return browser.post("/login", {"name": name, "password": password, "next": onward})


def cookie_of(answer):
    return re.match(rf"{COOKIE}=([^;]*)", answer.headers["Set-Cookie"])[1]


def test_the_right_words_open(app):
    """And lead to where one wanted to go."""
    answer = log_in(app, onward="/me")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/me")
    browser = ConsoleBrowser(app, cookie_of(answer))
    assert browser.get("/me").status_code == 200


def test_the_cookie_is_for_this_host_this_session_and_no_script(app):
    """Every attribute is there, and no end that would outlive the browser."""
    attributes = log_in(app).headers["Set-Cookie"].split("; ")

    assert attributes[0].startswith("__Host-sentinel=")
    assert {each.lower() for each in attributes[1:]} == {
        "httponly",
        "path=/",
        "samesite=lax",
        "secure",
    }


FAILURES = {
    "a wrong password": ("lan", "wrong password"),
    "nobody's name": ("nobody", PASSWORD),
    "somebody who was kept out": ("out", PASSWORD),
    "nothing": ("", ""),
    "a name with a line's end": ("lan\r\nSet-Cookie: x=y", PASSWORD),
    "markup": ("<script>", "<script>"),
    "half a character": ("\ud800".encode("utf-8", "surrogatepass"), PASSWORD),
}


@pytest.mark.parametrize("case", FAILURES)
def test_every_failure_answers_alike(app, case):
    """Same status, same headers, same page but for the name that was typed."""
    accounts = app.state.parts.accounts
    accounts.known["out"] = replace(accounts.known["lan"], name="out", active=False)
    model = log_in(app, "lan", "another wrong one")

    answer = log_in(app, *FAILURES[case])

    def bare(page):
        return re.sub(r'(id="name"[^>]* value=")[^"]*', r"\1", page.text)

    assert model.status_code == answer.status_code == 403
    assert bare(model) == bare(answer)
    lengthless = {"content-length"}
    assert {k: v for k, v in model.headers.items() if k not in lengthless} == {
        k: v for k, v in answer.headers.items() if k not in lengthless
    }
    assert "Set-Cookie" not in answer.headers


def test_the_name_stays_and_the_password_does_not(app):
    """Neither in a field nor anywhere else."""
    answer = log_in(app, "lan", "my secret words")

    fields = {field.get("name"): field.get("value") for field in Outline(answer.text).all("input")}
    assert (fields["name"], fields["password"]) == ("lan", "")
    assert "my secret words" not in answer.text


@pytest.mark.parametrize("language", ["en", "vi"])
def test_whoever_guesses_waits_and_is_told_how_long(app, language):
    """The right words do not help meanwhile, and the answer does not tell that they are right."""
    for _ in range(FREE):
        log_in(app, password="wrong", language=language)

    wrong = log_in(app, password="wrong", language=language)
    right = log_in(app, language=language)

    span = {"en": "try again in 2 seconds.", "vi": "thử lại sau 2 giây."}[language]
    for answer in (wrong, right):
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")
        assert span in answer.text
        assert "Set-Cookie" not in answer.headers


def test_names_that_nobody_has_wait_as_well(app):
    """Waiting tells nobody which names there are."""
    statuses = [
        [log_in(app, name, "wrong", address=address).status_code for _ in range(FREE + 1)]
        for name, address in (("lan", "192.0.2.1"), ("nobody", "192.0.2.2"))
    ]

    assert statuses[0] == statuses[1] == [403] * FREE + [429]


def test_another_address_and_another_name_do_not_wait(app):
    """One who guesses does not close the door to everybody."""
    for _ in range(FREE + 1):
        log_in(app, "nobody", "wrong", address="192.0.2.66")

    assert log_in(app, "lan", address="192.0.2.1").status_code == 303


def test_the_wait_ends():
    """By the throttle's clock."""
    now = [0.0]
    app = build_console(parts())
    app.router.routes.clear()
    app.include_router(entry_routes(app.state.parts, View(), Throttle(lambda: now[0])))
    for _ in range(FREE):
        log_in(app, password="wrong")

    before = log_in(app).status_code
    now[0] += 2.1
    after = log_in(app).status_code

    assert (before, after) == (429, 303)


def test_a_planted_cookie_opens_nothing(app):
    """Fixation: the value is new at every log-in, and the planted one stays nobody's."""
    planted = ConsoleBrowser(app, "planted")

    answer = planted.post("/login", {"name": "lan", "password": PASSWORD})

    assert cookie_of(answer) != "planted"
    assert planted.get("/me").status_code == 303


def test_logging_in_again_ends_the_session_before(app):
    """Nothing is left behind in a browser that several people use."""
    before = logged_in(app)

    answer = before.post("/login", {"name": "minh", "password": PASSWORD})

    assert answer.status_code == 303
    assert before.get("/me").status_code == 303
    assert ConsoleBrowser(app, cookie_of(answer)).get("/people").status_code == 200


def test_a_stolen_cookie_opens_nothing_after_the_log_out(app):
    """The session ends on our side, not in the browser alone."""
    browser = logged_in(app)
    thief = ConsoleBrowser(app, browser.token)
    assert thief.get("/me").status_code == 200

    answer = browser.post("/logout")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert thief.get("/me").status_code == 303
    assert thief.post("/me/preferences", {"theme": "dark"}).status_code == 303


def test_the_browser_forgets_the_cookie_at_the_log_out(app):
    """With the attributes that it was given with, or it would stay (RFC 6265bis)."""
    header = logged_in(app).post("/logout").headers["Set-Cookie"]

    assert f'{COOKIE}=""' in header
    assert {"Max-Age=0", "Secure", "HttpOnly", "Path=/"} <= set(header.split("; "))


def test_leaving_takes_a_form(app):
    """A picture on another site that points at /logout logs nobody out."""
    browser = logged_in(app)

    answers = [browser.get("/logout"), browser.request("POST", "/logout")]

    assert [answer.status_code for answer in answers] == [405, 403]
    assert browser.get("/me").status_code == 200


def test_whoever_is_in_goes_on(app):
    """No log-in form for somebody who has logged in; the look keeps no session alive."""
    browser = logged_in(app)
    app.state.parts.accounts.looks.clear()

    answer = browser.get("/login?next=/me")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/me")
    assert app.state.parts.accounts.looks == [(browser.token, False)]


def test_a_first_password_leads_to_its_change(app):
    """Wherever one wanted to go."""
    accounts = app.state.parts.accounts
    accounts.known["lan"] = replace(accounts.known["lan"], must_change=True)

    assert log_in(app, onward="/alerts/a1").headers["Location"] == "/me/password"


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "/x\r\nSet-Cookie: a=b",
    "/x\r\n\r\n<script>alert(1)</script>",
    "/login",
    "/logout",
]


@pytest.mark.parametrize("onward", ELSEWHERE)
def test_the_door_leads_nowhere_else(app, onward):
    """Neither by the form, nor by the link, nor past it."""
    posted = log_in(app, onward=onward)
    form = ConsoleBrowser(app).get("/login", params={"next": onward})
    past = logged_in(app).get("/login", params={"next": onward})

    assert posted.headers["Location"] == past.headers["Location"] == "/"
    assert len(posted.headers.get_list("Set-Cookie")) == 1
    assert {"type": "hidden", "name": "next", "value": "/"} in Outline(form.text).all("input")
    assert "evil" not in form.text


def test_the_way_goes_on_through_a_failure(app):
    """After a wrong password one still gets to where one wanted."""
    answer = log_in(app, password="wrong", onward="/alerts/a1?x=1&y=%202")

    field = {"type": "hidden", "name": "next", "value": "/alerts/a1?x=1&y=%202"}
    assert field in Outline(answer.text).all("input")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
        {},
    ],
    ids=str,
)
def test_another_site_cannot_log_somebody_in(app, headers):
    """Into an account of its own, to see what they do there."""
    form = {"name": "lan", "password": PASSWORD}

    answer = ConsoleBrowser(app).request("POST", "/login", data=form, headers=headers)

    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_the_form_works_for_password_managers_and_screen_readers(app):
    """Labels, the words browsers know, nothing loaded from elsewhere."""
    outline = Outline(ConsoleBrowser(app).get("/login").text)

    fields = {field.get("name"): field for field in outline.all("input")}
    assert fields["name"]["autocomplete"] == "username"
    assert fields["password"]["autocomplete"] == "current-password"
    assert {label["for"] for label in outline.all("label")} == {"name", "password"}


@pytest.mark.parametrize(
    ("seconds", "english", "vietnamese"),
    [
        (1, "1 second.", "1 giây."),
        (59, "59 seconds.", "59 giây."),
        (60, "1 minute.", "1 phút."),
        (61, "2 minutes.", "2 phút."),
        (900, "15 minutes.", "15 phút."),
    ],
)
def test_a_wait_is_said_in_words(seconds, english, vietnamese):
    """Rounded up: who comes back then may try."""
    assert wait_words(seconds, Language.EN).endswith(f" in {english}")
    assert wait_words(seconds, Language.VI).endswith(f" sau {vietnamese}")


def test_a_client_that_is_no_browser_says_where_it_stands(app):
    """Origin alone is enough."""
    form = {"name": "lan", "password": PASSWORD}

    answer = ConsoleBrowser(app).request("POST", "/login", data=form, headers={"Origin": ORIGIN})

    assert answer.status_code == 303


def test_strangers_leave_the_threads_to_those_who_work():
    """Checking passwords is slow: who comes too many waits outside, and later may come in."""
    house = parts()
    arrived, go_on = threading.Semaphore(0), threading.Event()
    right = house.accounts.log_in

    def slow(name, password):
        arrived.release()
        go_on.wait(10)
        return right(name, password)

    house.accounts.log_in = slow
    app = build_console(house)

    def guess(place):
        return log_in(app, name=f"n{place}", address=f"192.0.2.{place}", language="en")

    with ThreadPoolExecutor(AT_THE_DOOR) as strangers:
        inside = [strangers.submit(guess, place) for place in range(AT_THE_DOOR)]
        for _ in inside:
            arrived.acquire(timeout=10)
        outside = guess(100)
        go_on.set()

    assert (outside.status_code, outside.headers["Retry-After"]) == (503, "1")
    assert "Too many people are logging in" in Outline(outside.text).text
    assert [each.result().status_code for each in inside] == [403] * AT_THE_DOOR
    assert log_in(app).status_code == 303
