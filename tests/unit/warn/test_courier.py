"""The outbox is emptied honestly: what was accepted, what waits, what nobody knows."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.errors import AnswerLost, PermanentRefusal, TemporaryRefusal
from sentinel.model.ids import ContactId
from sentinel.model.warning import DeliveryState, WarningState
from sentinel.store.state_memory import MemoryState
from sentinel.warn import receipt
from sentinel.warn.courier import Courier
from sentinel.warn.memory import MemoryMailer
from tests.samples import FixedClock, Tally, a_contact, an_agency
from tests.unit.warn.letters import APPROVED, a_released, an_issuer

AN, BINH = "an@so-a.example", "binh@so-a.example"
MINUTE = timedelta(minutes=1)


class Desk:
    """A courier with everything around it, and the warning it delivers."""

    def __init__(self, *addresses, mailer=None, **settings):
        contacts = tuple(a_contact(id=ContactId(to), email=to) for to in addresses or (AN,))
        self.warning = a_released(agency=an_agency(contacts=contacts))
        self.state = MemoryState()
        with self.state.transaction() as state:
            state.put_agencies([an_agency(contacts=contacts)])
            state.put_warning(self.warning)
        self.mailer = mailer or MemoryMailer()
        self.clock = FixedClock(APPROVED)
        self.meter = Tally()
        self.courier = Courier(
            self.state, self.mailer, an_issuer(), self.clock, self.meter, **settings
        )

    def deliver(self) -> int:
        return asyncio.run(self.courier.deliver_due())

    def now(self):
        with self.state.reading() as state:
            return state.warning(self.warning.id)

    def copy(self, address=AN):
        return next(copy for copy in self.now().deliveries if copy.address == address)

    def change(self, **changes):
        """Somebody else writes: the first copy changes."""
        with self.state.transaction() as state:
            state.put_delivery(replace(self.copy(), **changes))

    def acknowledge(self):
        with self.state.transaction() as state:
            warning = state.warning(self.warning.id)
            noted, _ = receipt.acknowledged(warning, self.copy(), "Lê C", self.clock.now())
            state.put_warning(noted)

    def mail(self, address=AN):
        return self.mailer.kept[self.copy(address).message_id]


class Hook:
    """A mailer during whose sending something happens."""

    def __init__(self, happen):
        self.happen = happen
        self.asked = 0

    async def send(self, message, sender, recipient):
        self.asked += 1
        return await asyncio.to_thread(self.happen)


def test_an_accepted_copy_is_noted_and_the_warning_is_sent():
    desk = Desk()

    assert desk.deliver() == 1

    copy = desk.copy()
    assert (copy.state, copy.accepted_at, copy.attempts) == (DeliveryState.ACCEPTED, APPROVED, 1)
    assert desk.now().state is WarningState.SENT
    assert desk.now().history[-1].action == "accepted"
    assert desk.now().history[-1].reason == "an@so-a.example: 250 kept in memory"
    assert desk.mail()["To"].addresses[0].addr_spec == AN
    assert desk.mail()["X-Sentinel-Repeat"] is None
    assert (desk.meter.of("mail_attempts"), desk.meter.of("mail_accepted")) == (1, 1)


def test_an_accepted_copy_is_not_sent_again():
    desk = Desk()
    desk.deliver()
    desk.clock.move(timedelta(days=1))

    assert desk.deliver() == 0


def test_two_recipients_are_two_envelopes():
    """Recipients given as one string: only the first got it."""
    desk = Desk(AN, BINH)

    assert desk.deliver() == 2

    assert len(desk.mailer.kept) == 2
    assert desk.mail(BINH)["To"].addresses[0].addr_spec == BINH


@pytest.mark.parametrize(
    "error", [TemporaryRefusal("451 later"), PermanentRefusal("550 no"), AnswerLost("gone")]
)
def test_one_recipients_failure_never_stops_the_next(error):
    desk = Desk(AN, BINH)
    desk.mailer.refuse(AN, error)

    desk.deliver()

    assert desk.copy(BINH).state is DeliveryState.ACCEPTED
    assert desk.copy(AN).last_error == str(error)
    assert desk.now().state is WarningState.SENT


def test_an_address_that_is_none_never_stops_the_next():
    desk = Desk("not an address", BINH)

    desk.deliver()

    assert desk.copy("not an address").state is DeliveryState.FAILED
    assert desk.copy(BINH).state is DeliveryState.ACCEPTED


def test_a_copy_refused_for_now_waits_and_is_sent_later_without_mark():
    """Greylisting: the server said no, so nothing arrived and nothing is repeated."""
    desk = Desk()
    desk.mailer.refuse(AN, TemporaryRefusal("451 greylisted"))
    desk.deliver()

    waiting = desk.copy()
    assert (waiting.state, waiting.last_error) == (DeliveryState.QUEUED, "451 greylisted")
    assert waiting.due == APPROVED + 5 * MINUTE
    assert desk.deliver() == 0

    desk.clock.move(5 * MINUTE)
    assert desk.deliver() == 1
    assert desk.copy().state is DeliveryState.ACCEPTED
    assert desk.copy().last_error == ""
    assert desk.mail()["X-Sentinel-Repeat"] is None


def test_waits_double_up_to_an_hour():
    desk = Desk()
    desk.mailer.refuse(AN, *[TemporaryRefusal("451")] * 7)
    waits = []
    for _ in range(7):
        desk.deliver()
        waits.append((desk.copy().due - desk.clock.now()) // MINUTE)
        desk.clock.move(desk.copy().due - desk.clock.now())

    assert waits == [5, 10, 20, 40, 60, 60, 60]


def test_after_five_days_it_gives_up_and_says_so():
    desk = Desk()
    desk.mailer.refuse(AN, TemporaryRefusal("451 still no"))
    desk.clock.move(timedelta(days=5))

    desk.deliver()

    assert desk.copy().state is DeliveryState.FAILED
    assert desk.now().history[-1].action == "failed"
    assert desk.now().history[-1].reason == "an@so-a.example: 451 still no"
    assert desk.now().state is WarningState.APPROVED
    assert desk.meter.of("mail_failed") == 1


def test_a_final_refusal_is_final():
    """5xx: the copy failed, the warning is not "sent", and nobody tries again."""
    desk = Desk()
    desk.mailer.refuse(AN, PermanentRefusal("550 no such user"))

    desk.deliver()
    desk.clock.move(timedelta(days=1))

    assert desk.deliver() == 0
    assert desk.copy().state is DeliveryState.FAILED
    assert desk.now().state is WarningState.APPROVED
    assert desk.now().history[-1].reason == "an@so-a.example: 550 no such user"


def test_attempting_is_written_before_the_message_leaves():
    """What a crash during the sending would leave behind."""
    seen = []
    desk = Desk(mailer=Hook(lambda: seen.append(desk.copy()) or "250"))

    desk.deliver()

    (during,) = seen
    assert (during.state, during.attempts) == (DeliveryState.ATTEMPTING, 1)
    assert during.due == APPROVED + 5 * MINUTE


def test_after_a_crash_the_copy_comes_again_and_says_that_it_may_be_a_repeat():
    class CrashError(Exception):
        pass

    def crash():
        raise CrashError

    desk = Desk(mailer=Hook(crash))
    with pytest.raises(CrashError):
        desk.deliver()
    mailer = MemoryMailer()
    again = Courier(desk.state, mailer, an_issuer(), desk.clock, desk.meter)

    assert asyncio.run(again.deliver_due()) == 0
    desk.clock.move(5 * MINUTE)
    assert asyncio.run(again.deliver_due()) == 1

    (mail,) = mailer.kept.values()
    assert mail["X-Sentinel-Repeat"] == "possible"
    assert mail["Message-ID"] == desk.warning.deliveries[0].message_id


def test_a_new_start_takes_up_what_a_crash_left_in_the_air():
    """An early warning does not wait out the back-off of a process that is gone."""
    desk = Desk(AN, BINH)
    later = desk.clock.now() + timedelta(minutes=5)
    desk.change(state=DeliveryState.ATTEMPTING, attempts=1, due=later)

    assert desk.courier.take_up() == 1

    assert desk.deliver() == 2
    assert desk.mail(AN)["X-Sentinel-Repeat"] == "possible"
    assert desk.mail(BINH)["X-Sentinel-Repeat"] is None
    assert desk.courier.take_up() == 0


def test_a_lost_answer_makes_the_next_attempt_a_possible_repeat():
    desk = Desk()
    desk.mailer.refuse(AN, AnswerLost("connection lost after the letter went out"))
    desk.deliver()

    assert desk.copy().state is DeliveryState.ATTEMPTING
    assert desk.meter.of("mail_unknown") == 1
    desk.clock.move(5 * MINUTE)
    desk.deliver()
    assert desk.mail()["X-Sentinel-Repeat"] == "possible"
    assert desk.copy().state is DeliveryState.ACCEPTED


def test_a_clear_refusal_does_not_take_the_doubt_away():
    """The first attempt may have arrived, whatever the second was answered."""
    desk = Desk()
    desk.mailer.refuse(AN, AnswerLost("lost"), TemporaryRefusal("451 greylisted"))
    desk.deliver()
    desk.clock.move(5 * MINUTE)
    desk.deliver()
    desk.clock.move(10 * MINUTE)
    desk.deliver()

    assert desk.mail()["X-Sentinel-Repeat"] == "possible"
    assert desk.copy().attempts == 3


@pytest.mark.parametrize(
    "answer",
    [None, TemporaryRefusal("451"), AnswerLost("lost"), PermanentRefusal("550")],
    ids=["accepted", "temporary", "lost", "permanent"],
)
def test_a_late_answer_does_not_undo_an_acknowledgement(answer):
    """The agency clicked while the server was still thinking."""

    def acknowledge():
        desk.acknowledge()
        if answer is not None:
            raise answer
        return "250"

    desk = Desk(mailer=Hook(acknowledge))
    desk.deliver()

    copy, warning = desk.copy(), desk.now()
    assert (copy.state, copy.acknowledged_by) == (DeliveryState.ACKNOWLEDGED, "Lê C")
    assert (warning.state, warning.acknowledged_by) == (WarningState.ACKNOWLEDGED, "Lê C")
    assert (copy.accepted_at is not None) == (answer is None)
    desk.clock.move(timedelta(hours=1))
    assert desk.deliver() == 0


def test_a_copy_acknowledged_between_attempts_is_not_sent_again():
    desk = Desk()
    desk.mailer.refuse(AN, AnswerLost("lost"))
    desk.deliver()
    desk.acknowledge()
    desk.clock.move(timedelta(hours=1))

    assert desk.deliver() == 0
    assert desk.mailer.kept == {}


def test_two_couriers_do_not_send_one_copy_twice():
    """The service and a command at once: the second finds it claimed."""

    def other():
        mailer = MemoryMailer()
        second = Courier(desk.state, mailer, an_issuer(), desk.clock, desk.meter)
        counts.append(asyncio.run(second.deliver_due()))
        return "250"

    counts = []
    desk = Desk(mailer=Hook(other))

    assert desk.deliver() == 1
    assert counts == [0]


def test_a_copy_claimed_since_the_list_was_made_is_passed_over():
    """Another courier takes the second copy while we send the first."""

    def claim():
        with desk.state.transaction() as state:
            copy = desk.copy(BINH)
            later = copy.due + 5 * MINUTE
            state.put_delivery(replace(copy, state=DeliveryState.ATTEMPTING, due=later))
        return "250"

    desk = Desk(AN, BINH, mailer=Hook(claim))

    assert desk.deliver() == 1
    assert desk.mailer.asked == 1


def test_a_warning_cancelled_during_the_round_is_not_sent_any_more():
    """The second recipient does not get what was cancelled while the first was served."""

    def cancel():
        with desk.state.transaction() as state:
            state.put_warning(replace(desk.now(), state=WarningState.CANCELLED))
        return "250"

    desk = Desk(AN, BINH, mailer=Hook(cancel))

    assert desk.deliver() == 1

    assert desk.mailer.asked == 1
    assert desk.copy(BINH).attempts == 0
    assert desk.now().state is WarningState.CANCELLED


def test_nothing_due_is_nothing_done():
    desk = Desk()
    desk.change(due=APPROVED + MINUTE)

    assert desk.deliver() == 0
    assert desk.meter.counts == {}


@pytest.mark.parametrize("fault", [ValueError("a header with a line end"), KeyError("no zone")])
def test_a_letter_that_no_mail_can_be_made_of_fails_and_holds_up_nobody(fault):
    """It is written down as failed, with the reason; the letter behind it goes out."""

    class Stumbling(MemoryMailer):
        async def send(self, message, sender, recipient):
            if recipient == AN:
                raise fault
            return await super().send(message, sender, recipient)

    desk = Desk(AN, BINH, mailer=Stumbling())

    assert desk.deliver() == 2
    assert desk.copy(AN).state is DeliveryState.FAILED
    assert f"no mail can be made of it: {type(fault).__name__}" in desk.copy(AN).last_error
    assert desk.copy(BINH).state is DeliveryState.ACCEPTED
