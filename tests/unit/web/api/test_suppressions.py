"""The API's suppressions: seen before they hide, shown while they do, ended with a reason."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from sentinel.model.ids import AgencyId, RuleId
from sentinel.model.suppression import Scope, Suppression
from sentinel.web.api.suppressions import ScopeShape, SuppressionShape
from tests.unit.web.fakes import Browser, FakeSuppressing, a_suppression, an_api

ALL = "/api/v1/suppressions"
ONE = f"{ALL}/s-1"
SCOPE = {"rule": "4a1c0f2e", "agency": "so-a", "subject": {"source.ip": "203.0.113.45"}}
AS_SCOPE = Scope(
    rule=RuleId("4a1c0f2e"), agency=AgencyId("so-a"), subject={"source.ip": "203.0.113.45"}
)
LATER = "2026-12-01T00:00:00+07:00"
AS_LATER = datetime(2026, 11, 30, 17, tzinfo=UTC)


def a_browser(suppressing=None):
    return Browser(an_api(suppressing=suppressing), {"Authorization": "Bearer x"})


def test_each_suppression_says_what_it_hides_and_has_hidden():
    """By whom, why, until when, how much."""
    shown = a_browser().get(ALL).json()["suppressions"]

    assert shown == [
        {
            "id": "s-1",
            "version": 1,
            "scope": {
                "rule": "4a1c0f2e-7d1b-4c55-9a6e-3f0d4b7f1a10",
                "agency": "so-a",
                "everywhere": False,
                "subject": {"source.ip": "203.0.113.45"},
            },
            "title": "SSH password guessing",
            "reason": "quét định kỳ của đơn vị",
            "by": "lan",
            "at": "2026-11-22T05:00:00Z",
            "begun": "2026-11-22T05:00:00Z",
            "expires": "2026-11-29T05:00:00Z",
            "lifted": False,
            "hidden": 5,
            "last_hidden": "2026-11-22T05:00:00Z",
        }
    ]


@pytest.mark.parametrize(("value", "shape"), [(Suppression, SuppressionShape), (Scope, ScopeShape)])
def test_a_new_field_is_shown(value, shape):
    """The model and the shape say the same."""
    assert {field.name for field in fields(value)} == set(shape.model_fields)


def test_one_is_shown_with_all_its_versions():
    """Who changed what."""
    known = [a_suppression(), a_suppression(version=2, lifted=True, by="minh")]

    shown = a_browser(FakeSuppressing(known)).get(ONE).json()["versions"]

    assert [(each["version"], each["by"], each["lifted"]) for each in shown] == [
        (1, "lan", False),
        (2, "minh", True),
    ]


def test_what_it_would_hide_is_seen_first():
    """The count and the newest few, nothing changed."""
    suppressing = FakeSuppressing()

    shown = a_browser(suppressing).post(f"{ALL}/preview", json={"scope": SCOPE, "days": 30}).json()

    assert suppressing.calls == [("would_hide", AS_SCOPE, 30, 20)]
    assert (
        shown["total"],
        [alert["title"] for alert in shown["alerts"]],
    ) == (12, ["Dò mật khẩu SSH"])


def test_hiding_carries_scope_reason_end_and_the_caller_s_name():
    """As the desk takes it."""
    suppressing = FakeSuppressing()

    answer = a_browser(suppressing).post(
        ALL, json={"scope": SCOPE, "reason": "quét định kỳ", "until": LATER}
    )

    assert suppressing.calls == [("suppress", AS_SCOPE, "lan", "quét định kỳ", AS_LATER)]
    assert (answer.status_code, answer.json()["expires"]) == (200, "2026-11-30T17:00:00Z")


def test_a_scope_may_be_everywhere_or_of_nobody():
    """Both are said, neither is guessed."""
    suppressing = FakeSuppressing()
    browser = a_browser(suppressing)

    browser.post(f"{ALL}/preview", json={"scope": {"rule": "r", "everywhere": True}})
    browser.post(f"{ALL}/preview", json={"scope": {"rule": "r"}})

    assert [Scope(rule=RuleId("r"), everywhere=True), Scope(rule=RuleId("r"))] == [
        call[1] for call in suppressing.calls
    ]


def test_prolonging_and_lifting_say_why():
    """Each is a version of its own."""
    suppressing = FakeSuppressing()
    browser = a_browser(suppressing)

    longer = browser.post(f"{ONE}/prolong", json={"reason": "còn quét", "until": LATER})
    lifted = browser.post(f"{ONE}/lift", json={"reason": "đã xong"})

    assert suppressing.calls == [
        ("prolong", "s-1", "lan", "còn quét", AS_LATER),
        ("lift", "s-1", "lan", "đã xong"),
    ]
    assert (longer.json()["version"], longer.json()["expires"]) == (2, "2026-11-30T17:00:00Z")
    assert (lifted.json()["version"], lifted.json()["lifted"]) == (2, True)


def test_what_the_state_forbids_is_a_conflict():
    """An end that is past; one that is lifted already."""
    browser = a_browser(FakeSuppressing([a_suppression(lifted=True)]))

    past = browser.post(ALL, json={"scope": SCOPE, "reason": "x", "until": "2026-11-01T00:00:00Z"})
    again = browser.post(f"{ONE}/lift", json={"reason": "x"})

    assert (past.status_code, past.json()["detail"]) == (409, "the end is past")
    assert (again.status_code, again.json()["detail"]) == (409, "suppression s-1 has ended already")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("POST", "/prolong", {"reason": "x", "until": LATER}),
        ("POST", "/lift", {"reason": "x"}),
    ],
)
def test_an_unknown_one_is_not_found(method, path, body):
    """Whatever is done with it."""
    answer = a_browser().request(method, f"{ALL}/nothing{path}", json=body)

    assert (
        answer.status_code,
        answer.json()["detail"],
    ) == (404, "there is no suppression nothing")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("", {"scope": SCOPE, "until": LATER}, "reason"),
        ("", {"scope": SCOPE, "reason": " ", "until": LATER}, "reason"),
        ("", {"scope": SCOPE, "reason": "x"}, "until"),
        ("", {"scope": SCOPE, "reason": "x", "until": "2026-12-01T00:00:00"}, "until"),
        ("", {"scope": {}, "reason": "x", "until": LATER}, "scope.rule"),
        ("", {"scope": SCOPE | {"everywhere": True}, "reason": "x", "until": LATER}, "scope"),
        ("", {"scope": SCOPE, "reason": "x", "until": LATER, "by": "minh"}, "by"),
        ("/preview", {"scope": SCOPE, "days": 0}, "days"),
        ("/preview", {"scope": SCOPE | {"asset": "dvc"}}, "scope.asset"),
        ("/s-1/lift", {}, "reason"),
        ("/s-1/prolong", {"reason": "x"}, "until"),
    ],
)
def test_a_wrong_request_names_the_fault_and_hides_nothing(path, body, field):
    """No reason, no end, an end in no zone, a scope that says two things."""
    suppressing = FakeSuppressing()

    answer = a_browser(suppressing).post(f"{ALL}{path}", json=body)

    assert (422, [field], []) == (
        answer.status_code,
        [fault["field"] for fault in answer.json()["faults"]],
        suppressing.calls,
    )
