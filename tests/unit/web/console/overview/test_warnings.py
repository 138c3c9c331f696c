"""Warnings on screen: nothing leaves unseen, nothing leaves twice, nobody's link is shown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.errors import NotAllowed
from sentinel.model.agency import Role
from sentinel.model.ids import AgencyId, ContactId, WarningId
from sentinel.model.severity import Severity
from sentinel.model.text import Language
from sentinel.model.warning import DeliveryState, WarningState
from sentinel.web.console.overview import warnings
from tests.samples import NOON, a_contact, a_warning, an_agency
from tests.unit.web.console.house import Outline
from tests.unit.web.console.overview.site import OPERATOR, Site

HOUR = timedelta(hours=1)


def links(page):
    """The warnings that a page of the list names, in its order."""
    found = [a["href"] for a in Outline(page.text).all("a") if a["href"].startswith("/warnings/")]
    return [link.removeprefix("/warnings/") for link in found]


def fields(page, name):
    return [each.get("value") for each in Outline(page.text).all("input") if each["name"] == name]


# -- the list ------------------------------------------------------------------------------------


def test_drafts_come_first_the_worst_on_top_then_what_was_released():
    """Counted, and of equally bad ones the one that waits longest."""
    site = Site()
    site.released("000001", DeliveryState.ACCEPTED)
    for name, severity, hours in (("low", 1, 3), ("new", 4, 1), ("old", 4, 2)):
        draft = a_warning(id=WarningId(name), severity=Severity(severity))
        site.put(replace(draft, created=NOON - hours * HOUR))

    page = site.browser().get("/warnings")

    assert links(page) == ["old", "new", "low", "000001"]
    assert "Waiting for approval: 3" in Outline(page.text).text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=draft", ["d"]),
        ("state=open", ["s", "a"]),
        ("state=sent", ["s"]),
        ("state=acknowledged", ["k"]),
        ("state=cancelled", ["c"]),
        ("agency=so-b", ["b"]),
        ("agency=%20so-b%20&state=cancelled", ["b"]),
        ("agency=so-b&state=sent", []),
        ("page=2", []),
    ],
)
def test_the_list_is_narrowed_by_state_and_agency(query, expected):
    """Drafts are among "any state" on its first page alone."""
    site = Site()
    for age, (name, state) in enumerate(
        [
            ("d", WarningState.DRAFT),
            ("s", WarningState.SENT),
            ("a", WarningState.APPROVED),
            ("k", WarningState.ACKNOWLEDGED),
            ("c", WarningState.CANCELLED),
        ]
    ):
        site.released(name, state=state, created=NOON - age * HOUR)
    site.released("b", state=WarningState.CANCELLED, agency=AgencyId("so-b"), created=NOON - HOUR)
    if "agency" not in query and "cancelled" in query:
        expected = ["b", *expected]

    page = site.browser().get(f"/warnings?{query}")

    assert (200, expected) == (page.status_code, links(page))


def test_a_long_list_comes_in_pages(monkeypatch):
    """Each warning on one page, and the way there and back keeps the filter."""
    monkeypatch.setattr(warnings, "PER_PAGE", 2)
    site = Site()
    for number in range(5):
        site.released(f"w-{number}", created=NOON - number * HOUR)
    browser = site.browser()

    pages = [browser.get(f"/warnings?state=sent&agency=so-a&page={n}") for n in (1, 2, 3)]

    assert [links(page) for page in pages] == [["w-0", "w-1"], ["w-2", "w-3"], ["w-4"]]
    assert [a for a in Outline(pages[1].text).all("a") if "rel" in a] == [
        {"rel": "prev", "href": "/warnings?state=sent&agency=so-a&page=1"},
        {"rel": "next", "href": "/warnings?state=sent&agency=so-a&page=3"},
    ]


def test_more_drafts_than_fit_are_said_to_be_more(monkeypatch):
    """With the way to all of them."""
    monkeypatch.setattr(warnings, "MOST_DRAFTS", 1)
    site = Site()
    site.put(a_warning(id=WarningId("x")), a_warning(id=WarningId("y")))

    page = site.browser().get("/warnings")

    assert "Waiting for approval: more than 1" in Outline(page.text).text
    assert {"href": "/warnings?state=draft"} in Outline(page.text).all("a")


@pytest.mark.parametrize("query", ["state=lost", "page=0", "page=x", "agency=" + "a" * 101])
def test_a_filter_that_cannot_be_read_is_refused(query):
    """Nothing of it is ignored."""
    assert Site().browser().get(f"/warnings?{query}").status_code == 422


def test_what_is_late_and_what_failed_is_said_in_words():
    """Time left or overdue, how many have it, how many never will."""
    site = Site()
    states = [DeliveryState.ACKNOWLEDGED, DeliveryState.ACCEPTED, DeliveryState.FAILED]
    site.released("w-1", *states, acknowledge_by=NOON - HOUR)

    text = Outline(site.browser().get("/warnings").text).text

    for words in ("1 h overdue", "1 of 3", "1 not sent", "lan"):
        assert words in text


# -- a draft -------------------------------------------------------------------------------------


def test_a_draft_is_shown_as_it_will_be_mailed():
    """Each recipient, each subject, each letter in a frame and as text, both deadlines."""
    site = Site()
    draft = site.drafted()
    preview = site.desk.preview(draft.id)

    page = site.browser().get(f"/warnings/{draft.id}")

    outline = Outline(page.text)
    assert [
        f"/warnings/{draft.id}/letters/so-a-duty?form=html",
        f"/warnings/{draft.id}/letters/so-a-ops?form=html",
    ] == [frame["src"] for frame in outline.all("iframe")]
    assert [frame["sandbox"] or "" for frame in outline.all("iframe")] == ["", ""]
    for copy in preview.deliveries:
        assert copy.name in outline.text
        assert copy.address in outline.text
        assert copy.letter.subject in outline.text
        assert copy.letter.text in outline.text
    assert "14:00 22/11/2026" in outline.text
    assert "12:00 27/11/2026" in outline.text


def test_the_one_button_names_how_many_get_it_and_who():
    """It is described by their names, and its key leads to it without pressing it."""
    site = Site()
    draft = site.drafted()

    page = site.browser().get(f"/warnings/{draft.id}")

    outline = Outline(page.text)
    (button,) = [each for each in outline.all("button") if "main" in each.get("class", "")]
    assert "Approve and send to 2 recipients" in outline.text
    assert button["aria-describedby"] == "recipients final"
    assert "data-key" not in button
    assert [a for a in outline.all("a") if a.get("data-key") == "y"] == [
        {"href": "#send", "data-key": "y", "aria-keyshortcuts": "y"}
    ]
    assert button["id"] == "send"
    assert fields(page, "to") == ["truc@so-a.example", "an.nguyen@so-a.example"]


def test_the_button_sends_to_whom_it_named():
    """Once, in the name of whoever pressed it; the answer leads back to the warning."""
    site = Site()
    draft = site.drafted()
    browser = site.browser()
    to = fields(browser.get(f"/warnings/{draft.id}"), "to")

    answer = browser.post(f"/warnings/{draft.id}/approve", {"to": to})

    sent = site.desk.warning(draft.id)
    assert (303, f"/warnings/{draft.id}") == (answer.status_code, answer.headers["location"])
    assert (sent.state, sent.approved_by, len(sent.deliveries)) == (WarningState.APPROVED, "lan", 2)


def test_a_second_approval_says_how_it_stands_and_sends_nothing():
    """Whoever comes second reads why, on the page as it is now."""
    site = Site()
    draft = site.drafted()
    to = fields(site.browser().get(f"/warnings/{draft.id}"), "to")
    site.desk.approve(draft.id, "minh")
    before = site.desk.warning(draft.id)

    answer = site.browser().post(f"/warnings/{draft.id}/approve", {"to": to})

    outline = Outline(answer.text)
    assert answer.status_code == 409
    assert "was released already, approved by minh" in outline.text
    assert "Who has it: 0 of 2 acknowledged" in outline.text
    assert before == site.desk.warning(draft.id)


def test_recipients_who_changed_meanwhile_stop_the_approval():
    """The page shows the new ones, and its button sends to them."""
    site = Site()
    draft = site.drafted()
    browser = site.browser()
    to = fields(browser.get(f"/warnings/{draft.id}"), "to")
    new = a_contact(id=ContactId("new"), email="new@so-a.example", role=Role.OPERATOR)
    with site.state.transaction() as writer:
        writer.put_agencies([replace(site.agency, contacts=(new, OPERATOR))])

    answer = browser.post(f"/warnings/{draft.id}/approve", {"to": to})

    assert answer.status_code == 409
    assert "The recipients have changed" in Outline(answer.text).text
    assert site.desk.warning(draft.id).state is WarningState.DRAFT
    assert fields(answer, "to") == ["new@so-a.example", "an.nguyen@so-a.example"]
    again = browser.post(f"/warnings/{draft.id}/approve", {"to": fields(answer, "to")})
    assert again.status_code == 303


@pytest.mark.parametrize("agency", [an_agency(contacts=()), an_agency(id=AgencyId("so-b"))])
def test_a_draft_that_cannot_be_sent_says_why_and_has_no_button(agency):
    """No contact, or no agency any more."""
    site = Site(agency=agency)
    site.released("w-1", state=WarningState.DRAFT, number="", deliveries=())

    page = site.browser().get("/warnings/w-1")
    answer = site.browser().post("/warnings/w-1/approve", {})

    outline = Outline(page.text)
    assert "It cannot be sent as it is." in outline.text
    assert [each for each in outline.all("button") if each.get("id") == "send"] == []
    assert (page.status_code, answer.status_code) == (200, 409)


def test_without_its_token_an_approval_is_refused():
    """A form from elsewhere sends nothing."""
    site = Site()
    draft = site.drafted()

    answer = site.browser().post(f"/warnings/{draft.id}/approve", {"csrf": "0" * 64})

    assert answer.status_code == 403
    assert site.desk.warning(draft.id).state is WarningState.DRAFT


# -- what was released ---------------------------------------------------------------------------


def test_each_copy_says_what_is_known_of_it_and_no_more():
    """Accepted is not read; failed is not tried again; unknown may have arrived."""
    site = Site()
    site.released("w-1", *DeliveryState)

    text = Outline(site.browser().get("/warnings/w-1").text).text

    for words in (
        "Next attempt at 12:05 22/11/2026.",
        "451 4.3.0 try again",
        "it may have arrived. If nothing is heard it goes again at 12:05 22/11/2026",
        "The mail server took it at 12:00 22/11/2026; whether anybody has read it is not known.",
        "It will not be tried again: reach them another way.",
        "550 5.1.1 no such mailbox",
        "Acknowledged by Trần Thị Bình, 12:12 22/11/2026.",
        "Who has it: 1 of 5 acknowledged",
    ):
        assert words in text


def test_where_no_mail_will_come_there_is_a_number_to_ring():
    """At night nobody looks it up elsewhere."""
    site = Site()
    site.released("w-1", DeliveryState.ACKNOWLEDGED, DeliveryState.FAILED)

    text = Outline(site.browser().get("/warnings/w-1").text).text

    assert "Phone: +84 24 0000 0001" in text


def test_no_acknowledge_link_of_a_sent_letter_is_shown():
    """Neither in the page nor in a frame, in either form."""
    site = Site()
    draft = site.drafted()
    sent = site.desk.approve(draft.id, "lan")
    browser = site.browser()
    tokens = ["token-1", "token-2"]
    assert all(token in sent.deliveries[n].letter.html for n, token in enumerate(tokens))

    shown = [browser.get(f"/warnings/{draft.id}").text]
    for contact in ("so-a-duty", "so-a-ops"):
        for form in ("html", "text"):
            url = f"/warnings/{draft.id}/letters/{contact}?form={form}"
            shown.append(browser.get(url).text)

    assert [token for token in tokens for page in shown if token in page] == []
    assert all("[...]" in page for page in shown)


def test_its_alert_is_one_click_away():
    """And its history says who did what."""
    site = Site()
    draft = site.drafted()
    site.desk.approve(draft.id, "minh")

    outline = Outline(site.browser().get(f"/warnings/{draft.id}").text)

    assert {"href": "/alerts/a-1"} in outline.all("a")
    assert "12:00 22/11/2026 minh: approved · CB-2026-000001" in outline.text


def test_a_warning_is_found_by_its_number_too():
    """As people say it on the telephone."""
    site = Site()
    site.released("w-1", DeliveryState.ACCEPTED)

    assert site.browser().get("/warnings/CB-2026-w-1").status_code == 200


@pytest.mark.parametrize(
    "path", ["/warnings/no", "/warnings/no/letters/x", "/warnings/w-1/letters/x"]
)
def test_what_is_not_there_is_not_found(path):
    """A page that says so."""
    site = Site()
    site.released("w-1", DeliveryState.ACCEPTED)

    assert site.browser().get(path).status_code == 404


# -- the letter alone ----------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "kind"), [("html", "text/html"), ("text", "text/plain")])
def test_a_letter_in_its_frame_can_do_nothing(form, kind):
    """No script, no request, no form, framed by ourselves alone."""
    site = Site()
    draft = site.drafted()

    answer = site.browser().get(f"/warnings/{draft.id}/letters/so-a-duty?form={form}")

    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["content-security-policy"] == (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
        " frame-ancestors 'self'"
    )
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_a_draft_s_letter_is_what_will_be_mailed():
    """Byte for byte: its links open nothing, so nothing is masked."""
    site = Site()
    draft = site.drafted()
    letters = [copy.letter for copy in site.desk.preview(draft.id).deliveries]
    url = f"/warnings/{draft.id}/letters/so-a-duty"
    browser = site.browser()

    assert (letters[0].html, letters[0].text) == (
        browser.get(url).text,
        browser.get(f"{url}?form=text").text,
    )


def test_no_other_page_may_be_framed():
    """The exception is the letter's alone, also in the console as it is served."""
    site = Site(whole_console=True)
    draft = site.drafted()

    answer = site.browser().get(f"/warnings/{draft.id}")
    letter = site.browser().get(f"/warnings/{draft.id}/letters/so-a-duty")

    assert letter.headers["x-frame-options"] == "SAMEORIGIN"
    assert letter.headers["content-security-policy"].startswith("sandbox;")
    assert answer.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_a_race_that_the_desk_notices_is_answered_like_a_second_approval(monkeypatch):
    """Between the look at the recipients and the approval itself."""
    site = Site()
    draft = site.drafted()

    def too_late(warning, who):
        raise NotAllowed("warning CB-2026-000001 was released already, approved by minh")

    monkeypatch.setattr(site.desk, "approve", too_late)
    answer = site.browser(Language.VI.value).post(f"/warnings/{draft.id}/approve", {})

    assert answer.status_code == 409
    text = Outline(answer.text).text
    assert "Chưa gửi thư nào." in text
    assert "CB-2026-000001" in text
    assert "minh" in text
    assert "released already" not in text
