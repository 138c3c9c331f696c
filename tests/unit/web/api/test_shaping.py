"""From values to shapes: nothing forgotten, nothing given away."""

from dataclasses import fields
from hashlib import sha256

import pytest

from sentinel.model.alert import Alert, AlertState, Disposition
from sentinel.model.event import Event
from sentinel.model.text import Language
from sentinel.model.warning import AgencyWarning, Delivery
from sentinel.web.api import shapes
from sentinel.web.api.shaping import (
    agency_shape,
    alert_detail,
    alert_shape,
    event_shape,
    status_shape,
    warning_detail,
    warning_shape,
)
from tests.samples import a_card, an_agency, an_alert, an_event
from tests.unit.web.fakes import TOKEN, FakeHealth, a_delivery, a_warning

VI, EN = Language.VI, Language.EN


@pytest.mark.parametrize(
    ("value", "shape", "elsewhere"),
    [
        # card is rule and title; score is score and reasons; cause is a hash nobody reads
        (Alert, shapes.AlertDetail, {"card", "cause"}),
        # offset is the journal's own
        (Event, shapes.EventShape, {"offset"}),
        (AgencyWarning, shapes.WarningDetail, set()),
        # token is secret; warning is the parent; personal shows in the agency's contact
        (Delivery, shapes.DeliveryShape, {"token", "warning", "personal"}),
    ],
)
def test_a_new_field_of_the_model_is_shown_or_left_out_on_purpose(value, shape, elsewhere):
    """Whoever adds a field decides here."""
    assert elsewhere == {field.name for field in fields(value)} - set(shape.model_fields)


def test_a_rule_without_advice_has_its_own_title():
    """Rules of others have no Vietnamese title: theirs is never translated."""
    alert = an_alert(card=a_card(title="Suspicious whoami", advice=None))

    assert [alert_shape(alert, each).title for each in (VI, EN)] == ["Suspicious whoami"] * 2
    assert alert_shape(an_alert(), VI).title == "Dò mật khẩu SSH"
    assert alert_shape(an_alert(), EN).title == "SSH password guessing"


def test_a_closed_alert_says_how_it_ended():
    """In words, too."""
    closed = an_alert(state=AlertState.CLOSED, disposition=Disposition.DUPLICATE)

    assert (
        alert_shape(closed, VI).state_word,
        alert_shape(closed, VI).disposition_word,
    ) == ("đã đóng", "trùng lặp")


def test_details_add_to_the_line_of_the_queue():
    """What both show is the same."""
    line = alert_shape(an_alert(), EN).model_dump()
    whole = alert_detail(an_alert(), [a_warning()], EN).model_dump()

    assert line.items() <= whole.items()
    assert [warning_shape(a_warning(), EN).model_dump()] == whole["warnings"]


def test_events_agencies_and_status_have_their_shapes():
    """Whole, from the samples."""
    assert event_shape(an_event()).fields["source.port"] == 51234
    assert agency_shape(an_agency(), EN).contacts[0].role_word == "contact point"
    assert [each.listening for each in status_shape(FakeHealth().status()).inputs] == [
        "udp 127.0.0.1:5514"
    ]


def test_a_warning_for_two_masks_both_links_in_both_letters():
    """A copy that quotes the other's link does not give it away."""
    other = "another-token-of-a-colleague"
    quoting = a_delivery().letter.text + f"https://warn.example/w/{other}"
    letter = a_delivery().letter
    copies = (
        a_delivery(letter=type(letter)(subject=letter.subject, text=quoting, html="")),
        a_delivery(token=sha256(other.encode()).hexdigest()),
    )

    text = warning_detail(a_warning(deliveries=copies), VI).model_dump_json()

    assert TOKEN not in text
    assert other not in text
