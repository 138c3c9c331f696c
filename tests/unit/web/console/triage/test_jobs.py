"""What was done, how far it is, and the way back."""

from datetime import timedelta

from sentinel.model.alert import AlertState
from sentinel.model.ids import AlertId
from sentinel.model.job import AlertAction
from sentinel.ports import AlertQuery, Order
from tests.unit.web.console.house import ConsoleBrowser
from tests.unit.web.console.triage.floor import Floor, Outline, some_alerts


def words(answer):
    return " ".join(Outline(answer.text).text.split())


def taken(floor, *ids):
    return floor.desk.act(
        Order(action=AlertAction.TAKE, alerts=tuple(AlertId(each) for each in ids), who="lan")
    )


def a_long_one(floor):
    """An order on so many alerts that it goes on in the background."""
    return floor.desk.act(
        Order(action=AlertAction.ACKNOWLEDGE, alerts=AlertQuery(), who="lan", filter="status:new")
    )


def test_jobs_are_listed_with_their_outcome():
    """Newest first, each with its undo while that is possible."""
    floor = Floor(*some_alerts(2))
    assert "Nothing has been done with alerts yet." in words(floor.browser.get("/jobs"))
    job = taken(floor, "a-0", "a-1")
    fresh = floor.browser.get("/jobs")
    floor.room.clock.move(timedelta(minutes=16))
    old = floor.browser.get("/jobs")

    assert "lan Take 2 of 2 taken Undo u" in words(fresh)
    assert f"/jobs/{job.id}/undo" in fresh.text
    assert "/undo" not in old.text


def test_an_undo_puts_back_and_is_a_job_of_its_own():
    """Back on the page where it was pressed; a second time there is nothing to press."""
    floor = Floor(*some_alerts(2))
    job = taken(floor, "a-0", "a-1")
    answer = floor.browser.post(f"/jobs/{job.id}/undo", {"back": "/?q=x"})
    page = floor.browser.get(answer.headers["location"])

    assert answer.headers["location"].startswith("/?q=x&job=")
    assert "2 of 2 put back as they were" in words(page)
    assert floor.alert("a-0").state is AlertState.NEW
    assert "/undo" not in page.text
    assert "by this job" in words(floor.browser.get(f"/jobs/{job.id}"))


def test_an_undo_that_is_refused_says_why():
    """On the job's own page, with the job."""
    floor = Floor(*some_alerts(1))
    job = taken(floor, "a-0")
    floor.room.clock.move(timedelta(minutes=16))
    answer = floor.browser.post(f"/jobs/{job.id}/undo", {"back": "/"})

    assert answer.status_code == 409
    assert "it could be undone for 15 minutes" in words(answer)
    assert floor.alert("a-0").assignee == "lan"


def test_a_job_under_way_asks_for_itself_until_it_is_finished():
    """With the exact number; without scripts a link shows it again."""
    floor = Floor(*some_alerts(201))
    job = a_long_one(floor)
    begun = floor.browser.get(f"/?q=x&job={job.id}")
    [asking] = [each for each in Outline(begun.text).all("div") if each.get("data-job") == job.id]
    floor.desk.work(150)
    half = floor.browser.get(asking["hx-get"])
    floor.desk.work(150)
    done = floor.browser.get(asking["hx-get"])

    assert asking["hx-trigger"] == "every 1s"
    assert "0 of 201 done so far" in words(begun)
    assert "150 of 201 done so far" in words(half)
    assert Outline(half.text).all("progress") == [
        {"value": "150", "max": "201", "aria-label": "Progress"}
    ]
    assert "201 of 201 acknowledged" in words(done)
    assert "every 1s" not in done.text
    assert 'href="/?q=x"' in done.text
    assert "Look again" in words(floor.browser.get(f"/jobs/{a_long_one(floor).id}"))


def test_looking_on_keeps_no_session_alive():
    """And it needs one."""
    floor = Floor(*some_alerts(1))
    job = taken(floor, "a-0")
    floor.browser.get(f"/jobs/{job.id}/progress")

    assert floor.parts.accounts.looks[-1][1] is False
    assert ConsoleBrowser(floor.app).get(f"/jobs/{job.id}/progress").status_code == 401


def test_a_job_that_is_not_there_is_no_page():
    """A sentence and the way back."""
    floor = Floor()

    assert floor.browser.get("/jobs/j-gone").status_code == 404
    assert floor.browser.post("/jobs/j-gone/undo").status_code == 404
