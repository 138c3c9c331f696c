"""The analyst's night: from the first log-in to the last log-out, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import chromium
from tests.browser.night import PASSWORD, night, troubles
from tests.system import lab

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with night(tmp_path_factory.mktemp("night")) as desk:
        yield desk


@pytest.fixture(scope="module")
def page(desk):
    with chromium.visitor(desk.browser) as analyst:
        page = analyst.new_page()
        page.set_default_timeout(20_000)
        yield page


@pytest.fixture(autouse=True)
def _nothing_complains(page):
    """No script error, nothing that the policy refused, no dialog."""
    said = troubles(page)
    yield
    assert said == []


# The tests of this file are one story, in this order.


def test_the_first_password_must_be_changed(desk, page):
    """It opens its own change and nothing else."""
    first = desk.first_password()
    desk.log_in(page, password=first)
    page.wait_for_url("**/me/password")
    page.goto(f"{desk.base}/")
    expect(page).to_have_url(re.compile("/me/password$"))

    desk.choose_password(page, first)

    expect(page.locator("main")).to_contain_text("Không có cảnh báo")


def test_a_new_alert_announces_itself(desk, page):
    """A count appears; the rows come when they are asked for."""
    desk.attack("203.0.113.45")
    news = page.locator("#live a")
    expect(news).to_contain_text("1 mới")
    assert page.locator("table.queue").count() == 0

    news.click()

    row = page.locator("table.queue tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("203.0.113.45")


def test_the_alert_says_why_with_the_keyboard_alone(page):
    """j, Enter: what matched is marked in the raw line, and every point has its reason."""
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/alerts/*")

    expect(page.locator("mark", has_text="203.0.113.45").first).to_be_visible()
    expect(page.locator(".reasons")).to_contain_text("+60")


def test_acknowledging_says_what_it_changed_and_can_be_undone(page):
    """One of one; undone, it is new again; acknowledged for good."""
    page.keyboard.press("a")
    expect(page.locator("#job")).to_contain_text("1 trong 1")
    expect(page.locator(".alert-head")).not_to_contain_text("mới")
    page.keyboard.press("u")
    expect(page.locator(".alert-head")).to_contain_text("mới")
    page.keyboard.press("a")
    expect(page.locator("#history ~ ol")).to_contain_text("admin")


def test_the_warning_is_read_as_it_will_be_mailed_and_approved(desk, page):
    """The preview is the letter; the button names how many get it; then it is on its way."""
    page.keyboard.press("w")
    page.wait_for_url("**/warnings/*")
    letter = page.frame_locator("iframe").first
    expect(letter.locator("body")).to_contain_text("203.0.113[.]45")
    previewed = letter.locator("body").inner_text()

    page.locator("#send").click()

    expect(page.locator("h1")).to_contain_text("CB-2026-000001")
    letters = _wait_for(desk.letters, 2)
    (letter,) = [each for each in letters if "Cảnh báo số" in each["Subject"]]
    sent = letter.get_body(("html",)).get_content()
    with chromium.visitor(desk.browser) as reader:
        mail = reader.new_page()
        mail.set_content(sent)
        mailed = mail.locator("body").inner_text()
    assert _without_links(previewed) == _without_links(mailed)


def test_many_are_closed_at_once_with_an_exact_count(desk, page):
    """The whole filter, a disposition, a reason; and all of it back with one key."""
    for number in range(5):
        desk.attack(f"198.51.100.{10 + number}")
    page.goto(f"{desk.base}/?q=status:new")
    _reload_until(page, "5 cảnh báo")
    page.check("#all")
    page.keyboard.press("e")
    page.wait_for_url("**/alerts/act*")
    expect(page.locator("h1")).to_contain_text("5")
    page.check("input[name=disposition][value=benign]")
    page.fill("#note", "diễn tập của chính đơn vị")
    page.keyboard.press("Tab")
    page.click("main button.main")

    expect(page.locator("#job")).to_contain_text("5 trong 5")
    expect(page.locator("table.queue")).to_have_count(0)
    page.keyboard.press("u")
    expect(page.locator("#job")).to_contain_text("5 trong 5")
    page.goto(f"{desk.base}/?q=status:new")
    expect(page.locator(".tally")).to_contain_text("5 cảnh báo")


def test_it_all_works_without_javascript(desk):
    """Reading, acknowledging, closing."""
    with chromium.visitor(desk.browser, java_script_enabled=False) as plain:
        page = plain.new_page()
        desk.log_in(page, password=PASSWORD)
        page.goto(f"{desk.base}/?q=status:new address:198.51.100.12")
        page.locator("a.open").first.click()
        page.locator("button[value=acknowledge]").click()
        expect(page.locator("#job")).to_contain_text("1 trong 1")
        page.locator("button[value=close]").click()
        page.locator("input[value=false-positive]").check()
        page.fill("#note", "nhầm")
        page.locator("main button.main").click()
        expect(page.locator("#job")).to_contain_text("1 trong 1")


def test_what_is_suppressed_stays_away_and_is_counted(desk, page):
    """The preview grows with the scope; what comes after opens nothing, and is counted."""
    page.goto(f"{desk.base}/?q=address:198.51.100.10")
    page.locator("a.open").first.click()
    page.wait_for_url("**/alerts/*")
    page.keyboard.press("s")
    page.wait_for_url("**/suppress")
    expect(page.locator("#would h2")).to_contain_text("1 cảnh báo")
    page.uncheck("input[name=subject][value='source.ip']")
    expect(page.locator("#would h2")).to_contain_text("6 cảnh báo")
    page.check("input[name=end][value='8h']")
    page.fill("#reason", "máy quét của chính đơn vị")
    page.check("input[name=close]")
    page.check("input[name=disposition][value=benign]")
    page.click("main button.main")
    expect(page.locator("#job")).to_contain_text("5 trong 5")

    desk.attack("198.51.100.77")
    page.goto(f"{desk.base}/suppressions")
    _reload_until(page, "máy quét của chính đơn vị")
    page.get_by_role("link", name=re.compile("SSH")).first.click()
    _reload_until(page, r"\b1 phát hiện")
    page.goto(f"{desk.base}/?q=address:198.51.100.77 status:any")
    expect(page.locator("table.queue")).to_have_count(0)


def test_sources_and_doctor_say_how_the_house_is(desk, page):
    """The source sends; nothing is broken."""
    page.goto(f"{desk.base}/sources")
    expect(page.locator("main")).to_contain_text("so-a-syslog")
    expect(page.locator("main")).to_contain_text("đang gửi")
    page.goto(f"{desk.base}/doctor")
    expect(page.locator("main .dot-fail, main .check-fail")).to_have_count(0)


def test_a_stolen_cookie_is_dead_after_the_log_out(desk, page):
    """Whoever copied it comes to the log-in."""
    page.goto(f"{desk.base}/")
    cookies = page.context.cookies()
    page.locator("details.menu summary", has_text="admin").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page).to_have_url(re.compile("/login"))

    with chromium.visitor(desk.browser) as thief:
        thief.add_cookies(cookies)
        stolen = thief.new_page()
        stolen.goto(f"{desk.base}/")
        expect(stolen).to_have_url(re.compile("/login"))


def _without_links(text: str) -> str:
    return re.sub(r"https?://\S+", "[link]", re.sub(r"\s+", " ", text))


def _wait_for(listed, amount):
    return lab.wait_until(f"{amount} of them", lambda: (found := listed())[amount - 1 :] and found)


def _reload_until(page, text):
    """The page is asked again until it says so: what it shows is written by others."""

    def says() -> bool:
        page.reload()
        return bool(re.search(text, page.locator("main").inner_text()))

    lab.wait_until(f"{page.url} says {text}", says)
