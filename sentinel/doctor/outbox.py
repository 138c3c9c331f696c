"""Does what was decided reach those it was meant for? Letters that failed, letters that wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sentinel import wiring
from sentinel.doctor.patient import Patient, there
from sentinel.doctor.say import fail, listed, ok, say, warn
from sentinel.model.checkup import Check
from sentinel.model.warning import AgencyWarning, DeliveryState, WarningState
from sentinel.ports import Tables, WarningQuery

LONG = timedelta(minutes=30)
MANY = 1000
_UNDER_WAY = frozenset({WarningState.APPROVED, WarningState.SENT})
_WAITS = frozenset({DeliveryState.QUEUED, DeliveryState.ATTEMPTING})
_ARRIVED = frozenset({DeliveryState.ACCEPTED, DeliveryState.ACKNOWLEDGED})


def examine_outbox(patient: Patient) -> Iterator[Check]:
    """The letters of warnings that nobody has acknowledged yet."""
    warnings: Sequence[AgencyWarning] = ()
    if there(wiring.state_file(patient.settings)):
        with wiring.look_at_state(patient.settings) as seen:
            if seen.tables() is Tables.CURRENT:
                warnings = seen.reader.warnings(WarningQuery(states=_UNDER_WAY, limit=MANY))
    yield failed(warnings)
    yield waiting(warnings, patient.clock.now())


def failed(warnings: Sequence[AgencyWarning]) -> Check:
    """Letters that were refused for good; worst where no copy of a warning got through."""
    name = "outbox.failed"
    broken = [
        (one, copy)
        for one in warnings
        for copy in one.deliveries
        if copy.state is DeliveryState.FAILED
    ]
    if not broken:
        return ok(
            name,
            say("No letter was refused."),
            say("This looks at warnings that are not acknowledged yet."),
        )
    unheard = {one.number for one, _ in broken if not _heard(one)}
    letters = listed([f"{one.number}, {copy.address}: {copy.last_error}" for one, copy in broken])
    remedy = say(
        "Tell these people by telephone. Then correct the address in the registry"
        " (sentinel agencies import FILE); `sentinel warnings show NUMBER` says more."
    )
    if unheard:
        return fail(
            name,
            say("Letters that were refused for good: {letters}", letters=letters),
            say(
                "Of these warnings no copy arrived, so the agency does not know: {numbers}",
                numbers=", ".join(sorted(unheard)),
            ),
            remedy,
        )
    return warn(
        name,
        say("Letters that were refused for good: {letters}", letters=letters),
        say("Others at these agencies got a copy, but not everybody who should."),
        remedy,
    )


def waiting(warnings: Sequence[AgencyWarning], now: datetime) -> Check:
    """Letters that should have gone out long ago."""
    name = "outbox.waiting"
    late = [
        f"{one.number}, {copy.address}" + (f": {copy.last_error}" if copy.last_error else "")
        for one in warnings
        for copy in one.deliveries
        if copy.state in _WAITS and now - (one.approved_at or one.created) > LONG
    ]
    if late:
        return fail(
            name,
            say(
                "Letters that have waited for more than {minutes} minutes: {letters}",
                minutes=LONG // timedelta(minutes=1),
                letters=listed(late),
            ),
            say("These warnings were approved and have not left."),
            say(
                "See that the service runs and what is said here of the mail server. Until it is"
                " put right, tell the agency by telephone."
            ),
        )
    return ok(
        name,
        say("No letter waits for long."),
        say("What was approved has left, or will in a moment."),
    )


def _heard(warning: AgencyWarning) -> bool:
    """Whether a copy arrived, or may still."""
    return any(copy.state in _ARRIVED | _WAITS for copy in warning.deliveries)
