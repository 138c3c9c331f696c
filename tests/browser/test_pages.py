"""Every page of the console, as it must be for everybody: accessible, light, and its own size."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.attacks import ATTACKS
from tests.browser import chromium
from tests.browser.night import PASSWORD, night, troubles
from tests.system import lab

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/?q=status:nonsense",
    "{alert}",
    "{alert}/suppress",
    "{alert}/events?minutes=60",
    "/jobs",
    "/warnings",
    "{warning}",
    "/suppressions",
    "/sources",
    "/detection",
    "/doctor",
    "/me",
    "/me/password",
    "/people",
    "/no-such-page",
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
HEAVIEST = 250_000  # bytes, of a page with everything it loads


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """An attack of each hostile text, besides an ordinary one."""
    with night(tmp_path_factory.mktemp("pages")) as desk:
        desk.attack("203.0.113.45")
        desk.send([_line(number, text) for number, text in enumerate(HOSTILE, start=1)])
        with chromium.visitor(desk.browser) as first:
            page = first.new_page()
            desk.settle_in(page)
            lab.wait_until("alerts", lambda: page.reload() and page.locator("a.open").count() > 1)
        yield desk


HOSTILE = [attack.text for attack in ATTACKS]


def _line(number: int, text: str) -> str:
    """A web access that a rule meets, with the text where the client writes it."""
    told = text.replace("\n", "\\n").replace("\r", "\\r").replace("\0", "\\0").replace('"', "'")
    request = f'"GET /?q=union+select+{told[:500]} HTTP/1.1" 200 10 "-" "{told[:500]}"'
    client = f"198.51.100.{number} - - [22/Nov/2026:05:00:00 +0000]"
    return f"<38>1 - web01 nginx 1 - - {client} {request}\n"


@pytest.fixture(scope="module", params=["vi-VN light", "en-US dark"])
def page(desk, request):
    language, theme = request.param.split()
    with chromium.visitor(desk.browser, locale=language, color_scheme=theme) as analyst:
        page = analyst.new_page()
        desk.log_in(page, password=PASSWORD)
        page.wait_for_url("**/")
        yield page


@pytest.fixture(scope="module")
def places(desk, page):
    """The address of each page to look at."""
    page.goto(f"{desk.base}/?q=address:203.0.113.45")
    alert = page.locator("a.open").first.get_attribute("href")
    page.goto(f"{desk.base}/warnings")
    warning = page.locator("main a[href^='/warnings/']").first.get_attribute("href")
    return {"alert": alert, "warning": warning}


@pytest.fixture
def said(page):
    return troubles(page)


@pytest.mark.parametrize("where", PAGES)
def test_a_page_is_accessible(desk, page, places, where):
    """axe finds nothing, in either theme."""
    page.goto(desk.base + where.format(**places))

    found = Axe().run(page, options=RULES).response["violations"]
    shown = [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found]
    assert shown == []


@pytest.mark.parametrize("where", PAGES)
def test_a_page_weighs_little_and_fits_a_phone(desk, page, places, where):
    """Less than 250 KB with all it loads; no sideways scroll at 360 pixels."""
    loaded: list[int] = []
    page.on("response", lambda answer: loaded.append(len(answer.body())))
    page.set_viewport_size(chromium.PHONE)
    page.goto(desk.base + where.format(**places), wait_until="networkidle")

    assert sum(loaded) < HEAVIEST
    assert page.evaluate("document.documentElement.scrollWidth") <= chromium.PHONE["width"]
    page.set_viewport_size(chromium.DESK)


def test_what_a_log_line_says_is_text(desk, page, said):
    """No hostile text becomes an element, a script, a dialog: the page shows it."""
    page.goto(f"{desk.base}/?q=status:open host:web01")
    links = [link.get_attribute("href") for link in page.locator("a.open").all()]
    assert len(links) > 1
    for link in links:
        page.goto(desk.base + link)
        page.locator("summary").first.click()
        events = page.locator("#around ~ form button, form[hx-get] button").first
        if events.count():
            events.click()
        expect(page.locator("main")).to_be_visible()
        assert (
            page.evaluate(
                "document.querySelectorAll('main script, main img, main svg *[onload]').length"
            )
            == 0
        )

    assert said == []
