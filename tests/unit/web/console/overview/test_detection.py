"""The page of detection: what rests is on top and red, figures have their words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.model.ids import RuleId
from sentinel.model.profile import DetectionProfile, Resting
from tests.samples import NOON
from tests.unit.web.console.house import Outline
from tests.unit.web.console.overview.site import Site
from tests.unit.web.fakes import PROFILE, FakeHealth

REST = Resting(
    rule=RuleId("r-slow"),
    title="Slow rule",
    why="rules/slow.yml:3: rule 'Slow rule' is left out for 60 s",
    since=NOON,
    until=NOON + timedelta(minutes=1),
    times=7,
)


def a_site(**changes):
    return Site(health=FakeHealth(**changes))


def text_of(site, path="/detection", language="en"):
    page = site.browser(language).get(path).text.replace("</dt>", "</dt> ")
    return " ".join(Outline(page).text.split())


def test_the_way_of_an_event_is_told_step_by_step():
    """Microseconds and share of each, and the whole."""
    text = text_of(a_site())

    for words in (
        "Rules at work 7",
        "Rules refused ▲ 1",
        "rules/x.yml:3: unknown modifier",
        "Events held against the rules 1,000",
        "An event costs 38.0 µs",
        "fetch it from the journal 2.00 µs 5 %",
        "hold it against the rules 36.0 µs 95 % 500",
    ):
        assert words in text


def test_a_dear_rule_leads_to_its_alerts():
    """Where it stands, how often it was looked at and met."""
    site = a_site()

    page = Outline(site.browser().get("/detection").text)

    links = [each["href"] for each in page.all("a") if each.get("id", "").startswith("rule-")]
    assert links == [f"/?q=status%3Aany+rule%3A{PROFILE.rules[0].rule}"]
    assert "SSH password guessing rules/ssh.yml:1 0.40 ms 40 10.0 µs 12" in text_of(site)


def test_a_memory_says_how_often_it_knew():
    """And how full it is."""
    assert "values 93 % 1,000 70 of 100,000" in text_of(a_site())


def test_what_rests_now_is_told_before_everything_else():
    """In the banner of the page, in the figures, and in a table with the reason."""
    text = text_of(a_site(resting=[REST], profile=DetectionProfile(resting=(REST,))))

    for words in (
        "1 rule is switched off for a while, and what it would find stays unseen: Slow rule.",
        "Rules switched off now ■ 1",
        "■ switched off Slow rule",
        REST.why,
    ):
        assert words in text
    assert text.index("switched off for a while") < text.index("As of")
    assert "back Slow rule" not in text


def test_a_rule_that_is_back_is_still_told():
    """It was blind for a minute; no banner any more."""
    text = text_of(a_site(profile=DetectionProfile(resting=(REST,))))

    assert "▲ back Slow rule" in text
    assert "switched off for a while" not in text
    assert "Rules switched off now ● 0" in text


def test_before_the_first_event_the_page_says_so():
    """Not a bare table."""
    text = text_of(a_site(profile=DetectionProfile()))

    assert text.count("Nothing has been measured since the service started.") == 3
    assert "An event costs" not in text


@pytest.mark.parametrize(
    ("language", "words"),
    [("vi", "đối chiếu với luật 36,0 µs"), ("en", "hold it against the rules 36.0 µs")],
)
def test_figures_have_the_reader_s_separators(language, words):
    """A comma in Vietnamese."""
    assert words in text_of(a_site(), language=language)


def test_a_step_of_another_version_stands_as_it_is():
    """A page must not fail for want of a word."""
    step = replace(PROFILE.steps[0], name="<b>route</b>")

    page = a_site(profile=DetectionProfile(steps=(step,))).browser().get("/detection").text

    assert "&lt;b&gt;route&lt;/b&gt;" in page


def test_the_page_asks_again_for_the_part_that_changes():
    """The part is in the page and alone the same; asking keeps no session alive."""
    site = a_site(resting=[REST])
    browser = site.browser()

    page = Outline(browser.get("/detection").text)
    part = browser.get("/detection/now").text

    (asking,) = [div for div in page.all("div") if div.get("id") == "now"]
    assert (asking["hx-get"], asking["hx-trigger"]) == ("/detection/now", "every 15s")
    assert Outline(part).text.strip() in page.text
    assert "<html" not in part
    assert [acting for _, acting in site.parts.accounts.looks] == [True, False]


def test_what_can_hold_the_focus_keeps_it_when_the_part_is_replaced():
    """htmx gives the focus back to the element of the same id."""
    part = a_site(resting=[REST]).browser().get("/detection/now").text

    outline = Outline(part)
    able = [each for tag in ("a", "button", "input", "summary") for each in outline.all(tag)]
    assert able
    assert [each for each in able if "id" not in each] == []
