"""What is done with alerts by a form."""

from datetime import timedelta

import pytest

from sentinel.model.alert import AlertState, Disposition
from sentinel.model.ids import AlertId
from tests.samples import an_alert
from tests.unit.web.console.triage.floor import Floor, Outline, some_alerts

ASK = {"asked": "yes", "note": "tested by us", "disposition": "benign"}


def hidden(page):
    """The form's hidden fields, lists where a name comes more than once."""
    found = {}
    for each in page.all("input"):
        if each.get("type") == "hidden" and each.get("name") not in {"csrf", "next"}:
            found.setdefault(each["name"], []).append(each["value"])
    return found


def words(answer):
    return " ".join(Outline(answer.text).text.split())


def asked(floor, form):
    """The page that a form leads to, which asks for what is missing."""
    answer = floor.browser.post("/alerts/act", form)
    assert answer.status_code == 303
    return floor.page(answer.headers["location"])


@pytest.mark.parametrize(
    ("action", "state", "assignee", "said"),
    [
        ("acknowledge", AlertState.ACKNOWLEDGED, "", "2 of 2 acknowledged"),
        ("take", AlertState.IN_PROGRESS, "lan", "2 of 2 taken"),
    ],
)
def test_selected_alerts_are_changed_and_the_answer_is_exact(action, state, assignee, said):
    """One form, one job, back to the page, with an undo."""
    floor = Floor(*some_alerts(3))
    form = {"action": action, "ids": ["a-0", "a-2"], "back": "/?q=status%3Aany&page=1"}
    answer = floor.browser.post("/alerts/act", form)
    page = floor.browser.get(answer.headers["location"])

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/?q=status%3Aany&page=1&job=")
    assert (state, assignee) == (floor.alert("a-0").state, floor.alert("a-2").assignee)
    assert floor.alert("a-1").state is AlertState.NEW
    assert said in words(page)
    assert "/undo" in page.text


def test_who_did_it_is_whoever_is_logged_in():
    """The history has the person's name."""
    floor = Floor(*some_alerts(1))
    floor.browser.post("/alerts/act", {"action": "take", "ids": ["a-0"], "who": "minh"})

    assert [entry.who for entry in floor.alert("a-0").history] == ["lan"]


def test_what_may_not_be_done_is_named():
    """1 of 2, and why the other one stayed."""
    floor = Floor(*some_alerts(1), an_alert(state=AlertState.CLOSED))
    form = {"action": "acknowledge", "ids": ["a-0", "a1b2c3d4e5f60718"]}
    page = floor.browser.get(floor.browser.post("/alerts/act", form).headers["location"])

    assert "1 of 2 acknowledged" in words(page)
    assert "1 stayed as it was: Alert a1b2c3d4e5f60718 was closed" in words(page)


def test_closing_asks_in_a_sentence_that_names_the_count():
    """Nothing is done yet; the page holds what was selected and names the alerts."""
    floor = Floor(*some_alerts(7))
    ids = [f"a-{n}" for n in range(7)]
    page = asked(floor, {"action": "close", "ids": ids, "back": "/?q=x"})

    assert "Close 7 alerts?" in page.text
    assert "and 2 more" in page.text
    assert ids == hidden(page)["ids"]
    assert hidden(page)["back"] == ["/?q=x"]
    assert [each["value"] for each in page.all("input") if each.get("type") == "radio"] == [
        "true-positive",
        "benign",
        "false-positive",
        "duplicate",
    ]
    assert floor.alert("a-0").state is AlertState.NEW


def test_closing_needs_a_disposition_and_a_reason_and_keeps_what_was_typed():
    """Each fault stands at its field."""
    floor = Floor(*some_alerts(1))
    form = {"action": "close", "ids": ["a-0"], "asked": "yes"}
    empty = floor.browser.post("/alerts/act", form)
    half = floor.browser.post("/alerts/act", {**form, "note": "a scan\nof ours"})
    other = floor.browser.post("/alerts/act", {**form, "disposition": "resolved-by-system"})
    third = floor.browser.post("/alerts/act", {**form, "disposition": "duplicate"})
    checked = [each["value"] for each in Outline(third.text).all("input") if "checked" in each]

    assert [empty.status_code, half.status_code, other.status_code, third.status_code] == [422] * 4
    assert "Choose one of these." in words(empty)
    assert "Write at least a word." in words(empty)
    assert "a scan\nof ours</textarea>" in half.text
    assert "Write at least a word." not in words(half)
    assert "Choose one of these." in words(other)
    assert checked == ["duplicate"]
    assert floor.alert("a-0").state is AlertState.NEW


def test_all_that_fit_are_closed_by_one_order():
    """The whole filter, not the page."""
    floor = Floor(*some_alerts(60), an_alert(subject={"user.name": "x"}, card=an_alert().card))
    form = {"action": "close", "all": "yes", "q": "web01", "expected": "60", **ASK}
    answer = floor.browser.post("/alerts/act", form)
    page = floor.browser.get(answer.headers["location"])

    assert "60 of 60 closed (benign activity)" in words(page)
    assert floor.alert("a-59").disposition is Disposition.BENIGN
    assert floor.alert("a-59").history[-1].reason.endswith("tested by us")
    assert floor.alert("a1b2c3d4e5f60718").state is AlertState.NEW
    assert floor.desk.jobs(1)[0].filter == "web01"


def test_what_came_meanwhile_is_asked_about_first():
    """36 were shown, 37 fit now: nothing is done before somebody has seen that."""
    floor = Floor(*some_alerts(37))
    form = {"action": "acknowledge", "all": "yes", "q": "status:open", "expected": "36"}
    answer = floor.browser.post("/alerts/act", form)
    page = Outline(answer.text)

    assert answer.status_code == 422
    assert "Meanwhile it is 37 alerts that fit this filter." in page.text
    assert hidden(page)["expected"] == ["37"]
    assert floor.alert("a-0").state is AlertState.NEW
    again = {name: values[0] for name, values in hidden(page).items()}
    done = floor.browser.post("/alerts/act", again)
    assert "37 of 37 acknowledged" in words(floor.browser.get(done.headers["location"]))


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"action": "take"}, "Nothing was done: no alert is selected."),
        ({"action": "undo", "ids": ["a-0"]}, "What should be done with the alerts was not said."),
        ({"ids": ["a-0"]}, "What should be done with the alerts was not said."),
        (
            {"action": "take", "all": "yes", "q": "colour:red", "expected": "1"},
            "Nothing was done: the filter is not understood.",
        ),
        (
            {"action": "take", "all": "yes", "q": "zzz", "expected": "0"},
            "Nothing was done: no alert is selected.",
        ),
    ],
)
def test_a_form_that_means_nothing_changes_nothing_and_says_so(form, said):
    """On the queue, in a sentence."""
    floor = Floor(*some_alerts(1))
    answer = floor.browser.post("/alerts/act", form)

    assert answer.status_code == 422
    assert said in words(answer)
    assert floor.desk.jobs(1) == []


def test_a_note_is_written_to_each():
    """It is asked for first."""
    floor = Floor(*some_alerts(2))
    form = {"action": "note", "ids": ["a-0", "a-1"]}
    page = asked(floor, form)
    answer = floor.browser.post("/alerts/act", {**form, "asked": "yes", "note": "seen before"})

    assert "A note to 2 alerts" in page.text
    assert answer.status_code == 303
    assert floor.alert("a-1").history[-1].reason == "seen before"


def test_what_the_desk_refuses_is_said_with_everything_that_was_typed():
    """A note that is too long for the history."""
    floor = Floor(*some_alerts(1))
    note = "x" * 5000
    answer = floor.browser.post(
        "/alerts/act", {"action": "note", "ids": ["a-0"], "asked": "yes", "note": note}
    )

    assert answer.status_code == 422
    assert "5000 characters" in words(answer)
    assert note in answer.text


def test_an_alert_that_is_gone_is_counted_as_refused():
    """The others are changed."""
    floor = Floor(*some_alerts(1))
    form = {"action": "take", "ids": ["a-0", "gone"]}
    page = floor.browser.get(floor.browser.post("/alerts/act", form).headers["location"])

    assert "1 of 2 taken" in words(page)


def test_without_the_forms_token_nothing_is_done():
    """Another site cannot close alerts."""
    floor = Floor(*some_alerts(1))
    answer = floor.browser.post("/alerts/act", {"action": "take", "ids": ["a-0"], "csrf": "x"})

    assert answer.status_code == 403
    assert floor.alert("a-0").state is AlertState.NEW


def test_a_double_selection_is_one_alert():
    """Each alert once."""
    floor = Floor(*some_alerts(1))
    form = {"action": "take", "ids": ["a-0", "a-0"]}

    floor.browser.post("/alerts/act", form)

    assert floor.desk.jobs(1)[0].total == 1
    assert floor.alert(AlertId("a-0")).assignee == "lan"
    assert timedelta() <= floor.room.clock.now() - floor.desk.jobs(1)[0].at


def test_the_question_has_an_address_of_its_own():
    """A reload, the back button and a log-in lead to it: it names the alerts and the filter."""
    floor = Floor(*some_alerts(3))
    one = {"action": "close", "ids": ["a-0", "a-1"], "back": "/?q=x"}
    every = {"action": "close", "all": "yes", "q": "status:open", "expected": "3"}

    assert "Close 2 alerts?" in asked(floor, one).text
    assert hidden(asked(floor, one))["back"] == ["/?q=x"]
    assert hidden(asked(floor, every))["expected"] == ["3"]
    assert floor.desk.jobs(1) == []


def test_a_question_about_more_than_an_address_holds_is_asked_at_once():
    """Nothing of a long selection is lost."""
    floor = Floor(*some_alerts(3))
    ids = [f"{'a' * 20}-{n}" for n in range(300)]
    answer = floor.browser.post("/alerts/act", {"action": "note", "ids": ids})

    assert answer.status_code == 200
    assert hidden(Outline(answer.text))["ids"] == ids


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?action=close&back=/%3Fq%3Dx",
        "?action=undo&ids=a-0",
        "?action=close&all=yes&q=colour:red",
    ],
)
def test_a_question_about_nothing_leads_back(query):
    """As after a log-in that took too long: no page says that alert "act" is not there."""
    floor = Floor(*some_alerts(1))
    answer = floor.browser.get(f"/alerts/act{query}")

    assert answer.status_code == 303
    assert answer.headers["location"] == ("/?q=x" if "back" in query else "/")
