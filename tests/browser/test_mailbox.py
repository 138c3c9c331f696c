"""The demo's mailbox in a real browser: a letter is read, its link followed, a bad mail tamed."""

import socket

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from sentinel.demo.app import build_mailbox
from sentinel.demo.mailbox import Mailbox
from sentinel.demo.pages import Pages
from sentinel.demo.stage import Stage
from sentinel.demo.tour import Addresses
from sentinel.warn.message import build
from sentinel.web.server import Listener
from sentinel.web.tls import ReloadingContext, self_made
from tests.browser import chromium
from tests.samples import NOON, a_contact, an_agency
from tests.unit.demo.test_mailbox import a_mail
from tests.unit.demo.test_stage import FakePlayer
from tests.unit.warn.letters import a_released, an_issuer

pytestmark = pytest.mark.browser

AGENCY = an_agency(contacts=(a_contact(email="truc@so-a.example"),))
ISSUER = an_issuer()
ADDRESSES = Addresses(
    console="https://127.0.0.1:8443", public=ISSUER.public_url, mailbox="https://127.0.0.1:8445"
)
BAD = """<html><head></head><body onload="document.title='ran'">
<script>parent.document.title = 'ran'; document.body.textContent = 'ran'</script>
<img src="/total" onerror="document.title='ran'"><form action="/tour"><button>Press</button></form>
<a href="javascript:document.title='ran'">A link</a><p>still here</p></body></html>"""


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory):
    mailbox = Mailbox(tmp_path_factory.mktemp("mailbox"), [AGENCY])
    (copy,) = a_released(agency=AGENCY).deliveries
    mailbox.add(build(copy, ISSUER, NOON, repeat=False).as_bytes())
    return mailbox


@pytest.fixture(scope="module")
def base(mailbox, tmp_path_factory):
    """The mailbox, served as the demo serves it."""
    files = self_made(tmp_path_factory.mktemp("tls"), [], NOON)
    app = build_mailbox(mailbox, Pages([AGENCY], ADDRESSES))
    listener = Listener("mailbox", app, "127.0.0.1", 0, ReloadingContext(files))
    mail = socket.create_server(("127.0.0.1", 0))
    with Stage(mail, mailbox, listener, FakePlayer()):
        yield listener.url


@pytest.fixture(scope="module")
def browser():
    with chromium.started() as browser:
        yield browser


@pytest.mark.parametrize("path", ["/", "/mails/1", "/tour", "/nowhere"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(browser, base, path, scheme):
    """No fault that axe knows, in both themes; on a phone nothing to scroll sideways."""
    with chromium.visitor(browser, base, color_scheme=scheme, viewport=chromium.PHONE) as reader:
        page = reader.new_page()
        page.goto(path)

        found = Axe().run(page).response["violations"]
        width = page.evaluate("document.documentElement.scrollWidth")

    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    assert width == chromium.PHONE["width"]


def test_the_link_in_a_letter_opens_a_window_of_its_own(browser, base):
    """Out of the frame, where the acknowledge page would refuse to be shown."""
    with chromium.visitor(browser, base) as reader:
        reader.route(f"{ISSUER.public_url}/**", lambda route: route.fulfill(body="the page"))
        page = reader.new_page()
        page.goto("/mails/1")

        with reader.expect_page() as opened:
            page.frame_locator("iframe").locator("a").first.click()

        assert opened.value.url.startswith(f"{ISSUER.public_url}/w/")
        assert page.url.endswith("/mails/1")


def test_new_mail_says_so_and_waits_to_be_shown(browser, base, mailbox):
    """Nothing moves under the reader's eyes."""
    with chromium.visitor(browser, base) as reader:
        page = reader.new_page()
        page.goto("/")
        rows = page.locator("tbody tr")
        before = rows.count()

        mailbox.add(a_mail(Subject="thư mới"))

        news = page.locator("#news a")
        expect(news).to_be_visible(timeout=20_000)
        assert rows.count() == before
        news.click()
        expect(rows).to_have_count(before + 1)


def test_a_hostile_mail_does_nothing(browser, base, mailbox):
    """No script of it runs, no form is sent, no link of it is one."""
    mailbox.add(b"Subject: bad\r\nContent-Type: text/html\r\n\r\n" + BAD.encode())
    number = mailbox.mails()[0].number
    with chromium.visitor(browser, base) as reader:
        page = reader.new_page()
        page.goto(f"/mails/{number}")
        frame = page.frame_locator("iframe")

        expect(frame.locator("p")).to_have_text("still here")
        frame.locator("button").click()
        expect(frame.locator("p")).to_have_text("still here")
        frame.locator("a").click()

        assert [each.title() for each in reader.pages if each.url == page.url] == ["bad"]
        assert all("ran" not in each.title() for each in reader.pages)
