"""Hiding what an alert is an example of."""

from datetime import timedelta

import pytest

from sentinel.model.alert import AlertState
from sentinel.model.ids import AgencyId, AlertId, CauseKey
from sentinel.model.suppression import Scope
from tests.samples import an_alert
from tests.unit.web.console.triage.floor import LATER, Floor, Outline

ID = "a1b2c3d4e5f60718"
FORM = f"/alerts/{ID}/suppress"
SUBJECT = ["source.ip", "host.hostname"]
WHOLE = {"asked": "yes", "subject": SUBJECT, "end": "8h", "reason": "our scanner"}


def words(answer):
    return " ".join(Outline(answer.text).text.split())


def alike(name, **changes):
    return an_alert(id=AlertId(name), cause=CauseKey(name), **changes)


def floor():
    other_user = {"source.ip": "203.0.113.45", "host.hostname": "web02"}
    return Floor(
        an_alert(),
        alike("b1", subject=other_user),
        alike("c1", agency=AgencyId("so-b")),
        alike("d1", state=AlertState.CLOSED),
    )


def test_the_form_begins_as_narrow_as_the_alert_and_shows_what_it_would_hide():
    """Everything ticked, this agency alone, a day."""
    page = Outline((answer := floor().browser.get(FORM)).text)
    checked = [each["value"] for each in page.all("input") if "checked" in each]

    assert checked == [*SUBJECT, "", "24h"]
    assert "It would have hidden 2 alerts in the last 30 days" in words(answer)
    assert "1 of this kind is open now." in words(answer)


@pytest.mark.parametrize(
    ("form", "count"),
    [
        ({"subject": ["source.ip"]}, 3),
        ({"subject": SUBJECT, "everywhere": "yes"}, 3),
        ({"everywhere": "yes"}, 4),
    ],
)
def test_taking_a_tick_away_shows_more_and_changes_nothing(form, count):
    """The same form with and without scripts; what was typed stays."""
    ground = floor()
    answer = ground.browser.post(FORM, {"asked": "yes", "do": "look", "reason": "because", **form})

    assert answer.status_code == 200
    assert f"It would have hidden {count} alerts" in words(answer)
    assert "because</textarea>" in answer.text
    assert ground.desk.suppressions() == []


def test_hiding_is_a_record_with_a_person_a_reason_and_an_end():
    """And the alert's page says so."""
    ground = floor()
    answer = ground.browser.post(FORM, WHOLE)
    [(hidden, _)] = ground.desk.suppressions()
    page = ground.browser.get(answer.headers["location"])

    assert (hidden.by, hidden.reason, hidden.expires) == (
        "lan",
        "our scanner",
        LATER + timedelta(hours=8),
    )
    assert hidden.scope == Scope(
        rule=an_alert().card.id, agency="so-a", subject=dict(an_alert().subject)
    )
    assert "Hidden until 20:03 22/11/2026." in words(page)
    assert f"/suppressions/{hidden.id}" in page.text
    assert ground.alert(ID).state is AlertState.NEW


def test_what_is_open_already_can_be_closed_with_it():
    """What fits and is open, as one job, for the same reason."""
    ground = floor()
    form = {**WHOLE, "subject": ["source.ip"], "close": "yes", "disposition": "benign"}
    page = ground.browser.get(ground.browser.post(FORM, form).headers["location"])

    assert "2 of 2 closed (benign activity)" in words(page)
    assert ground.alert("b1").state is AlertState.CLOSED
    assert ground.alert("c1").state is AlertState.NEW


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"reason": " "}, "Write at least a word."),
        ({"end": "day"}, "Choose an end, or give a day."),
        ({"close": "yes"}, "Choose one of these."),
        ({"end": "day", "day": "2026-11-01"}, "2026"),
        ({"end": "day", "day": "2027-11-01"}, "90 days"),
        # A note of that length cannot be written to the alerts: it must not be hidden alone.
        ({"reason": "x" * 4001, "close": "yes", "disposition": "benign"}, "at most 4000 are kept"),
    ],
)
def test_what_is_missing_or_refused_is_said_and_nothing_is_hidden(form, said):
    """At its field, with all that was typed."""
    ground = floor()
    answer = ground.browser.post(FORM, {**WHOLE, **form})

    assert answer.status_code == 422
    assert said in words(answer)
    assert ground.desk.suppressions() == []
    assert "Back, change nothing" in words(answer)


def test_what_is_hidden_already_is_not_hidden_twice():
    """The desk's own sentence."""
    ground = floor()
    ground.browser.post(FORM, WHOLE)
    answer = ground.browser.post(FORM, WHOLE)

    assert answer.status_code == 422
    assert "hides just this already" in words(answer)


def test_a_suppression_that_is_not_there_is_not_spoken_of():
    """An old link still opens the alert."""
    assert "Hidden until" not in words(floor().browser.get(f"/alerts/{ID}?hidden=s-gone"))
