"""The queue, as a browser gets it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.model.alert import AlertState
from sentinel.model.ids import AgencyId, AlertId, CauseKey, RuleId
from sentinel.model.person import Preferences
from sentinel.model.profile import Resting
from tests.samples import NOON, an_alert
from tests.unit.web.console.house import ConsoleBrowser
from tests.unit.web.console.triage.floor import LATER, Floor, Outline, some_alerts
from tests.unit.web.fakes import FakeHealth


def titles(page):
    return [link["href"] for link in page.all("a") if link.get("class") == "open"]


def words(page):
    return " ".join(page.text.split())


def test_the_queue_begins_with_what_is_open_worst_first():
    """Closed alerts are not in it; each line says what, where, whose, how much, how long."""
    worst = replace(an_alert().score, points=92)
    floor = Floor(
        an_alert(),
        an_alert(id=AlertId("b1"), cause=CauseKey("b1"), score=worst, agency=None, asset=None),
        an_alert(id=AlertId("c1"), cause=CauseKey("c1"), state=AlertState.CLOSED),
    )
    page = floor.page("/")

    assert titles(page) == ["/alerts/b1", "/alerts/a1b2c3d4e5f60718"]
    for said in (
        "2 alerts",
        "92 critical",
        "SSH password guessing 203.0.113.45 · web01",
        "Public service portal (level 3)",
        "Department A",
        "system not known",
        "unassigned",
        "3 min ago 11:43\u201312:00",
        "12 min left",
        "57 min left",
        "— nobody",
    ):
        assert said in words(page).replace("—nobody", "— nobody")


def test_an_overdue_alert_says_so_in_words():
    """Not by a colour."""
    floor = Floor(an_alert(opened=NOON - timedelta(hours=3)))

    assert "new 2 h overdue" in words(floor.page("/"))


def test_ones_own_filter_is_where_one_begins():
    """Until one asks for something else."""
    floor = Floor(*some_alerts(1), an_alert(state=AlertState.CLOSED))
    floor.parts.accounts.prefer("lan", Preferences(filter="status:closed"))

    assert titles(floor.page("/")) == ["/alerts/a1b2c3d4e5f60718"]
    assert titles(floor.page("/?q=")) == ["/alerts/a-0"]


def test_a_filter_that_is_not_understood_finds_nothing_and_says_why():
    """Each wrong part with what is allowed; what was typed stays."""
    page = Floor(an_alert()).page("/?q=status:opne+colour:red")
    [field] = [each for each in page.all("input") if each.get("id") == "q"]

    assert field["value"] == "status:opne colour:red"
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] in [each.get("id") for each in page.all("div")]
    assert titles(page) == []
    assert (
        "status:opne: this value is not known. Allowed: new, acknowledged, in-progress, closed,"
        " open, any." in words(page)
    )
    assert "colour:red: there is no such key." in words(page)


@pytest.mark.parametrize(
    "text",
    ['"x', '"x"y', "agency:", "host:a host:a", "score:>100", "x" * 1001, "status:x", "y:z"],
)
def test_every_kind_of_fault_has_its_words(text):
    """In both languages, with the part that was typed."""
    for language in ("en", "vi"):
        floor = Floor(language=language)
        page = Outline(floor.browser.get("/", params={"q": text}).text)

        assert "{" not in page.text
        assert text.split()[-1][:40] in page.text


def test_pages_have_fifty_rows_and_an_exact_count():
    """Links keep the filter; a page beyond the end is the last."""
    floor = Floor(*some_alerts(120))
    first, last = floor.page("/?q=web01"), floor.page("/?q=web01&page=9")

    assert (len(titles(first)), len(titles(last))) == (50, 20)
    assert "120 alerts" in words(first)
    assert {"/?q=web01&page=2", "/?q=web01&page=3"} <= {each["href"] for each in first.all("a")}
    assert len({*titles(first), *titles(floor.page("/?q=web01&page=2")), *titles(last)}) == 120


def test_an_empty_queue_says_when_the_last_alert_was():
    """No news is good news only where news do come."""
    quiet = Floor(an_alert(state=AlertState.CLOSED), language="vi")

    assert "Không có cảnh báo mở. Cảnh báo cuối: 12:00 22/11/2026." in words(quiet.page("/"))
    assert "There has not been any alert yet." in words(Floor().page("/"))
    assert "No alert fits this filter. Last alert:" in words(quiet_in_english().page("/?q=zzz"))


def quiet_in_english():
    return Floor(an_alert())


def test_quick_links_lead_to_the_usual_filters_and_to_each_agency():
    """The one that is shown says so."""
    page = Floor(an_alert()).page("/?q=who:me")
    links = {each["href"]: each.get("aria-current") for each in page.all("a")}

    assert links["/?q=who%3Ame"] == "true"
    for path in (
        "/?q=status%3Aopen",
        "/?q=status%3Anew",
        "/?q=who%3Anobody",
        "/?q=agency%3Aso-a",
        "/?q=agency%3Anone",
    ):
        assert path in links
        assert links[path] is None


def test_each_row_can_be_selected_by_its_name():
    """The box has the link's text as its label, the form holds filter and count."""
    page = Floor(an_alert()).page("/?q=web01")
    [box] = [each for each in page.all("input") if each.get("name") == "ids"]
    [link] = [each for each in page.all("a") if each.get("class") == "open"]
    form = {each.get("name"): each.get("value") for each in page.all("input")}

    assert (box["value"], box["aria-labelledby"]) == ("a1b2c3d4e5f60718", link["id"])
    assert (form["q"], form["expected"], form["back"]) == ("web01", "1", "/?q=web01")


class TestLive:
    """What is new since a page was made."""

    SINCE = "/live?q=status:open&since=2026-11-22T05:01:00Z"

    def test_nothing_new_is_no_answer(self):
        """The page stays as it is."""
        assert Floor(an_alert()).browser.get(self.SINCE).status_code == 204

    def test_new_ones_are_a_link_and_the_same_number_is_not_said_twice(self):
        """It asks on from the same moment."""
        floor = Floor(*some_alerts(3, opened=LATER), an_alert())
        page = floor.page(self.SINCE)
        [asking] = [each for each in page.all("span") if "hx-get" in each]

        assert "3 new ↑" in words(page)
        assert page.all("a") == [{"href": "/?q=status%3Aopen"}]
        assert floor.browser.get(asking["hx-get"]).status_code == 204

    def test_it_counts_what_fits_the_filter(self):
        """Another agency's alert is not announced; a filter with faults finds nothing."""
        floor = Floor(*some_alerts(1, opened=LATER, agency=AgencyId("so-b")))

        for text in ("agency:so-a", "colour:red"):
            path = f"/live?q={text}&since=2026-11-22T05:01:00Z"
            assert floor.browser.get(path).status_code == 204

    @pytest.mark.parametrize("since", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"])
    def test_a_time_that_utc_does_not_have_is_no_fault_of_ours(self, since):
        """A link may say anything."""
        answer = Floor(an_alert()).browser.get(f"/live?q=status:open&since={since}")

        assert answer.status_code == 204

    def test_it_keeps_no_session_alive_and_answers_401_without_one(self):
        """The page itself must not keep somebody logged in."""
        floor = Floor()
        floor.browser.get(self.SINCE)

        assert floor.parts.accounts.looks[-1][1] is False
        assert ConsoleBrowser(floor.app).get(self.SINCE).status_code == 401


def test_a_job_that_is_unknown_is_not_spoken_of():
    """An old link still opens the queue."""
    assert "data-job=" not in Floor(an_alert()).browser.get("/?job=j-gone").text


def test_a_rule_that_is_switched_off_is_told_above_the_queue_without_a_script():
    """Who looks at an empty queue must know that it may be blind."""
    rest = Resting(
        rule=RuleId("r"), title="slow", why="why", since=NOON, until=NOON + timedelta(minutes=1)
    )

    loud = Floor(health=FakeHealth(resting=[rest])).page("/")
    calm = Floor().page("/")

    assert "1 rule is switched off for a while" in words(loud)
    assert [link["href"] for link in loud.all("a") if link.get("id") == "resting-why"] == [
        "/detection"
    ]
    assert "switched off" not in words(calm)
