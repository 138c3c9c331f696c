"""Does what was decided reach those it was meant for?"""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.doctor.outbox import examine_outbox, failed, waiting
from sentinel.model.ids import ContactId, MessageId
from sentinel.model.warning import DeliveryState, WarningState
from sentinel.wiring import open_state
from tests.samples import NOON, a_delivery, a_warning, an_alert

QUEUED, ATTEMPTING, ACCEPTED, FAILED, ACKNOWLEDGED = (
    DeliveryState.QUEUED,
    DeliveryState.ATTEMPTING,
    DeliveryState.ACCEPTED,
    DeliveryState.FAILED,
    DeliveryState.ACKNOWLEDGED,
)


def sent(*states, age=timedelta(0)):
    copies = tuple(
        a_delivery(
            contact=ContactId(f"c{place}"),
            message_id=MessageId(f"<{place}@warn.example>"),
            token=f"{place:064x}",
            state=state,
            last_error="550 no such user" if state is FAILED else "",
        )
        for place, state in enumerate(states)
    )
    return a_warning(
        number="CB-2026-000001",
        state=WarningState.APPROVED,
        approved_at=NOON - age,
        deliveries=copies,
    )


@pytest.mark.parametrize(
    ("warnings", "expected"),
    [
        ([], "ok"),
        ([sent(ACCEPTED, QUEUED)], "ok"),
        ([sent(ACCEPTED, FAILED)], "warn"),
        ([sent(FAILED, ACKNOWLEDGED)], "warn"),
        ([sent(FAILED, QUEUED)], "warn"),
        ([sent(FAILED, FAILED)], "fail"),
        ([sent(ACCEPTED), sent(FAILED)], "fail"),
    ],
)
def test_letters_that_were_refused(warnings, expected):
    """Worst where an agency has heard nothing at all."""
    assert failed(warnings).status.value == expected


def test_who_is_to_be_called():
    """The number, the address and the server's answer."""
    found = failed([sent(FAILED)]).found.en

    assert found.endswith("CB-2026-000001, truc@so-a.example: 550 no such user")


@pytest.mark.parametrize(
    ("warnings", "expected"),
    [
        ([], "ok"),
        ([sent(QUEUED, age=timedelta(minutes=30))], "ok"),
        ([sent(QUEUED, age=timedelta(minutes=31))], "fail"),
        ([sent(ATTEMPTING, age=timedelta(minutes=31))], "fail"),
        ([sent(ACCEPTED, FAILED, age=timedelta(days=1))], "ok"),
    ],
)
def test_letters_that_wait(warnings, expected):
    """An approved warning leaves within minutes."""
    assert waiting(warnings, NOON).status.value == expected


def test_the_state_database_is_asked(patient, standing):
    """For warnings that are under way; those that are acknowledged have arrived."""
    assert standing(examine_outbox(patient)) == [("outbox.failed", "ok"), ("outbox.waiting", "ok")]
    with closing(open_state(patient.settings)) as state, state.transaction() as writer:
        writer.put_alert(an_alert())
        writer.put_warning(sent(FAILED, age=timedelta(hours=1)))
    lost = standing(examine_outbox(patient))
    with closing(open_state(patient.settings)) as state, state.transaction() as writer:
        writer.put_warning(replace(sent(FAILED), state=WarningState.ACKNOWLEDGED))

    assert lost == [("outbox.failed", "fail"), ("outbox.waiting", "ok")]
    assert standing(examine_outbox(patient))[0] == ("outbox.failed", "ok")
