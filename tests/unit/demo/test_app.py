"""The mailbox as a browser sees it: read only, and safe with what was mailed to it."""

import pytest

from sentinel.demo.app import build_mailbox
from sentinel.demo.mailbox import Mailbox
from sentinel.demo.pages import LETTER_POLICY, Pages
from sentinel.web.headers import ALWAYS
from tests.samples import a_contact, an_agency
from tests.unit.demo.mails import ADDRESSES
from tests.unit.demo.test_mailbox import a_mail
from tests.unit.web.fakes import Browser

AGENCY = an_agency(contacts=(a_contact(email="truc@so-a.example"),))
PATHS = ["/", "/?agency=so-a", "/total", "/tour", "/mails/1", "/mails/1/letter", "/mails/1/source"]


@pytest.fixture
def mailbox(tmp_path):
    mailbox = Mailbox(tmp_path, [AGENCY])
    mailbox.add(a_mail(Subject="thư một"))
    return mailbox


@pytest.fixture
def browser(mailbox):
    return Browser(build_mailbox(mailbox, Pages([AGENCY], ADDRESSES)))


def test_the_list_the_mail_and_its_parts(browser):
    """Each at its address."""
    assert "thư một" in browser.get("/").text
    assert "thư một" in browser.get("/mails/1").text
    assert "<p>chữ</p>" in browser.get("/mails/1/letter").text
    assert browser.get("/mails/1/source").text.startswith("To: truc@so-a.example")
    assert "<ol>" in browser.get("/tour").text


def test_news_is_a_number(browser, mailbox):
    """A list that is being read asks for it."""
    before = browser.get("/total").json()
    mailbox.add(a_mail())

    assert (before, browser.get("/total").json()) == ({"total": 1}, {"total": 2})


@pytest.mark.parametrize("path", [*PATHS, "/mails/7", "/nowhere"])
def test_every_answer_says_what_a_browser_may_do_with_it(browser, path):
    """A policy, no sniffing, no cache, no framing but of the letter by its mail."""
    headers = browser.get(path).headers

    framed = path.endswith("/letter")
    expected = ALWAYS | ({"X-Frame-Options": "SAMEORIGIN"} if framed else {})
    assert {name: headers[name] for name in expected} == expected
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert (headers["Content-Security-Policy"] == LETTER_POLICY) == framed


def test_the_source_is_text_whatever_it_says(browser):
    """It is shown, never run."""
    assert browser.get("/mails/1/source").headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "path", ["/mails/7", "/mails/7/letter", "/mails/x", "/nowhere", "/mails/-1"]
)
def test_what_is_not_there_is_said(browser, path):
    """In the reader's language, with a way back."""
    answer = browser.get(path, headers={"Accept-Language": "en"})

    assert answer.status_code == 404
    assert "There is no such page" in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_can_be_changed(browser, method, path):
    """It is for looking."""
    assert browser.request(method, path).status_code == 405


@pytest.mark.parametrize(
    ("path", "accept", "language"),
    [
        ("/", None, "vi"),
        ("/", "en-GB,vi;q=0.5", "en"),
        ("/?lang=vi", "en", "vi"),
        ("/?lang=xx", "en", "en"),
    ],
)
def test_the_reader_s_language(browser, path, accept, language):
    """As asked, else as the browser asks, else Vietnamese."""
    headers = {} if accept is None else {"Accept-Language": accept}

    assert f'<html lang="{language}">' in browser.get(path, headers=headers).text
