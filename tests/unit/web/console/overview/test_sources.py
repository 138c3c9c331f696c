"""The page of sources: the silent on top, figures in words, fresh without a hand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.model.ids import AgencyId, InputName
from sentinel.model.text import LocalText
from sentinel.ports import InputStatus
from sentinel.web.console.overview import sources
from tests.samples import NOON
from tests.unit.web.console.house import Outline
from tests.unit.web.console.overview.site import Site
from tests.unit.web.console.overview.test_standing import a_source, never_seen
from tests.unit.web.fakes import FakeHealth

HOUR = timedelta(hours=1)


def a_site(*found, **changes):
    return Site(health=FakeHealth(sources=list(found), **changes))


def text_of(site, path="/sources", language="en"):
    return " ".join(Outline(site.browser(language).get(path).text).text.split())


def test_the_worst_source_is_on_top_and_each_standing_is_counted():
    """Silence before everything else."""
    site = a_site(
        a_source("src-fine"), never_seen("src-new"), a_source("src-gone", received=NOON - HOUR)
    )

    text = text_of(site)

    assert text.index("src-gone") < text.index("src-new") < text.index("src-fine")
    assert "1 quiet" in text
    assert "1 never seen" in text
    assert "1 sending" in text


def test_a_line_has_its_figures():
    """Rate, hour, last record, delay, share, drops of its input."""
    udp = InputStatus(
        name=InputName("syslog-udp"),
        collector="syslog",
        state="running",
        listening="udp 127.0.0.1:5514",
        dropped=417,
    )
    source = a_source(
        minutes=[5, 9, 2], events=52341, unparsed=9000, received=NOON, at=NOON - 7 * HOUR
    )
    site = a_site(source, inputs=[udp])

    page = site.browser().get("/sources").text
    text = text_of(site)

    for words in (
        "hard to read",
        "clock off",
        "Department A",
        "Whole hours",
        "7 hours",
        "17 %",
        "9,000 of 52,341",
        "417 dropped",
        "the kernel threw away",
    ):
        assert words in text
    (spark,) = Outline(page).all("svg")
    assert (spark["role"], spark["aria-label"]) == ("img", "3 minutes: 16 events, at most 9 in one")


def test_time_can_run_ahead():
    """A record from the future is said to be one."""
    assert "7 hours ahead" in text_of(a_site(a_source(at=NOON + 7 * HOUR)))


def test_the_unclaimed_are_there():
    """What nobody owns is kept, detected on, and shown."""
    text = text_of(a_site(a_source(None, None, via="")))

    assert "what no source claims no agency" in text
    assert "belongs to nobody" in text


def test_a_silent_source_of_an_input_that_does_not_run_says_so():
    """One looks there first."""
    down = InputStatus(
        name=InputName("syslog-udp"),
        collector="syslog",
        state="waiting",
        restarts=14,
        last_error="PermissionError: no",
    )
    text = text_of(a_site(a_source(received=NOON - HOUR), inputs=[down]))

    assert "Its input is not at work: look there first." in text
    assert "waiting to start again" in text
    assert "PermissionError: no" in text


@pytest.mark.parametrize(
    ("ready", "language", "words"),
    [
        (True, "en", "The service is ready"),
        (False, "en", "The service is not ready"),
        (False, "vi", "Dịch vụ chưa sẵn sàng"),
    ],
)
def test_the_service_is_on_top_with_its_problems(ready, language, words):
    """Ready or not, what is wrong, rules, version, since when."""
    site = a_site(ready=ready)

    text = text_of(site, language=language)

    assert words in text
    assert "the disk reserve is reached" in text
    assert "rules/x.yml:3: unknown modifier" in text
    assert "0.1.0" in text


def test_the_page_can_be_narrowed_to_an_agency():
    """The counts stay those of all."""
    site = a_site(a_source("a"), a_source("b", "so-b"), a_source(None, None, via=""))
    other = replace(site.agency, id=AgencyId("so-b"), name=LocalText(vi="Sở B", en="Department B"))
    with site.state.transaction() as writer:
        writer.put_agencies([replace(other, sources=())])

    text = text_of(site, "/sources?agency=so-b")

    assert "Sources: 1" in text
    assert "2 sending" in text
    assert "what no source claims" not in text


def test_many_sources_come_in_pages(monkeypatch):
    """Each on one of them."""
    monkeypatch.setattr(sources, "PER_PAGE", 2)
    site = a_site(*(a_source(f"s-{n}") for n in range(3)))

    pages = [text_of(site, f"/sources?page={n}") for n in (1, 2)]

    assert [[name for name in ("s-0", "s-1", "s-2") if name in page] for page in pages] == [
        ["s-0", "s-1"],
        ["s-2"],
    ]


def test_the_page_asks_again_for_the_part_that_changes():
    """The same question every 15 seconds; the part is in the page and alone the same."""
    site = a_site(a_source("a"))
    browser = site.browser()

    page = Outline(browser.get("/sources?agency=so-a&page=1").text)
    part = browser.get("/sources/now?agency=so-a&page=1").text

    (asking,) = [div for div in page.all("div") if div.get("id") == "now"]
    assert (
        asking["hx-get"],
        asking["hx-trigger"],
    ) == ("/sources/now?agency=so-a&page=1", "every 15s")
    assert Outline(part).text.strip() in page.text
    assert "<html" not in part


def test_asking_again_keeps_no_session_alive():
    """An open page is not a person; after the session it is answered 401."""
    site = a_site()
    browser = site.browser()
    browser.get("/sources")
    browser.get("/sources/now")
    site.parts.accounts.log_out(browser.token)

    assert browser.get("/sources/now").status_code == 401
    assert [acting for _, acting in site.parts.accounts.looks][:3] == [True, False, False]


def test_what_can_hold_the_focus_keeps_it_when_the_part_is_replaced():
    """htmx gives the focus back to the element of the same id."""
    part = a_site(a_source("a")).browser().get("/sources/now").text

    outline = Outline(part)
    able = [each for tag in ("a", "button", "input", "summary") for each in outline.all(tag)]
    assert able
    assert [each for each in able if "id" not in each] == []


def test_an_empty_registry_says_what_to_do():
    """Not a bare table."""
    assert "No source is registered. Add agencies" in text_of(a_site())
