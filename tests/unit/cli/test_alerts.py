"""The queue on a terminal."""

from dataclasses import replace

import pytest

from sentinel import assembly
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText
from sentinel.model.alert import AlertState, Disposition
from sentinel.ports import AlertQuery
from tests.samples import a_card, an_alert, an_event

ALERT = str(an_alert().id)


def test_the_queue_is_what_is_open(run, desk):
    """Without options: every alert that is not closed."""
    done = run("alerts", "list")

    open_states = frozenset({AlertState.NEW, AlertState.ACKNOWLEDGED, AlertState.IN_PROGRESS})
    assert [AlertQuery(states=open_states)] == desk.asked
    row = done.out.splitlines()[1]
    assert row.split()[:5] == [ALERT, "72", "high", "new", "so-a"]
    assert "SSH password guessing" in row
    assert "203.0.113.45, web01" in row


def test_the_queue_can_be_narrowed(run, desk):
    """By state, agency, score, number."""
    run("alerts", "list", "--state", "new", "--state", "closed", "--agency", "so-b",
        "--min-score", "60", "--limit", "5")  # fmt: skip

    assert [
        AlertQuery(
            states=frozenset({AlertState.NEW, AlertState.CLOSED}),
            agency="so-b",
            min_score=60,
            limit=5,
        )
    ] == desk.asked


def test_alerts_of_nobody(run, desk):
    """Unassigned ones are shown, never guessed."""
    desk.alerts_ = [an_alert(agency=None)]

    done = run("alerts", "list", "--unassigned")

    assert desk.asked[0].unassigned is True
    assert "unassigned" in done.out


def test_an_agency_and_nobody_exclude_each_other(run, desk):
    """Wrong use."""
    assert run("alerts", "list", "--unassigned", "--agency", "so-a").code == 2
    assert desk.asked == []


def test_the_queue_for_machines(run, desk):
    """An array of the API's alerts."""
    (alert,) = run("alerts", "list", "--json").json

    assert (
        alert["id"],
        alert["score"],
        alert["severity"],
        alert["state"],
    ) == (ALERT, 72, "high", "new")


def test_one_alert_for_machines(run, desk):
    """The API's alert, with its reasons, evidence and warnings."""
    alert = run("alerts", "show", ALERT, "--json").json

    assert alert["score"] == sum(reason["points"] for reason in alert["reasons"])
    assert [str(an_alert().evidence[0].event)] == [line["event"] for line in alert["evidence"]]
    assert [warning["id"] for warning in alert["warnings"]] == ["w-1"]


@pytest.mark.parametrize(
    ("arguments", "asked", "said"),
    [
        (["ack", ALERT, "--as", "An"], ("acknowledge", ALERT, "An", ""), "acknowledged"),
        (
            ["take", ALERT, "--as", "An", "--note", "mine"],
            ("take", ALERT, "An", "mine"),
            "in progress",
        ),
        (
            ["close", ALERT, "--as", "An", "--disposition", "benign", "--reason", "a test"],
            ("close", ALERT, "An", Disposition.BENIGN, "a test"),
            "closed",
        ),
    ],
)
def test_what_people_do(run, desk, arguments, asked, said):
    """Each action says who, and shows the new state."""
    done = run("alerts", *arguments)

    assert [asked] == desk.asked
    assert (0, f"Alert {ALERT}: {said}\n") == (done.code, done.out)


def test_an_action_for_machines(run, desk):
    """The changed alert."""
    assert run("alerts", "ack", ALERT, "--as", "An", "--json").json["state"] == "acknowledged"


def test_what_is_not_allowed_is_refused(run, desk):
    """With the desk's own sentence."""
    desk.alerts_ = [an_alert(state=AlertState.CLOSED)]

    done = run("alerts", "take", ALERT, "--as", "An")

    assert (1, "", f"alert {ALERT} is closed\n") == (done.code, done.out, done.err)


def test_closing_needs_a_disposition_and_a_reason(run, desk):
    """An alert is not closed without saying why."""
    assert run("alerts", "close", ALERT, "--reason", "x").code == 2
    assert run("alerts", "close", ALERT, "--disposition", "benign").code == 2
    assert desk.asked == []


RULE = SourceText(
    "rules/own.yml",
    "title: Own\nid: 11111111-1111-4111-8111-111111111111\nlogsource: {product: linux}\n"
    "detection: {selection: {user.name: root}, condition: selection}\n",
)


def test_why_the_rule_of_an_alert_matched(run, desk, monkeypatch):
    """On the newest event of its evidence, by the rule as it is loaded now."""
    (card,) = load([RULE]).cards
    desk.alerts_ = [an_alert(card=card)]
    asked = []
    event = an_event(1, fields={"user.name": "root"})
    monkeypatch.setattr(assembly, "rule_texts", lambda settings, paths=None: [RULE])
    monkeypatch.setattr(assembly, "find_event", lambda settings, id_: asked.append(id_) or event)

    done = run("alerts", "explain", ALERT)

    newest = max(desk.alerts_[0].evidence, key=lambda one: one.at)
    assert (done.code, asked) == (0, [newest.event])
    assert done.out.splitlines()[-1].strip() == "Matched because user.name is 'root'."
    assert run("alerts", "explain", ALERT, "--json").json[0]["outcome"] == "matched"


def test_an_alert_that_cannot_be_explained_says_why(run, desk, monkeypatch):
    """Its rule is gone, or there is no evidence."""
    monkeypatch.setattr(assembly, "rule_texts", lambda settings, paths=None: [RULE])
    desk.alerts_ = [an_alert(card=a_card(id="gone"))]
    without_rule = run("alerts", "explain", ALERT)
    desk.alerts_ = [replace(an_alert(), evidence=())]
    without_evidence = run("alerts", "explain", ALERT)

    assert without_rule.err.startswith("there is no rule with the id, name or title 'gone'")
    assert without_evidence.err == f"alert {ALERT} has no event of evidence\n"
