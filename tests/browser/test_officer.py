"""The security officer's minutes: nothing but the mail, a telephone, and a link."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import chromium
from tests.browser.night import night, troubles
from tests.system import lab

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """An agency that is warned at once, and under attack."""
    with night(tmp_path_factory.mktemp("officer"), release="at-once") as desk:
        desk.attack("203.0.113.45")
        lab.wait_until("two letters", lambda: len(desk.letters()) == 2)
        yield desk


@pytest.fixture(scope="module")
def letter(desk):
    """The Vietnamese one."""
    (letter,) = [each for each in desk.letters() if "Cảnh báo số" in each["Subject"]]
    return letter


@pytest.fixture
def phone(desk):
    """A telephone without JavaScript."""
    with chromium.visitor(
        desk.browser, viewport=chromium.PHONE, java_script_enabled=False
    ) as officer:
        page = officer.new_page()
        said = troubles(page)
        yield page
        assert said == []


def test_the_mail_says_at_once_what_was_seen_what_to_do_and_by_when(letter, phone):
    """Subject and first screen; it fits the telephone."""
    subject = letter["Subject"]
    assert subject.startswith("[TLP:AMBER] Cảnh báo số CB-")
    assert "xác nhận trước" in subject

    phone.set_content(letter.get_body(("html",)).get_content())

    body = phone.locator("body")
    for words in ("203.0.113[.]45", "VIỆC CẦN LÀM NGAY", "THỜI HẠN"):
        expect(body).to_contain_text(words, ignore_case=True)
    widths = phone.locator("body").bounding_box()
    assert widths["width"] <= chromium.PHONE["width"]


def test_the_link_is_acknowledged_by_a_person_with_a_name(desk, letter, phone):
    """Opening changes nothing; without a name it says what is missing; then the receipt."""
    link = re.search(r"https://\S+/w/[\w~.-]+", letter.get_body(("plain",)).get_content())[0]
    phone.goto(link)
    phone.reload()
    button = phone.get_by_role("button", name="Xác nhận đã nhận")
    expect(button).to_be_visible()
    phone.fill("#name", "Trần Thị Bình")
    button.click()

    receipt = phone.get_by_role("status")
    expect(receipt).to_contain_text("Trần Thị Bình")
    phone.goto(link)
    expect(phone.get_by_role("status")).to_contain_text("Trần Thị Bình")
    expect(phone.get_by_role("button", name="Xác nhận đã nhận")).to_have_count(0)


def test_the_desk_sees_who_has_it_and_when(desk):
    """On the alert's own page, with name and time."""
    with chromium.visitor(desk.browser) as analyst:
        page = analyst.new_page()
        desk.settle_in(page)
        page.locator("a.open").first.click()

        told = page.locator("section", has=page.locator("#told"))
        expect(told).to_contain_text("Trần Thị Bình")
        expect(told).to_contain_text("✓")
