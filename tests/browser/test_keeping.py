"""What an analyst has in hand stays: through an ended session, a lost connection, a colleague."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import chromium
from tests.browser.night import PASSWORD, night
from tests.system import lab

pytestmark = pytest.mark.browser

REASON = "máy quét của chính đơn vị, đã hỏi"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Three alerts, and an admin with a password."""
    with night(tmp_path_factory.mktemp("keeping")) as desk:
        for number in range(3):
            desk.attack(f"198.51.100.{10 + number}")
        with chromium.visitor(desk.browser) as first:
            page = first.new_page()
            desk.settle_in(page)
            lab.wait_until("alerts", lambda: page.reload() and page.locator("a.open").count() == 3)
        yield desk


@pytest.fixture
def page(desk):
    with chromium.visitor(desk.browser) as analyst:
        page = analyst.new_page()
        desk.log_in(page)
        page.wait_for_selector("a.open")
        page.wait_for_load_state()
        yield page


def begin_to_close(page, row):
    """The question before closing the alert of this row, with a reason half typed."""
    page.locator("a.open").nth(row).focus()
    page.keyboard.press("e")
    page.wait_for_url("**/alerts/act?*")
    page.check("input[name=disposition][value=benign]")
    page.fill("#note", REASON)


def test_the_reason_outlives_the_session(desk, page):
    """The log-in leads back to the same question, and what was typed is there."""
    begin_to_close(page, 0)
    page.context.clear_cookies()
    page.locator("main button.main").click()
    expect(page).to_have_url(re.compile(r"/login\?next="))
    expect(page.locator("main")).to_contain_text("vẫn được giữ trong thẻ này")

    page.fill("#name", "admin")
    page.fill("#password", PASSWORD)
    page.locator("main button").click()

    expect(page).to_have_url(re.compile(r"/alerts/act\?"))
    expect(page.locator("#note")).to_have_value(REASON)


def test_a_reason_stays_with_its_alert(page):
    """What was typed about one is not offered for another."""
    begin_to_close(page, 0)
    page.goto("/".join(page.url.split("/")[:3]) + "/")
    page.locator("a.open").nth(1).focus()
    page.keyboard.press("e")
    page.wait_for_url("**/alerts/act?*")

    expect(page.locator("#note")).to_have_value("")
    page.go_back()
    page.locator("a.open").nth(0).focus()
    page.keyboard.press("e")
    expect(page.locator("#note")).to_have_value(REASON)


def test_an_order_waits_while_nobody_answers(page):
    """No error page of the browser; the bar says that nothing was sent; later it goes."""
    begin_to_close(page, 0)
    page.context.set_offline(True)
    expect(page.locator("#lost")).to_be_visible()
    page.locator("main button.main").click()

    expect(page.locator("#lost")).to_contain_text("Chưa gửi gì")
    expect(page.locator("#note")).to_have_value(REASON)
    page.context.set_offline(False)
    page.locator("main button.main").click()
    expect(page.locator("#job")).to_contain_text("đã đóng 1 trong 1")


def test_whoever_comes_second_is_told_who_was_first(desk, page):
    """Two at the same alert: nothing is done twice, and nothing in silence."""
    with chromium.visitor(desk.browser) as colleague:
        other = colleague.new_page()
        desk.log_in(other)
        other.wait_for_selector("a.open")
        other.wait_for_load_state()
        begin_to_close(page, 0)
        begin_to_close(other, 0)
        page.locator("main button.main").click()
        expect(page.locator("#job")).to_contain_text("đã đóng 1 trong 1")
        other.locator("main button.main").click()

        expect(other.locator("#job")).to_contain_text("đã đóng 0 trong 1")
        expect(other.locator("#job")).to_contain_text("đã được admin đóng")


@pytest.mark.parametrize("width", [360, 640, 1024, 1280, 1600])
def test_no_cell_of_the_queue_runs_into_the_next(page, width):
    """Also with a span over two days; 640 is 1280 at twice the size."""
    page.set_viewport_size({"width": width, "height": 800})
    spans = page.locator("td.seen .quiet")
    spans.first.evaluate("each => { each.textContent = '22:41 03/11/2025–05:43 04/11/2025' }")  # noqa: RUF001 - an en dash
    wider = page.evaluate(
        "[...document.querySelectorAll('.queue td:not(.pick)')]"
        ".filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.className)"
    )

    assert wider == []
