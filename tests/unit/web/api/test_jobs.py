"""The API's jobs: one order for many alerts, exact counts, and back again."""

from dataclasses import fields

import pytest

from sentinel.model.alert import AlertState, Disposition
from sentinel.model.entity import Entity, EntityKind
from sentinel.model.job import AlertAction, Job
from sentinel.ports import AlertQuery, Order
from sentinel.web.api.jobs import JobShape
from tests.unit.web.fakes import Browser, FakeDesk, a_job, an_api

ACT = "/api/v1/alerts/act"


def a_browser(desk=None):
    return Browser(an_api(desk), {"Authorization": "Bearer x"})


def test_an_order_for_all_that_fit_reaches_the_desk_whole():
    """The filter in the desk's words, as it was asked beside it, in the caller's name."""
    desk = FakeDesk()

    answer = a_browser(desk).post(
        ACT,
        json={
            "action": "close",
            "disposition": "benign",
            "note": " quét định kỳ ",
            "filter": {"state": ["new"], "address": "203.0.113.45"},
        },
    )

    order = Order(
        action=AlertAction.CLOSE,
        alerts=AlertQuery(
            states=frozenset({AlertState.NEW}),
            entity=Entity(EntityKind.ADDRESS, "203.0.113.45"),
        ),
        who="lan",
        note="quét định kỳ",
        disposition=Disposition.BENIGN,
        filter='{"state":["new"],"address":"203.0.113.45"}',
    )
    assert [("act", order)] == desk.calls
    assert (
        answer.status_code,
        *(answer.json()[name] for name in ("total", "changed", "refused")),
    ) == (200, 1, 1, 0)


def test_an_order_may_name_its_alerts():
    """Each once, in the order given."""
    desk = FakeDesk()

    a_browser(desk).post(ACT, json={"action": "take", "ids": ["b", "a", "b"]})

    assert [("act", Order(action=AlertAction.TAKE, alerts=("b", "a"), who="lan"))] == desk.calls


WHY = {"disposition": "benign", "note": "x"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "action"),
        ({"action": "undo", "ids": ["a"]}, "action"),
        ({"action": "take"}, "body"),
        ({"action": "take", "ids": []}, "ids"),
        ({"action": "take", "ids": ["a"], "filter": {"state": ["new"]}}, "body"),
        ({"action": "take", "filter": {}}, "body"),
        ({"action": "take", "filter": {"q": " ", "state": [], "agency": None}}, "body"),
        ({"action": "take", "filter": {"stat": "new"}}, "filter.stat"),
        ({"action": "take", "filter": {"limit": 5}}, "filter.limit"),
        ({"action": "take", "ids": ["a"], "disposition": "benign"}, "body"),
        ({"action": "note", "ids": ["a"]}, "body"),
        ({"action": "note", "ids": ["a"], "note": "  "}, "body"),
        ({"action": "close", "ids": ["a"], "note": "x"}, "body"),
        ({"action": "close", "ids": ["a"], "disposition": "benign"}, "body"),
        (
            {"action": "close", "ids": ["a"], **WHY, "disposition": "resolved-by-system"},
            "disposition",
        ),
        ({"action": "close", "ids": ["a"] * 1001, **WHY}, "ids"),
        ({"action": "close", "ids": ["a"], **WHY, "who": "minh"}, "who"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_and_nothing_done(body, field):
    """Above all one that would mean every alert there is."""
    desk = FakeDesk()

    answer = a_browser(desk).post(ACT, json=body)

    assert (answer.status_code, desk.calls) == (422, [])
    assert field in {fault["field"] for fault in answer.json()["faults"]}
    assert all(fault["allowed"] for fault in answer.json()["faults"])


def test_a_job_is_shown_with_exact_counts_and_what_was_refused():
    """As it stands."""
    shown = a_browser().get("/api/v1/jobs/j-1").json()

    assert shown == {
        "id": "j-1",
        "action": "close",
        "by": "lan",
        "at": "2026-11-22T05:00:00Z",
        "total": 4,
        "changed": 3,
        "refused": 1,
        "refusals": ["Alert a1b2c3d4e5f60718 is closed already."],
        "note": "quét định kỳ",
        "disposition": "benign",
        "filter": "agency:so-a",
        "finished": "2026-11-22T05:00:02Z",
        "undoes": None,
        "undone_by": None,
    }


def test_a_new_field_of_a_job_is_shown():
    """The model and the shape say the same."""
    assert {field.name for field in fields(Job)} == set(JobShape.model_fields)


def test_the_jobs_are_listed_newest_first():
    """As many as asked for, and whether there are more."""
    desk = FakeDesk()
    desk.work = [a_job(id=f"j-{number}") for number in (3, 2, 1)]

    shown = a_browser(desk).get("/api/v1/jobs?limit=2").json()

    assert ([job["id"] for job in shown["jobs"]], shown["more"]) == (["j-3", "j-2"], True)


def test_a_job_can_be_taken_back_once():
    """A job of its own; a second time is a conflict."""
    desk = FakeDesk()
    browser = a_browser(desk)

    first = browser.post("/api/v1/jobs/j-1/undo")
    second = browser.post("/api/v1/jobs/j-1/undo")

    assert desk.calls == [("undo", "j-1", "lan")] * 2
    assert (
        first.status_code,
        first.json()["action"],
        first.json()["undoes"],
    ) == (200, "undo", "j-1")
    assert (second.status_code, second.json()["detail"]) == (409, "job j-1 was undone already")


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "/undo")])
def test_an_unknown_job_is_not_found(method, path):
    """Looked at or undone."""
    answer = a_browser().request(method, f"/api/v1/jobs/nothing{path}")

    assert (answer.status_code, answer.json()["detail"]) == (404, "there is no job nothing")
