"""The demo's tour as a stranger takes it, with the pictures that the README shows.

`make pictures` runs this with SENTINEL_PICTURES naming the folder they go to; else they are
thrown away with the test.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import chromium
from tests.browser.night import troubles
from tests.system import lab
from tests.system.test_demo import demo

pytestmark = pytest.mark.browser

FRAME = {"width": 1120, "height": 700}


@pytest.fixture
def pictures(tmp_path):
    """Where pictures go."""
    folder = Path(os.environ.get("SENTINEL_PICTURES") or tmp_path / "pictures").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_a_stranger_triages_warns_and_acknowledges(tmp_path, pictures):
    """Queue, alert, warning, mail, acknowledgement, suppression: each page as it is."""

    def show(page, name: str, **options) -> None:
        path = pictures / f"{name}.png"
        page.screenshot(path=path, **options)
        assert path.stat().st_size > 10_000

    with demo(tmp_path) as running, chromium.started() as browser:
        lab.wait_until("the greeting", running.password)
        console = f"https://127.0.0.1:{running.ports.console}"
        with chromium.visitor(
            browser, viewport=FRAME, locale="en-GB", color_scheme="dark"
        ) as analyst:
            page = analyst.new_page()
            said = troubles(page)
            page.goto(console)
            page.fill("#name", "demo")
            page.fill("#password", running.password())
            page.click("main button")

            lab.wait_until(
                "seven alerts", lambda: page.reload() and page.locator("a.open").count() >= 7
            )
            show(page, "queue")
            page.get_by_role("link", name="A web shell is in use").click()
            expect(page.locator(".reasons")).to_be_visible()
            show(page, "alert")
            page.keyboard.press("w")
            page.wait_for_url("**/warnings/*")
            expect(page.frame_locator("iframe").first.locator("body")).to_contain_text("TLP")
            show(page, "warning")
            page.locator("#send").click()
            expect(page.locator("h1")).to_contain_text("CB-")
            assert said == []

        with chromium.visitor(browser, viewport=chromium.PHONE, device_scale_factor=1.5) as officer:
            mail = officer.new_page()
            mailbox = f"https://127.0.0.1:{running.ports.mailbox}"
            mail.goto(f"{mailbox}/?agency=tinh-b")
            row = mail.locator("tr", has_text="truc@tinh-b")
            lab.wait_until("the mail", lambda: mail.reload() and row.count())
            row.get_by_role("link").first.click()
            letter = mail.frame_locator("iframe").first
            expect(letter.locator("body")).to_contain_text("web shell", ignore_case=True)
            mail.locator("iframe").first.scroll_into_view_if_needed()
            show(mail, "mail")
            link = letter.locator("a[href*='/w/']").first.get_attribute("href")
            mail.goto(link)
            mail.fill("#name", "Trần Thị Bình")
            mail.get_by_role("button", name=re.compile("Xác nhận")).click()
            expect(mail.get_by_role("status")).to_contain_text("Trần Thị Bình")
            show(mail, "acknowledged")

        assert running.stop() == 0
