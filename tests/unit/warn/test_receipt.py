"""The agency says "we have it"."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.errors import NotAllowed
from sentinel.model.ids import ContactId
from sentinel.model.warning import DeliveryState, WarningEntry, WarningState
from sentinel.warn.receipt import acknowledged
from tests.samples import NOON, a_contact, an_agency
from tests.unit.warn.letters import APPROVED, a_draft, a_released

LATER = APPROVED + timedelta(minutes=10)
TWO = an_agency(
    contacts=(
        a_contact(),
        a_contact(id=ContactId("an"), name="Nguyễn An", email="an@so-a.example", personal=True),
    )
)


def _sent():
    warning = a_released(agency=TWO)
    accepted = tuple(
        replace(copy, state=DeliveryState.ACCEPTED, accepted_at=APPROVED)
        for copy in warning.deliveries
    )
    return replace(warning, state=WarningState.SENT, deliveries=accepted)


def test_a_mailbox_acknowledges_with_the_name_that_was_given():
    sent = _sent()

    warning, copy = acknowledged(sent, sent.deliveries[0], "  Lê\nC ", LATER)

    assert (copy.state, copy.acknowledged_by) == (DeliveryState.ACKNOWLEDGED, "Lê C")
    assert copy.acknowledged_at == LATER
    assert (warning.state, warning.acknowledged_by) == (WarningState.ACKNOWLEDGED, "Lê C")
    assert warning.acknowledged_at == LATER
    assert warning.deliveries == (copy, sent.deliveries[1])
    assert warning.history[-1] == WarningEntry(
        at=LATER, who="Lê C", action="acknowledged", reason="truc@so-a.example"
    )


def test_a_personal_contact_is_who_they_are():
    """Whatever name is typed: the token is theirs alone."""
    sent = _sent()

    warning, copy = acknowledged(sent, sent.deliveries[1], "somebody else", LATER)

    assert (copy.acknowledged_by, warning.acknowledged_by) == ("Nguyễn An", "Nguyễn An")


def test_a_second_click_changes_nothing():
    first = _sent()
    warning, copy = acknowledged(first, first.deliveries[0], "Lê C", LATER)

    assert acknowledged(warning, copy, "Another", NOON) == (warning, copy)


def test_a_second_contact_is_noted_and_the_first_acknowledgement_stays():
    sent = _sent()
    warning, _ = acknowledged(sent, sent.deliveries[0], "Lê C", LATER)

    both, copy = acknowledged(warning, warning.deliveries[1], "", LATER + timedelta(minutes=1))

    assert (both.acknowledged_at, both.acknowledged_by) == (LATER, "Lê C")
    assert [entry.who for entry in both.history[-2:]] == ["Lê C", "Nguyễn An"]
    assert copy.state is DeliveryState.ACKNOWLEDGED


def test_a_letter_can_be_acknowledged_before_the_mail_server_says_it_has_it():
    """An agency that has clicked has read it, whatever we know of the mail."""
    warning = a_released()
    attempting = replace(warning.deliveries[0], state=DeliveryState.ATTEMPTING)

    noted, _ = acknowledged(warning, attempting, "Lê C", LATER)

    assert noted.state is WarningState.ACKNOWLEDGED


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_a_mailbox_must_give_a_name(name):
    sent = _sent()

    with pytest.raises(NotAllowed, match="give your name to acknowledge it"):
        acknowledged(sent, sent.deliveries[0], name, LATER)


def test_a_name_is_bounded_and_visible():
    sent = _sent()

    _, copy = acknowledged(sent, sent.deliveries[0], "\u202ea" * 500, LATER)

    assert len(copy.acknowledged_by) <= 120
    assert copy.acknowledged_by.isprintable()


def test_a_cancelled_warning_is_not_acknowledged():
    cancelled = replace(_sent(), state=WarningState.CANCELLED)

    with pytest.raises(NotAllowed, match="CB-2026-000123 was cancelled"):
        acknowledged(cancelled, cancelled.deliveries[0], "Lê C", LATER)


def test_a_draft_has_nothing_to_acknowledge():
    (copy,) = a_released().deliveries

    with pytest.raises(NotAllowed, match="not released yet"):
        acknowledged(a_draft(), copy, "Lê C", LATER)
