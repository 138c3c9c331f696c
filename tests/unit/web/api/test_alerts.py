"""The API's alerts: filters, words, events, and what may be done."""

from dataclasses import replace

import pytest

from sentinel.model.alert import AlertState, Disposition
from sentinel.model.entity import Entity, EntityKind
from sentinel.model.ids import AgencyId, AlertId, RuleId
from sentinel.ports import AlertOrder, AlertQuery, WarningQuery
from tests.samples import an_alert
from tests.unit.web.fakes import Browser, FakeDesk, FakeFinder, an_api

ID = "a1b2c3d4e5f60718"
ALERT = f"/api/v1/alerts/{ID}"


def a_browser(desk=None, finder=None, **headers):
    app = an_api(desk, finder)
    return Browser(app, {"Authorization": "Bearer x"} | headers)


def test_the_queue_asks_the_desk_for_what_was_asked():
    """Every filter reaches the desk."""
    desk = FakeDesk()

    answer = a_browser(desk).get(
        "/api/v1/alerts?state=new&state=in-progress&agency=so-a&min_score=40&limit=5"
    )

    assert answer.status_code == 200
    assert [
        AlertQuery(
            states=frozenset({AlertState.NEW, AlertState.IN_PROGRESS}),
            agency=AgencyId("so-a"),
            min_score=40,
            limit=5,
        )
    ] == desk.queries


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("q=ssh%20%20web01", {"words": ("ssh", "web01")}),
        ("rule=4a1c0f2e", {"rule": RuleId("4a1c0f2e")}),
        ("assignee=lan", {"assignee": "lan"}),
        ("assignee=", {"assignee": ""}),
        ("max_score=20", {"max_score": 20}),
        ("disposition=benign", {"dispositions": frozenset({Disposition.BENIGN})}),
        ("host=WEB01", {"entity": Entity(EntityKind.HOST, "web01")}),
        ("user=Admin", {"entity": Entity(EntityKind.USER, "admin")}),
        ("address=2001:DB8::0:1", {"entity": Entity(EntityKind.ADDRESS, "2001:db8::1")}),
        ("order=newest&skip=100", {"order": AlertOrder.NEWEST, "skip": 100}),
    ],
)
def test_each_filter_is_said_in_the_desk_s_words(asked, expected):
    """Case and spelling of things as the store keeps them."""
    desk = FakeDesk()

    a_browser(desk).get(f"/api/v1/alerts?{asked}")

    assert [AlertQuery(**expected)] == desk.queries


def test_the_queue_says_what_it_left_out():
    """A page is not taken for the whole: the exact total, and whether others follow."""
    desk = FakeDesk(alerts=[an_alert(id=AlertId(f"{n:016x}")) for n in range(3)])

    pages = [
        a_browser(desk).get(f"/api/v1/alerts?{page}").json()
        for page in ("limit=2", "limit=2&skip=2", "limit=3", "skip=9")
    ]

    assert [(len(page["alerts"]), page["total"], page["more"]) for page in pages] == [
        (2, 3, True),
        (1, 3, False),
        (3, 3, False),
        (0, 3, False),
    ]


def test_unassigned_alerts_have_a_filter():
    """Alerts of nobody can be asked for, and are shown with agency null."""
    desk = FakeDesk(alerts=[an_alert(agency=None)])

    answer = a_browser(desk).get("/api/v1/alerts?unassigned=true")

    assert desk.queries[0].unassigned
    assert answer.json()["alerts"][0]["agency"] is None


def test_an_alert_in_the_queue_says_what_where_how_bad_and_since_when():
    """One line of the queue, whole."""
    shown = a_browser().get("/api/v1/alerts").json()["alerts"][0]

    assert shown == {
        "id": ID,
        "agency": "so-a",
        "title": "Dò mật khẩu SSH",
        "severity": "high",
        "severity_word": "cao",
        "score": 72,
        "state": "new",
        "state_word": "mới",
        "opened": "2026-11-22T05:00:00Z",
        "first_seen": "2026-11-22T04:43:00Z",
        "last_seen": "2026-11-22T05:00:00Z",
        "detections": 1,
        "events": 12,
        "subject": {"source.ip": "203.0.113.45", "host.hostname": "web01"},
        "asset": "dvc",
        "assignee": "",
        "disposition": None,
        "disposition_word": None,
        "previous": None,
    }


@pytest.mark.parametrize(
    ("query", "accept", "words"),
    [
        ("", None, "luật mức cao: +60"),
        ("", "en-GB,en;q=0.9,vi;q=0.1", "rule of high level: +60"),
        ("?lang=vi", "en", "luật mức cao: +60"),
        ("?lang=en", "vi", "rule of high level: +60"),
    ],
)
def test_the_reasons_of_the_score_are_in_the_readers_words(query, accept, words):
    """What was asked for wins over what the browser prefers."""
    headers = {} if accept is None else {"Accept-Language": accept}

    shown = a_browser(**headers).get(f"{ALERT}{query}").json()

    assert words == shown["reasons"][0]["words"]
    assert shown["score"] == sum(reason["points"] for reason in shown["reasons"])


def test_an_alert_shows_rule_evidence_history_and_who_was_told():
    """All that an analyst decides on, with the delivery state of each copy."""
    desk = FakeDesk()

    shown = a_browser(desk).get(ALERT).json()

    assert shown["rule"]["place"] == "rules/linux/ssh_password_guessing.yml:1"
    assert shown["evidence"][0]["matched"] == {"event.outcome": "failure"}
    assert [(entry["who"], entry["action"]) for entry in shown["history"]] == [("", "opened")]
    assert [
        (warning["number"], copy["state_word"])
        for warning in shown["warnings"]
        for copy in warning["deliveries"]
    ] == [("CB-2026-000123", "hệ thống thư đã nhận")]
    assert WarningQuery(alert=AlertId(ID)) in desk.queries


def test_the_evidence_comes_with_its_events():
    """The alert's own events, as many as asked for."""
    finder = FakeFinder()

    answer = a_browser(finder=finder).get(f"{ALERT}/events?limit=2").json()

    assert finder.calls == [("of", ID, 3)]
    assert (len(answer["events"]), answer["more"]) == (2, True)
    assert answer["events"][0]["fields"]["source.port"] == 51234
    assert answer["events"][0]["fields"]["event.category"] == ["authentication"]


def test_the_context_is_what_happened_around():
    """Minutes before and after are the reader's choice, 15 without one."""
    finder = FakeFinder()

    answer = a_browser(finder=finder).get(f"{ALERT}/context").json()
    a_browser(finder=finder).get(f"{ALERT}/context?minutes=60&limit=10")

    assert finder.calls == [("around", ID, 15, 101), ("around", ID, 60, 11)]
    assert (len(answer["events"]), answer["more"]) == (3, False)


@pytest.mark.parametrize(
    ("action", "state"), [("acknowledge", "acknowledged"), ("take", "in-progress")]
)
def test_acknowledging_and_taking_carry_the_callers_name(action, state):
    """The name is the token's, not the body's; a note is kept; no body is needed."""
    desk, other = FakeDesk(), FakeDesk()

    answer = a_browser(desk).post(f"{ALERT}/{action}", json={"note": " xem nhật ký "})
    without = a_browser(other).post(f"{ALERT}/{action}")

    assert [(action, ID, "lan", "xem nhật ký")] == desk.calls
    assert (200, state) == (answer.status_code, answer.json()["state"])
    assert answer.json()["history"][-1]["who"] == "lan"
    assert (200, [(action, ID, "lan", "")]) == (without.status_code, other.calls)


def test_closing_says_why():
    """Disposition and reason reach the history."""
    desk = FakeDesk()

    answer = a_browser(desk).post(
        f"{ALERT}/close", json={"disposition": "false-positive", "reason": "quét định kỳ"}
    )

    assert desk.calls == [("close", ID, "lan", Disposition.FALSE_POSITIVE, "quét định kỳ")]
    assert (
        answer.json()["state"],
        answer.json()["disposition_word"],
    ) == ("closed", "cảnh báo sai")


def test_what_the_state_forbids_is_a_conflict():
    """The sentence of the life cycle reaches the caller."""
    desk = FakeDesk(alerts=[replace(an_alert(), state=AlertState.IN_PROGRESS, assignee="minh")])

    answer = a_browser(desk).post(f"{ALERT}/acknowledge")

    assert answer.status_code == 409
    assert f"Alert {ID} is in the hands of minh already." == answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/events"),
        ("GET", "/context"),
        ("POST", "/acknowledge"),
        ("POST", "/take"),
        ("POST", "/close"),
        ("POST", "/warn"),
    ],
)
def test_an_unknown_alert_is_not_found(method, path):
    """Whatever is done with it."""
    answer = a_browser().request(
        method,
        f"/api/v1/alerts/{'0' * 16}{path}",
        json={"disposition": "benign", "reason": "x"} if path == "/close" else None,
    )

    assert (
        answer.status_code,
        answer.json()["detail"],
    ) == (404, "there is no alert 0000000000000000")


@pytest.mark.parametrize(
    ("path", "field", "found", "allowed"),
    [
        ("?state=nwe", "state.0", "nwe", "'new', 'acknowledged', 'in-progress' or 'closed'"),
        ("?min_score=101", "min_score", "101", "less than or equal to 100"),
        ("?limit=0", "limit", "0", "greater than or equal to 1"),
        ("?stat=new", "stat", "stat", "only the documented names"),
        ("?agency=", "agency", "", "at least 1 character"),
        ("?lang=fr", "lang", "fr", "'vi' or 'en'"),
        ("?address=web01", "address", "web01", "an IP address"),
        ("?order=oldest", "order", "oldest", "'score' or 'newest'"),
        ("?skip=-1", "skip", "-1", "greater than or equal to 0"),
    ],
)
def test_a_wrong_filter_names_field_found_and_allowed(path, field, found, allowed):
    """A misspelt filter is an error; it does not show everything instead."""
    answer = a_browser().get(f"/api/v1/alerts{path}")

    assert answer.status_code == 422
    assert [{"field": field, "found": found, "allowed": allowed}] == answer.json()["faults"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["disposition", "reason"]),
        ({"disposition": "resolved-by-system", "reason": "x"}, ["disposition"]),
        ({"disposition": "benign", "reason": "  "}, ["reason"]),
        ({"disposition": "benign", "reason": "x" * 2001}, ["reason"]),
        ({"disposition": "benign", "reason": "x", "who": "minh"}, ["who"]),
    ],
)
def test_a_wrong_closing_names_every_fault_and_closes_nothing(body, fields):
    """A person may not close as the system, or without a reason, or in another's name."""
    desk = FakeDesk()

    answer = a_browser(desk).post(f"{ALERT}/close", json=body)

    assert (422, fields, []) == (
        answer.status_code,
        [fault["field"] for fault in answer.json()["faults"]],
        desk.calls,
    )


def test_a_warning_is_begun_from_an_alert():
    """A draft, in the caller's name."""
    desk = FakeDesk()

    answer = a_browser(desk).post(f"{ALERT}/warn")

    assert (
        answer.status_code,
        answer.json()["state"],
        answer.json()["number"],
    ) == (200, "draft", "")
    assert desk.calls == [("draft", ID, "lan")]


def test_nobody_can_be_warned_of_an_alert_of_nobody():
    """A conflict, with the desk's sentence."""
    answer = a_browser(FakeDesk(alerts=[an_alert(agency=None)])).post(f"{ALERT}/warn")

    assert (409, f"alert {ID} belongs to no agency") == (
        answer.status_code,
        answer.json()["detail"],
    )


def test_one_thing_is_asked_for_at_a_time():
    """A host and a user are two questions."""
    answer = a_browser().get("/api/v1/alerts?host=web01&user=admin")

    assert (
        answer.status_code,
        answer.json()["faults"][0]["allowed"],
    ) == (422, "one of host, user and address")


def test_agency_and_unassigned_exclude_each_other():
    """An agency's alerts that belong to nobody are a mistake, not an empty list."""
    answer = a_browser().get("/api/v1/alerts?agency=so-a&unassigned=true")

    assert (
        answer.status_code,
        answer.json()["faults"][0]["allowed"],
    ) == (422, "either agency or unassigned, not both")
