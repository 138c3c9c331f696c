"""The numbers in the bar."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.model.alert import AlertState
from sentinel.model.ids import JobId, RuleId
from sentinel.model.job import AlertAction, Job
from sentinel.model.person import PersonRole
from sentinel.model.profile import Resting
from sentinel.model.warning import WarningState
from sentinel.web.console.app import build_console
from sentinel.web.console.visit import csrf_of
from tests.samples import NOON
from tests.unit.web.console.house import ConsoleBrowser, HouseDesk, Outline, logged_in, parts
from tests.unit.web.fakes import FakeHealth, a_warning

JOB = Job(id=JobId("j1"), action=AlertAction.CLOSE, by="lan", at=NOON, total=5)


class BusyDesk(HouseDesk):
    """1,234 open alerts; warnings and jobs as given."""

    def __init__(self, warnings=(), jobs=()) -> None:
        super().__init__()
        self._warnings, self._jobs = warnings, jobs
        self.counted = []

    def count(self, query):
        self.counted.append(query)
        return 1234

    def warnings(self, query):
        return [each for each in self._warnings if each.state in query.states]

    def jobs(self, limit):
        return list(self._jobs)


def glance(language="en", **changes):
    app = build_console(parts(**changes))
    return logged_in(app, language=language).get("/glance")


def words(answer):
    """What each place of the bar says."""
    said = {}
    for piece in answer.text.split('<span id="')[1:]:
        name = piece.partition('"')[0]
        said[name] = " ".join(Outline(f'<span id="{piece}').text.split())
    return said


def test_the_bar_counts_what_waits_what_is_late_and_what_goes_on():
    """Open alerts, drafts, letters without an answer past their time, jobs under way."""
    desk = BusyDesk(
        warnings=[
            a_warning(state=WarningState.DRAFT, acknowledge_by=None),
            a_warning(state=WarningState.SENT, acknowledge_by=NOON),
            a_warning(state=WarningState.SENT, acknowledge_by=NOON + timedelta(seconds=1)),
            a_warning(state=WarningState.ACKNOWLEDGED, acknowledge_by=NOON - timedelta(days=1)),
        ],
        jobs=[JOB, replace(JOB, finished=NOON)],
    )

    answer = glance(desk=desk)

    assert words(answer) == {
        "nav-queue": "1,234 open alerts",
        "nav-warnings": "1 to approve 1 overdue",
        "nav-jobs": "1 under way",
        "nav-status": "▲ 1 problem",
    }
    [query] = desk.counted
    assert query.states == set(AlertState) - {AlertState.CLOSED}


def test_it_is_said_in_the_readers_language():
    """With its separators."""
    said = words(glance("vi", desk=BusyDesk()))

    assert said["nav-queue"] == "1.234 cảnh báo chưa đóng"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ready": True, "problems": []}, "● ready"),
        ({"ready": True, "problems": ["a", "b"]}, "▲ 2 problems"),
        ({"ready": False, "problems": ["a"]}, "✗ not ready"),
    ],
)
def test_the_service_is_a_shape_and_a_word(changes, expected):
    """Never a colour alone."""
    assert words(glance(health=FakeHealth(**changes)))["nav-status"] == expected


def test_nothing_is_not_a_nought():
    """A quiet bar is quiet."""
    desk = BusyDesk()
    desk.count = lambda query: 0

    said = words(glance(desk=desk, health=FakeHealth(problems=[])))

    assert said == {
        "nav-queue": "",
        "nav-warnings": "",
        "nav-jobs": "",
        "nav-status": "● ready",
    }


def test_every_place_is_swapped_by_its_name():
    """Pieces of the bar, each by itself: what has the focus keeps it."""
    answer = glance()

    assert answer.text.count('hx-swap-oob="true"') == 5
    page = logged_in(build_console(parts())).get("/me").text
    assert all(f'id="{name}"' in page for name in words(answer))


def test_a_page_that_outlived_its_session_takes_up_the_next():
    """The form token of now comes along, and whose it is."""
    app = build_console(parts())
    browser = logged_in(app)

    answer = browser.get("/glance")

    assert answer.headers["X-CSRF-Token"] == csrf_of(browser.token)
    assert answer.headers["X-Person"] == "lan"


def test_forty_pages_ask_as_often_as_one():
    """For three seconds the numbers are the same for everybody."""
    desk = BusyDesk()
    app = build_console(parts(desk=desk))
    browsers = [logged_in(app), logged_in(app, PersonRole.ADMIN)]

    for _ in range(2):
        for browser in browsers:
            browser.get("/glance")
        app.state.parts.clock.move(timedelta(seconds=3))

    assert len(desk.counted) == 2


def test_it_keeps_no_session_alive_and_tells_strangers_nothing():
    """It is asked by the page, not by the person."""
    app = build_console(parts())
    browser = logged_in(app)
    app.state.parts.accounts.looks.clear()
    browser.get("/glance")

    stranger = ConsoleBrowser(app).get("/glance")

    assert app.state.parts.accounts.looks == [(browser.token, False)]
    assert (stranger.status_code, stranger.text) == (401, "")


def test_rules_that_are_switched_off_are_told_on_every_page():
    """A banner with their names, as long as it lasts; otherwise the place is hidden and empty."""
    rest = Resting(
        rule=RuleId("r"),
        title="<b>slow",
        why="why",
        since=NOON,
        until=NOON + timedelta(minutes=1),
    )

    loud = glance(health=FakeHealth(resting=[rest]))
    calm = glance()

    (banner,) = Outline(loud.text).all("aside")
    assert "hidden" not in banner
    assert "&lt;b&gt;slow" in loud.text
    assert "1 rule is switched off for a while" in loud.text
    (banner,) = Outline(calm.text).all("aside")
    assert "hidden" in banner
    page = logged_in(build_console(parts())).get("/me").text
    assert [each["id"] for each in Outline(page).all("aside")] == ["resting"]
