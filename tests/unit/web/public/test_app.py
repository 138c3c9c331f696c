"""The acknowledge pages from outside: who acknowledges, and who never does."""

import unicodedata
from dataclasses import replace
from urllib.parse import quote

import pytest

from sentinel.errors import NotAllowed
from sentinel.model.text import Language
from sentinel.model.warning import WarningState
from sentinel.web.public.app import LARGEST_BODY, build_public
from tests.unit.web.fakes import TOKEN, Browser, FakeDesk, a_delivery, a_warning

PAGE = f"/w/{TOKEN}"
PRESSED = {"acknowledge": "yes", "name": "Nguyễn Văn An"}


def a_browser(desk=None, **settings):
    return Browser(build_public(desk or FakeDesk()), **settings)


def to_a_person(**changes):
    return FakeDesk(
        warning=a_warning(deliveries=(a_delivery(personal=True, name="Lê Thị Lan", **changes),))
    )


# -- looking ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"User-Agent": "MailScanner/5 (link check)"},
        {"User-Agent": ""},
        {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
        {"User-Agent": "Mozilla/5.0", "Referer": "https://mail.example/"},
        {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"},
    ],
)
def test_looking_changes_nothing(method, headers):
    """Mail scanners, previews and prefetchers open every link; none of them acknowledges."""
    desk = FakeDesk()

    answer = a_browser(desk).request(
        method, f"{PAGE}?acknowledge=yes&name=Scanner&_method=POST", headers=headers
    )

    assert answer.status_code == 200
    assert (desk.calls, desk.letter.state) == ([], WarningState.SENT)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_not_ours(method):
    """405, and nothing has happened."""
    desk = FakeDesk()

    answer = a_browser(desk).request(method, PAGE)

    assert (answer.status_code, desk.calls) == (405, [])
    assert {"GET", "HEAD", "POST"} >= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    ("query", "accept", "language"),
    [
        ("", "en", "vi"),
        ("?lang=en", "vi", "en"),
        ("?lang=vi", "en", "vi"),
        ("?lang=fr", "en", "vi"),
        ("?lang=%3Cscript%3E", "en", "vi"),
    ],
)
def test_the_page_speaks_the_recipients_language_unless_asked(query, accept, language):
    """The letter was written in it; the switch wins."""
    answer = a_browser().get(f"{PAGE}{query}", headers={"Accept-Language": accept})

    assert f'<html lang="{language}">' in answer.text


def test_an_english_speaking_recipient_gets_english():
    """Also from a Vietnamese browser."""
    desk = FakeDesk(warning=a_warning(deliveries=(a_delivery(language=Language.EN),)))

    answer = a_browser(desk).get(PAGE, headers={"Accept-Language": "vi"})

    assert '<html lang="en">' in answer.text


@pytest.mark.parametrize("path", [PAGE, "/w/unknown", "/", "/robots.txt"])
def test_every_page_is_closed_to_caches_frames_scripts_and_search_engines(path):
    """The headers a page about an attack needs."""
    answer = a_browser().get(path)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/api/v1/alerts", "/"])
def test_there_is_nothing_else(path):
    """The public listener has no API and describes nothing."""
    assert a_browser().get(path).status_code == 404


# -- acknowledging ---------------------------------------------------------------------------------


def test_the_button_acknowledges_and_leads_to_the_receipt():
    """POST, redirect, GET: reloading the receipt sends nothing again."""
    desk = FakeDesk()
    browser = a_browser(desk)

    answer = browser.post(f"{PAGE}?lang=vi", data=PRESSED)
    receipt = browser.get(answer.headers["Location"])

    assert (303, f"{PAGE}?lang=vi") == (answer.status_code, answer.headers["Location"])
    assert desk.calls == [("acknowledge_warning", TOKEN, "Nguyễn Văn An")]
    assert "Người xác nhận: Nguyễn Văn An, lúc 12:12 22/11/2026" in receipt.text
    assert "<button" not in receipt.text


def test_a_second_time_shows_the_first_receipt():
    """Whoever comes later learns who was first; nothing is written again."""
    desk = FakeDesk()
    browser = a_browser(desk)
    browser.post(PAGE, data=PRESSED)

    again = browser.post(PAGE, data={"acknowledge": "yes", "name": "Trần Thị Bình"})

    assert again.status_code == 303
    assert len(desk.calls) == 1
    assert "Nguyễn Văn An" in browser.get(again.headers["Location"]).text


def test_a_person_acknowledges_in_their_own_name():
    """The letter was theirs alone: no other name is taken."""
    desk = to_a_person()

    answer = a_browser(desk).post(PAGE, data={"acknowledge": "yes", "name": "Somebody Else"})

    assert answer.status_code == 303
    assert desk.calls == [("acknowledge_warning", TOKEN, "Lê Thị Lan")]


@pytest.mark.parametrize("name", ["Trần Thị Bình", "José", "An"])
def test_a_client_that_does_not_encode_its_letters_is_understood(name):
    """A program sends UTF-8 as it is; the name is kept as it was written."""
    desk = FakeDesk()
    body = f"acknowledge=yes&name={name}".encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    assert a_browser(desk).post(PAGE, content=body, headers=headers).status_code == 303

    assert desk.calls == [("acknowledge_warning", TOKEN, name)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Nguyễn   Văn\tAn ", "Nguyễn Văn An"),
        (unicodedata.normalize("NFD", "Nguyễn Văn An"), "Nguyễn Văn An"),
        ("An\r\nBcc: all@so-b.example", "An Bcc: all@so-b.example"),
        ("\u202eAn\x00 Lê\u200b", "An Lê"),
        ("Lý", "Lý"),
        ("x" * 100, "x" * 100),
    ],
)
def test_a_name_is_kept_as_one_clean_line(typed, kept):
    """Composed, on one line, with nothing invisible in it."""
    desk = FakeDesk()

    a_browser(desk).post(PAGE, data={"acknowledge": "yes", "name": typed})

    assert [("acknowledge_warning", TOKEN, kept)] == desk.calls


@pytest.mark.parametrize("typed", ["", "  ", "A", "\u200b\u200b\u200b", "x" * 101])
def test_a_name_that_is_none_is_asked_for_again(typed):
    """The page comes back with what was typed and what is wanted; nothing is written."""
    desk = FakeDesk()

    answer = a_browser(desk).post(PAGE, data={"acknowledge": "yes", "name": typed})

    assert (answer.status_code, desk.calls) == (422, [])
    assert "từ 2 đến 100 ký tự" in answer.text
    assert f'value="{typed}"' in answer.text


@pytest.mark.parametrize(
    "content",
    [
        {"data": {"name": "Nguyễn Văn An"}},
        {"data": {"acknowledge": "no", "name": "Nguyễn Văn An"}},
        {"content": b""},
        {"json": PRESSED},
        {"content": b"acknowledge=yes&name=An", "headers": {"Content-Type": "text/plain"}},
        {"files": {"name": ("x.txt", b"An"), "acknowledge": ("y.txt", b"yes")}},
        {"content": b"\xff", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
    ],
    ids=["no button", "another answer", "empty", "json", "text", "files", "broken"],
)
def test_only_our_own_form_acknowledges(content):
    """A program that posts to every link it finds does not press the button."""
    desk = FakeDesk()

    answer = a_browser(desk).post(PAGE, **content)

    assert (answer.status_code, desk.calls) == (400, [])
    assert "Chưa ghi nhận xác nhận nào" in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Origin": "https://warn.example"}, 303),
        ({"Origin": "null"}, 303),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Origin": "https://evil.example"}, 400),
        ({"Origin": "https://warn.example.evil.example"}, 400),
        ({"Origin": "https://warn.example:8443"}, 400),
        ({"Origin": ""}, 400),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
    ],
)
def test_a_form_of_another_site_is_refused(headers, status):
    """As far as the browser says where it comes from."""
    desk = FakeDesk()

    answer = a_browser(desk).post(PAGE, data=PRESSED, headers=headers)

    assert (status, status == 303) == (answer.status_code, bool(desk.calls))


def test_a_cancelled_warning_is_not_acknowledged():
    """The page says that it was cancelled; a form that comes too late changes nothing."""
    desk = FakeDesk(warning=a_warning(state=WarningState.CANCELLED))

    shown = a_browser(desk).get(PAGE)
    late = a_browser(desk).post(PAGE, data=PRESSED)

    assert [shown.status_code, late.status_code] == [200, 409]
    assert ["Cảnh báo này đã bị hủy" in page.text for page in (shown, late)] == [True, True]
    assert a_delivery() == desk.letter.deliveries[0]


def test_a_warning_cancelled_between_page_and_button_says_so():
    """What was allowed when the page was shown may not be when it is sent."""

    class Cancelling(FakeDesk):
        def acknowledge_warning(self, token, name):
            self.letter = replace(self.letter, state=WarningState.CANCELLED)
            raise NotAllowed("the warning was cancelled")

    answer = a_browser(Cancelling()).post(f"{PAGE}?lang=en", data=PRESSED)

    assert answer.status_code == 409
    assert "This warning was cancelled" in answer.text


def test_a_large_body_is_refused():
    """A name is short."""
    desk = FakeDesk()

    answer = a_browser(desk).post(PAGE, data={"acknowledge": "yes", "name": "x" * LARGEST_BODY})

    assert (answer.status_code, desk.calls) == (413, [])


# -- unknown links ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token", ["unknown", TOKEN[:-1], TOKEN + "A", "x" * 500, "%00", "a b", "ấ"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_an_unknown_link_says_what_to_do(method, token):
    """404, in the browser's language, with nothing of any warning."""
    desk = FakeDesk()

    answer = a_browser(desk).request(
        method,
        f"/w/{quote(token, safe='%')}",
        data=PRESSED if method == "POST" else None,
        headers={"Accept-Language": "en"},
    )

    assert (answer.status_code, desk.calls) == (404, [])
    assert "CB-2026" not in answer.text
    assert ("ring the phone number" in answer.text) == (method != "HEAD")


def test_whoever_guesses_too_often_is_told_so():
    """429 after twenty wrong links from one address; another address is not concerned."""
    app = build_public(FakeDesk())
    guesser, other = Browser(app), Browser(app, address="198.51.100.7")

    answers = [guesser.get(f"/w/guess-{n}") for n in range(21)]

    assert [answer.status_code for answer in answers] == [404] * 20 + [429]
    assert answers[-1].headers["Retry-After"] == "600"
    assert other.get("/w/guess").status_code == 404


def test_a_link_that_is_known_works_behind_any_address():
    """An officer behind the same address as a broken scanner can acknowledge all the same."""
    desk = FakeDesk()
    browser = a_browser(desk)
    for n in range(30):
        browser.get(f"/w/guess-{n}")

    answer = browser.post(PAGE, data=PRESSED)

    assert (answer.status_code, len(desk.calls)) == (303, 1)


def test_what_cannot_be_a_token_is_not_looked_up():
    """The database is not asked for a page of text."""
    desk = FakeDesk()

    a_browser(desk).get(f"/w/{'x' * 129}")

    assert desk.lookups == 0


def test_our_own_failure_does_not_look_like_a_receipt():
    """Both languages, what to do, and nothing of the inside."""

    class Broken(FakeDesk):
        def acknowledge_warning(self, token, name):
            raise RuntimeError("password of the database")

    answer = a_browser(Broken()).post(PAGE, data=PRESSED)

    assert answer.status_code == 500
    assert "chưa ghi nhận xác nhận" in answer.text
    assert "nothing was acknowledged" in answer.text
    assert "password" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
