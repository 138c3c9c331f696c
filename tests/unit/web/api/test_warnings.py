"""The API's warnings: where they stand, what was sent, and never a token."""

from dataclasses import replace

import pytest

from sentinel.model.ids import AgencyId, AlertId
from sentinel.model.warning import WarningState
from sentinel.ports import WarningQuery
from tests.unit.web.fakes import (
    TOKEN,
    Browser,
    FakeDesk,
    a_delivery,
    a_warning,
    an_api,
)

WARNING = "/api/v1/warnings/CB-2026-000123"


def a_browser(desk=None):
    app = an_api(desk)
    return Browser(app, {"Authorization": "Bearer x"})


def test_warnings_are_filtered():
    """States, agency and alert reach the desk."""
    desk = FakeDesk()

    answer = a_browser(desk).get("/api/v1/warnings?state=draft&agency=so-a&alert=a1&limit=1")

    assert [
        WarningQuery(
            states=frozenset({WarningState.DRAFT}),
            agency=AgencyId("so-a"),
            alert=AlertId("a1"),
            limit=2,
        )
    ] == desk.queries
    assert (len(answer.json()["warnings"]), answer.json()["more"]) == (1, False)


def test_a_list_holds_no_letters():
    """Letters are long: they come with one warning."""
    shown = a_browser().get("/api/v1/warnings").json()["warnings"][0]

    assert shown["deliveries"][0]["letter"] is None


def test_a_warning_shows_its_letters_and_where_each_copy_is():
    """By number or id; with deadlines, state, history and the letter as it was rendered."""
    shown = a_browser().get(WARNING).json()

    assert shown == a_browser().get("/api/v1/warnings/w-a1b2c3d4e5f60718").json()
    assert (
        shown["state_word"],
        shown["severity_word"],
        shown["tlp"],
    ) == ("đã gửi", "cao", "TLP:AMBER")
    assert shown["acknowledge_by"] == "2026-11-22T09:00:00Z"
    assert (
        shown["deliveries"][0]["state"],
        shown["deliveries"][0]["attempts"],
        shown["deliveries"][0]["accepted_at"],
    ) == ("accepted", 1, "2026-11-22T05:00:00Z")
    assert a_delivery().letter.subject == shown["deliveries"][0]["letter"]["subject"]
    assert [entry["action"] for entry in shown["history"]] == ["approved"]


@pytest.mark.parametrize("path", ["/api/v1/warnings", WARNING, "/api/v1/alerts/a1b2c3d4e5f60718"])
def test_a_token_never_leaves_by_the_api(path):
    """Neither the token nor its hash: whoever reads the API must not acknowledge for an agency."""
    answer = a_browser().get(path)

    assert answer.status_code == 200
    assert TOKEN not in answer.text
    assert a_delivery().token not in answer.text


def test_the_rest_of_a_masked_letter_is_as_it_was():
    """Only the token is gone; the address of the page stays."""
    letter = a_browser().get(WARNING).json()["deliveries"][0]["letter"]

    assert letter["text"] == "XÁC NHẬN\nhttps://warn.example/w/[...]\n"
    assert (
        letter["html"]
        == '<p><a href="https://warn.example/w/[...]?lang=vi">Xác nhận đã nhận</a></p>'
    )


def test_a_draft_is_approved_in_the_callers_name():
    """The name is the token's."""
    desk = FakeDesk(warning=a_warning(state=WarningState.DRAFT, number="", deliveries=()))

    answer = a_browser(desk).post("/api/v1/warnings/w-a1b2c3d4e5f60718/approve")

    assert desk.calls == [("approve", "w-a1b2c3d4e5f60718", "lan")]
    assert (
        answer.status_code,
        answer.json()["state_word"],
        answer.json()["approved_by"],
    ) == (200, "đã phê duyệt", "lan")


def test_a_released_warning_is_not_approved_again():
    """A conflict that says why."""
    answer = a_browser().post(f"{WARNING}/approve")

    assert (
        answer.status_code,
        answer.json()["detail"],
    ) == (409, "warning CB-2026-000123 was released already")


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "/approve")])
def test_an_unknown_warning_is_not_found(method, path):
    """404, with the name that was asked for."""
    answer = a_browser().request(method, f"/api/v1/warnings/CB-2026-999999{path}")

    assert (
        answer.status_code,
        answer.json()["detail"],
    ) == (404, "there is no warning CB-2026-999999")


def test_a_copy_that_failed_says_how():
    """The mail server's last word is data for the analyst."""
    copy = replace(a_delivery(), attempts=3, last_error="550 <b>no such user</b>")

    shown = a_browser(FakeDesk(warning=a_warning(deliveries=(copy,)))).get(WARNING).json()

    assert (
        shown["deliveries"][0]["attempts"],
        shown["deliveries"][0]["last_error"],
    ) == (3, "550 <b>no such user</b>")


def test_a_draft_is_seen_with_its_letters_before_it_leaves():
    """Links masked, nothing changed."""
    desk = FakeDesk(warning=a_warning(state=WarningState.DRAFT, deliveries=()))

    shown = a_browser(desk).get(f"{WARNING}/preview")

    letter = shown.json()["deliveries"][0]["letter"]
    assert (shown.status_code, shown.json()["state"], desk.calls) == (200, "draft", [])
    assert "XÁC NHẬN" in letter["text"]
    assert TOKEN not in shown.text


def test_a_draft_of_an_unknown_warning_is_not_found():
    """With a sentence."""
    answer = a_browser().get("/api/v1/warnings/nothing/preview")

    assert (answer.status_code, answer.json()["detail"]) == (404, "there is no warning nothing")
