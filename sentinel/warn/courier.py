"""Takes what is due out of the outbox and hands it to the mail world, one copy at a time.

"attempting" is on disk before the first byte leaves. Whoever finds it there later knows that the
outcome is unknown and says so in the next attempt, under the same Message-ID. A copy keeps that
mark until a server accepts it, since mail that arrived once cannot be called back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.errors import MessageError

from sentinel.errors import MISTAKES, AnswerLost, DeliveryError, PermanentRefusal
from sentinel.model.policy import Issuer
from sentinel.model.warning import (
    AgencyWarning,
    Delivery,
    DeliveryState,
    WarningEntry,
    WarningState,
)
from sentinel.ports import Clock, Mailer, Meter, State
from sentinel.warn.message import build

BATCH = 100
ALL = 1_000_000
WAITING = frozenset({DeliveryState.QUEUED, DeliveryState.ATTEMPTING})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """A copy that is ours to send now. `repeat`: an earlier attempt may have arrived."""

    delivery: Delivery
    repeat: bool


class Courier:
    """Delivers the outbox. Waits double from `first_wait` to `longest_wait` until `give_up`."""

    def __init__(
        self,
        state: State,
        mailer: Mailer,
        issuer: Issuer,
        clock: Clock,
        meter: Meter,
        *,
        first_wait: timedelta = timedelta(minutes=5),
        longest_wait: timedelta = timedelta(hours=1),
        give_up: timedelta = timedelta(days=5),
    ) -> None:
        self._state = state
        self._mailer = mailer
        self._issuer = issuer
        self._clock = clock
        self._meter = meter
        self._first_wait = first_wait
        self._longest_wait = longest_wait
        self._give_up = give_up

    def take_up(self) -> int:
        """What a crash left in the air comes due now; returns how many copies.

        To be called before the first delivery, while no other courier can be at work: "attempting"
        then means that nobody is.
        """
        now = self._clock.now()
        with self._state.transaction() as state:
            left = [
                copy
                for copy in state.due_deliveries(now + self._longest_wait, ALL)
                if copy.state is DeliveryState.ATTEMPTING and copy.due > now
            ]
            for copy in left:
                state.put_delivery(replace(copy, due=now))
        return len(left)

    async def deliver_due(self) -> int:
        """Attempt every copy whose time has come, at most 100; returns how many were attempted.

        Each copy is its own two transactions: one recipient's failure never stops the next.
        """
        attempted = 0
        for delivery in await asyncio.to_thread(self._due):
            attempt = await asyncio.to_thread(self._claim, delivery)
            if attempt is not None:
                await self._deliver(attempt)
                attempted += 1
        return attempted

    def _due(self) -> Sequence[Delivery]:
        with self._state.reading() as state:
            return state.due_deliveries(self._clock.now(), BATCH)

    def _claim(self, delivery: Delivery) -> _Attempt | None:
        """Write "attempting" before anything is sent; None where it is not to be sent any more.

        `due` moves on at once: another courier passes it over, and after a crash it comes back.
        """
        now = self._clock.now()
        with self._state.transaction() as state:
            warning = state.warning(delivery.warning)
            found = _copy(warning, delivery)
            cancelled = warning.state is WarningState.CANCELLED
            if cancelled or found.state not in WAITING or found.due > now:
                return None
            claimed = replace(
                found,
                state=DeliveryState.ATTEMPTING,
                attempts=found.attempts + 1,
                due=now + self._wait(found.attempts + 1),
            )
            state.put_delivery(claimed)
        self._meter.count("mail_attempts")
        return _Attempt(delivery=claimed, repeat=found.state is DeliveryState.ATTEMPTING)

    async def _deliver(self, attempt: _Attempt) -> None:
        delivery = attempt.delivery
        try:
            # Folding headers is work: not on the loop that collectors and listeners share.
            message = await asyncio.to_thread(
                build, delivery, self._issuer, self._clock.now(), repeat=attempt.repeat
            )
            answer = await self._mailer.send(message, self._issuer.email, delivery.address)
        except DeliveryError as error:
            await asyncio.to_thread(self._refused, attempt, error)
        except (MessageError, *MISTAKES) as fault:
            # It would fail for ever, and hold up every letter behind it.
            why = f"no mail can be made of it: {type(fault).__name__}: {fault}"
            await asyncio.to_thread(self._refused, attempt, PermanentRefusal(why))
        else:
            await asyncio.to_thread(self._accepted, delivery, answer)

    def _accepted(self, delivery: Delivery, answer: str) -> None:
        now = self._clock.now()
        with self._state.transaction() as state:
            warning = state.warning(delivery.warning)
            copy = replace(_copy(warning, delivery), accepted_at=now, last_error="")
            state.put_warning(_ended(warning, copy, DeliveryState.ACCEPTED, answer, now))
        self._meter.count("mail_accepted")

    def _refused(self, attempt: _Attempt, error: DeliveryError) -> None:
        now = self._clock.now()
        with self._state.transaction() as state:
            warning = state.warning(attempt.delivery.warning)
            copy = replace(_copy(warning, attempt.delivery), last_error=str(error))
            if isinstance(error, PermanentRefusal) or self._too_old(warning, now):
                state.put_warning(_ended(warning, copy, DeliveryState.FAILED, str(error), now))
                outcome = "mail_failed"
            else:
                unknown = attempt.repeat or isinstance(error, AnswerLost)
                later = DeliveryState.ATTEMPTING if unknown else DeliveryState.QUEUED
                state.put_delivery(
                    replace(copy, state=_after(copy, later), due=now + self._wait(copy.attempts))
                )
                outcome = "mail_unknown" if isinstance(error, AnswerLost) else "mail_deferred"
        self._meter.count(outcome)

    def _wait(self, attempts: int) -> timedelta:
        """5, 10, 20, 40, 60, 60 ... minutes by default. The exponent is bounded, as time is."""
        doubled: timedelta = self._first_wait * 2 ** min(attempts - 1, 20)
        return min(doubled, self._longest_wait)

    def _too_old(self, warning: AgencyWarning, now: datetime) -> bool:
        return now - (warning.approved_at or warning.created) >= self._give_up


def _copy(warning: AgencyWarning, delivery: Delivery) -> Delivery:
    """The copy as it is now in the database."""
    return next(copy for copy in warning.deliveries if copy.contact == delivery.contact)


def _after(copy: Delivery, state: DeliveryState) -> DeliveryState:
    """An agency that has acknowledged has it, whatever a mail server says later."""
    return copy.state if copy.state is DeliveryState.ACKNOWLEDGED else state


def _ended(
    warning: AgencyWarning, copy: Delivery, state: DeliveryState, reason: str, at: datetime
) -> AgencyWarning:
    """The warning with this copy accepted or failed, and a line of history that says so."""
    ended = replace(copy, state=_after(copy, state))
    sent = state is DeliveryState.ACCEPTED and warning.state is WarningState.APPROVED
    entry = WarningEntry(at=at, who="", action=state.value, reason=f"{copy.address}: {reason}")
    return replace(
        warning,
        state=WarningState.SENT if sent else warning.state,
        deliveries=tuple(
            ended if other.contact == copy.contact else other for other in warning.deliveries
        ),
        history=(*warning.history, entry),
    )
