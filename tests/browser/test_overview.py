"""The overview in a real browser: what its scripts add, and what its frames may not do."""

import pytest
from playwright.sync_api import expect

from tests.browser import chromium
from tests.browser.night import night, troubles
from tests.system import lab

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """One attack, and a draft about it."""
    with night(tmp_path_factory.mktemp("overview")) as desk:
        desk.attack("203.0.113.45")
        yield desk


@pytest.fixture(scope="module")
def page(desk):
    """An analyst who has begun a draft and stands on its page."""
    with chromium.visitor(desk.browser, locale="en-US") as analyst:
        page = analyst.new_page()
        desk.settle_in(page)
        lab.wait_until("the alert", lambda: page.reload() and page.locator("a.open").count())
        page.locator("a.open").first.click()
        page.wait_for_url("**/alerts/*")
        page.keyboard.press("w")
        page.wait_for_url("**/warnings/*")
        yield page


@pytest.fixture(scope="module")
def draft(page):
    """Its address."""
    return page.url


@pytest.fixture
def said(page):
    """Whatever the browser complains of."""
    return troubles(page)


def test_the_letter_is_there_and_can_do_nothing(page, draft, said):
    """Its frame shows it; what stands in it has an origin of its own, and no script."""
    page.goto(draft)
    frame = page.frame_locator("iframe").first

    expect(frame.locator("body")).to_contain_text("203.0.113[.]45")
    assert page.evaluate("document.querySelector('iframe').contentDocument") is None
    assert said == []


def test_the_key_leads_to_the_button_and_does_not_press_it(page, draft):
    """One key never sends anything."""
    page.goto(draft)

    page.keyboard.press("y")

    expect(page.locator("#send")).to_be_focused()
    page.reload()
    expect(page.locator("#send")).to_contain_text("Approve and send to 2 recipients")


def test_a_list_is_walked_with_two_keys(desk, page, draft, said):
    """j goes down, Enter opens; at the end it stays."""
    page.goto(f"{desk.base}/warnings")
    first = page.locator("tr[data-row] a").first

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")

    page.wait_for_url("**/warnings/*")
    assert (draft, []) == (page.url, said)


def test_a_key_in_a_field_is_a_letter(desk, page):
    """Somebody who types an agency's name stays where they are."""
    page.goto(f"{desk.base}/warnings")

    page.locator("input[name=agency]").press_sequentially("jk")

    expect(page.locator("input[name=agency]")).to_have_value("jk")
    expect(page.locator("input[name=agency]")).to_be_focused()


def test_the_sources_stay_fresh_and_the_focus_where_it_is(desk, page, said):
    """The page asks again by itself."""
    page.goto(f"{desk.base}/sources")
    button = page.locator("main form button")
    button.focus()
    page.evaluate("document.querySelector('#now h2').textContent = 'stale'")

    with page.expect_response("**/sources/now*", timeout=30_000) as answer:
        pass

    assert answer.value.status == 200
    expect(page.locator("#now h2").first).to_contain_text("The service is ready")
    expect(button).to_be_focused()
    assert said == []


def test_the_doctor_looks_by_itself_the_first_time(desk, page, said):
    """And again when asked, in the same place."""
    page.goto(f"{desk.base}/doctor")
    expect(page.locator(".check").first).to_be_visible()
    page.evaluate("document.querySelector('.checks').dataset.old = 'yes'")

    page.locator("#again").click()

    expect(page.locator(".checks[data-old]")).to_have_count(0)
    expect(page.locator(".check").first).to_be_visible()
    assert said == []
