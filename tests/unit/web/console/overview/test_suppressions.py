"""What is hidden: by whom, why, until when; ended and prolonged with a reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sentinel.errors import NotAllowed
from sentinel.model.ids import AgencyId, SuppressionId
from sentinel.model.text import Language
from sentinel.web.console.overview import suppressions
from sentinel.web.console.overview.suppressions import moment
from tests.samples import NOON
from tests.unit.web.console.house import Outline
from tests.unit.web.console.overview.site import Site
from tests.unit.web.fakes import a_suppression

DAY = timedelta(days=1)
VI, EN = Language.VI, Language.EN


def named(name, **changes):
    begun = changes.pop("begun", NOON - 2 * DAY)
    return a_suppression(id=SuppressionId(name), begun=begun, at=begun, **changes)


def a_site(*versions, hidden=0):
    site = Site()
    with site.state.transaction() as writer:
        for version in versions:
            writer.put_suppression(version)
        if hidden:
            writer.add_hidden(versions[0].id, hidden, NOON - DAY / 24)
    return site


def links(page):
    every = [a["href"] for a in Outline(page.text).all("a")]
    return [
        link.removeprefix("/suppressions/") for link in every if link.startswith("/suppressions/")
    ]


def test_what_works_comes_first_and_of_that_what_ends_next():
    """What has ended stands below: it is a record."""
    site = a_site(
        named("over", expires=NOON - DAY, begun=NOON - 3 * DAY),
        named("long", expires=NOON + 9 * DAY),
        named("lifted", lifted=True),
        named("short", expires=NOON + DAY),
    )

    page = site.browser().get("/suppressions")

    assert links(page) == ["short", "long", "lifted", "over"]
    assert "Working now: 2" in Outline(page.text).text
    assert "Ended: 2" in Outline(page.text).text


def test_a_line_says_what_why_who_until_when_and_how_much():
    """In words, with the agency's name."""
    site = a_site(named("s-1"), hidden=4213)

    text = " ".join(Outline(site.browser().get("/suppressions").text).text.split())

    for words in (
        "SSH password guessing at Department A where source.ip = 203.0.113.45",
        "quét định kỳ của đơn vị lan, 2 d ago",
        "7 d left",
        "12:00 29/11/2026",
        "4,213",
        "last 1 h ago",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ({"everywhere": True, "agency": None}, "at every agency"),
        ({"agency": None}, "at no agency (unassigned)"),
        ({"subject": {}}, "at Department A, whatever it finds"),
        ({"agency": AgencyId("gone")}, "at gone where"),
    ],
)
def test_a_scope_is_said_in_words(scope, words):
    """Nobody reads a data structure at night."""
    one = named("s-1")
    site = a_site(replace(one, scope=replace(one.scope, **scope)))

    assert words in " ".join(Outline(site.browser().get("/suppressions").text).text.split())


def test_what_has_ended_comes_in_pages(monkeypatch):
    """What works is on each of them."""
    monkeypatch.setattr(suppressions, "PER_PAGE", 2)
    ended = [named(f"e-{n}", begun=NOON - n * DAY - 9 * DAY, expires=NOON - DAY) for n in range(3)]
    site = a_site(named("works"), *ended)
    browser = site.browser()

    pages = [links(browser.get(f"/suppressions?page={n}")) for n in (1, 2)]

    assert pages == [["works", "e-0", "e-1"], ["works", "e-2"]]


def test_every_version_is_shown_newest_first():
    """Who, when, why and until when, each time."""
    first = named("s-1")
    second = replace(first, version=2, by="minh", reason="longer", expires=NOON + 9 * DAY)
    site = a_site(first, second)

    text = Outline(site.browser().get("/suppressions/s-1").text).text

    assert text.index("longer") < text.index("quét định kỳ của đơn vị")
    assert "12:00 01/12/2026" in text
    assert "12:00 29/11/2026" in text


def test_it_is_lifted_with_a_reason():
    """In the name of whoever did it."""
    site = a_site(named("s-1"))

    answer = site.browser().post("/suppressions/s-1/lift", {"reason": " the scan is over "})

    newest = site.desk.suppression(SuppressionId("s-1"))[-1]
    assert (answer.status_code, answer.headers["location"]) == (303, "/suppressions/s-1")
    assert (newest.lifted, newest.by, newest.reason) == (True, "lan", "the scan is over")


def test_it_is_prolonged_to_a_time_in_the_console_s_zone():
    """As the field shows it: Viet Nam's."""
    site = a_site(named("s-1"))

    answer = site.browser().post(
        "/suppressions/s-1/prolong", {"reason": "still waiting", "until": "2026-12-01T08:00"}
    )

    newest = site.desk.suppression(SuppressionId("s-1"))[-1]
    assert answer.status_code == 303
    assert (datetime(2026, 12, 1, 1, tzinfo=UTC), "still waiting") == (
        newest.expires,
        newest.reason,
    )


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("lift", {"reason": ""}),
        ("prolong", {"reason": "", "until": "2026-12-01T08:00"}),
        ("prolong", {"reason": "why not", "until": "2020-01-01T08:00"}),
        ("prolong", {"reason": "why not", "until": "tomorrow"}),
        ("prolong", {"reason": "why not", "until": ""}),
    ],
)
def test_a_form_that_is_refused_keeps_what_was_typed(form, typed):
    """With a sentence that says why, and nothing changed."""
    site = a_site(named("s-1"))

    answer = site.browser().post(f"/suppressions/s-1/{form}", typed)

    outline = Outline(answer.text)
    assert answer.status_code == 409
    assert "Nothing was changed." in outline.text
    assert typed["reason"] in outline.text
    assert typed.get("until", "2026-11-29T12:00") in [
        each.get("value") for each in outline.all("input") if each["name"] == "until"
    ]
    assert len(site.desk.suppression(SuppressionId("s-1"))) == 1


@pytest.mark.parametrize("over", [{"lifted": True}, {"expires": NOON - DAY}])
def test_what_has_ended_has_no_forms(over):
    """A form that comes too late is answered all the same."""
    site = a_site(named("s-1", **over))

    page = site.browser().get("/suppressions/s-1")
    answer = site.browser().post("/suppressions/s-1/lift", {"reason": "again"})

    actions = [each.get("action", "") for each in Outline(page.text).all("form")]
    assert [each for each in actions if each.startswith("/suppressions/")] == []
    assert answer.status_code == 409
    assert "Nothing was changed." in Outline(answer.text).text


@pytest.mark.parametrize("form", ["lift", "prolong"])
def test_a_form_from_elsewhere_changes_nothing(form):
    """Without the token of the session."""
    site = a_site(named("s-1"))
    data = {"csrf": "no", "reason": "x", "until": "2026-12-01T08:00"}

    answer = site.browser().post(f"/suppressions/s-1/{form}", data)

    assert (answer.status_code, len(site.desk.suppression(SuppressionId("s-1")))) == (403, 1)


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_there_is_not_found(method):
    """A page that says so."""
    browser = a_site().browser()
    path = "/suppressions/no" if method == "get" else "/suppressions/no/lift"

    assert getattr(browser, method)(path).status_code == 404


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01T08:00", "8"])
def test_a_time_that_is_none_is_named_with_what_is_allowed(text):
    """In the reader's language."""
    with pytest.raises(NotAllowed, match="2026-11-30T08:00"):
        moment(text, "Asia/Ho_Chi_Minh", VI)


def test_a_refusal_is_told_in_the_reader_s_language():
    """What the desk says in English is said to them in theirs."""
    site = a_site(named("s-1"))

    answer = site.browser("vi").post("/suppressions/s-1/lift", {"reason": ""})

    text = Outline(answer.text).text
    assert "Chưa thay đổi gì." in text
    assert "the reason is empty" not in text
