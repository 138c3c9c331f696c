"""Inputs are supervised one by one: shown, restarted, drained, and never each other's trouble."""

import asyncio
import errno
import socket
from datetime import timedelta
from typing import ClassVar

import pytest
from structlog.testing import capture_logs

from sentinel.collect.contract import CollectorOptions
from sentinel.collect.registry import collectors
from sentinel.collect.runner import House, Input, Patience, Runner
from sentinel.errors import JournalFull, PortTaken
from sentinel.model.ids import InputName
from sentinel.model.record import Position, Received
from tests.samples import NOON, FixedClock, Tally, a_record


@pytest.fixture(autouse=True)
def quiet():
    """Failures are the point here; their tracebacks need not be rendered."""
    with capture_logs():
        yield


class ScriptOptions(CollectorOptions):
    """`lives` are async functions; each start of the collector plays the next one."""

    lives: list


class Scripted:
    name: ClassVar[str] = "scripted"
    Options = ScriptOptions

    def __init__(self, options):
        self.lives = options.lives

    async def run(self, sink):
        await self.lives.pop(0)(sink)


class Stage:
    """A runner over scripted inputs, with everything it touches at hand."""

    def __init__(self, *inputs, put=None, marks=None, last_put=5.0):
        self.kept = []
        self.waits = []
        self.clock = FixedClock()
        self.meter = Tally()
        house = House(
            put=put or self.put,
            positions=lambda name: (marks or {}).get(name, {}),
            stamp=lambda name, got: a_record(got.raw, input=name, position=got.position, at=got.at),
            clock=self.clock,
            meter=self.meter,
        )
        made = [
            Input(
                name=InputName(name), collector=Scripted, options=ScriptOptions(lives=list(lives))
            )
            for name, *lives in inputs
        ]
        self.runner = Runner(
            made, house, Patience(first=1.0, longest=60.0, last_put=last_put, sleep=self.sleep)
        )

    async def put(self, records):
        self.kept += records

    async def sleep(self, seconds):
        self.waits.append(seconds)
        await asyncio.sleep(0)

    def run(self):
        asyncio.run(self.runner.run())

    def status(self, index=0):
        return self.runner.status()[index]


def one(raw=b"x", **changes):
    return Received(raw=raw, at=NOON, **changes)


def puts(*raws):
    async def life(sink):
        await sink.put([one(raw) for raw in raws])

    return life


def fails(error):
    async def life(sink):
        raise error

    return life


async def stays(sink):
    await asyncio.Event().wait()


def test_what_a_collector_puts_is_stamped_kept_and_counted():
    """The record gets its input's name, and the status says how many there were and when."""
    stage = Stage(("a", puts(b"one", b"two")))

    stage.run()

    assert [(r.input, r.raw) for r in stage.kept] == [("a", b"one"), ("a", b"two")]
    status = stage.status()
    assert (status.records, status.last_record, status.state) == (2, NOON, "stopped")
    assert stage.meter.counts == {("records", (("input", "a"),)): 2}


def test_an_input_that_fails_is_shown_and_started_again():
    """The error is a sentence; the waits double."""
    stage = Stage(("a", fails(ValueError("bad")), fails(KeyError("k")), puts(b"x")))

    stage.run()

    assert stage.waits == [1.0, 2.0]
    status = stage.status()
    assert (status.restarts, status.last_error) == (2, "KeyError: 'k'")
    assert len(stage.kept) == 1
    assert stage.meter.of("input_failures") == 2


def test_the_wait_never_grows_beyond_the_longest():
    """Sixty-four seconds would be too long: sixty it is."""
    stage = Stage(("a", *[fails(OSError("no"))] * 8, puts(b"x")))

    stage.run()

    assert stage.waits == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]


def test_the_wait_starts_again_after_a_good_run():
    """An input that ran well for a while has earned a quick restart."""

    async def ran_well(sink):
        stage.clock.move(timedelta(seconds=61))
        raise OSError("gone")

    stage = Stage(("a", fails(OSError("1")), fails(OSError("2")), ran_well, puts(b"x")))

    stage.run()

    assert stage.waits == [1.0, 2.0, 1.0]


def test_one_input_that_fails_does_not_stop_the_others():
    """While one waits, the other collects."""
    stage = Stage(("a", fails(RuntimeError("x")), puts()), ("b", puts(b"b")))

    stage.run()

    assert [record.input for record in stage.kept] == ["b"]
    assert [status.restarts for status in stage.runner.status()] == [1, 0]


def test_members_of_an_error_group_are_told_one_by_one():
    """ "unhandled errors in a TaskGroup" would help nobody."""
    group = ExceptionGroup("many", [OSError("no route"), ValueError("odd")])
    stage = Stage(("a", fails(group), puts()))

    stage.run()

    assert stage.status().last_error == "OSError: no route; ValueError: odd"


def test_a_collector_that_cancels_itself_is_a_failure_like_any_other():
    """Only the runner's own cancellation ends an input."""
    stage = Stage(("a", fails(asyncio.CancelledError()), puts(b"x")))

    stage.run()

    assert stage.status().restarts == 1
    assert len(stage.kept) == 1


@pytest.mark.parametrize(
    "error",
    [
        PortTaken("udp 127.0.0.1:5514 is in use by another program"),
        OSError(errno.EADDRINUSE, "udp 127.0.0.1:5514 is in use by another program"),
    ],
    ids=["told by the collector", "plain OSError of a plug-in"],
)
def test_a_port_that_is_taken_at_the_first_start_ends_the_run(error):
    """Somebody has just typed the command: tell it, with the input's name."""
    stage = Stage(("a", stays), ("syslog-udp", fails(error)))

    with pytest.raises(PortTaken, match=r"^syslog-udp: .*udp 127.0.0.1:5514 is in use"):
        stage.run()


def test_the_shipped_listener_tells_a_taken_port_with_a_way_out():
    """From the entry point to the sentence on the terminal."""
    syslog = collectors().by_name["syslog"]
    stage = Stage()
    house = House(
        put=stage.put,
        positions=lambda name: {},
        stamp=lambda name, got: a_record(got.raw),
        clock=stage.clock,
        meter=stage.meter,
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{other.getsockname()[1]}"
        options = syslog.Options.model_validate({"udp": where})
        listener = Input(name=InputName("syslog-udp"), collector=syslog, options=options)

        with pytest.raises(PortTaken) as taken:
            asyncio.run(Runner([listener], house).run())

    assert str(taken.value) == (
        f"syslog-udp: udp {where} is in use by another program; stop it or change `udp` of this"
        " input in the settings"
    )


def test_a_port_that_is_taken_later_is_waited_for():
    """Once up, the service does not go down for one input's port."""

    async def up_then_down(sink):
        sink.listening("udp 127.0.0.1:5514")
        raise OSError("gone")

    stage = Stage(("a", up_then_down, fails(PortTaken("in use")), puts(b"x")))

    stage.run()

    assert stage.status().restarts == 2
    assert len(stage.kept) == 1


def test_listening_positions_and_drops_pass_through():
    """The collector's words reach the status; the journal's marks reach the collector."""
    seen = []

    async def life(sink):
        sink.listening("udp 127.0.0.1:5514")
        sink.dropped(7, "kernel")
        seen.append(dict(sink.positions()))

    stage = Stage(("a", life), marks={"a": {"file:1:2": "mark"}})

    stage.run()

    assert seen == [{"file:1:2": "mark"}]
    assert (stage.status().listening, stage.status().dropped) == ("udp 127.0.0.1:5514", 7)
    assert stage.meter.of("records_dropped") == 7


def test_truncated_records_are_counted():
    """A cut message is kept, and seen to be cut."""

    async def life(sink):
        await sink.put([one(truncated=True), one()])

    stage = Stage(("a", life))
    stage.runner._supervised[0].house = House(
        put=stage.put,
        positions=lambda name: {},
        stamp=lambda name, got: a_record(got.raw, truncated=got.truncated),
        clock=stage.clock,
        meter=stage.meter,
    )

    stage.run()

    assert stage.meter.of("records_truncated") == 1


def test_a_full_journal_makes_the_collector_wait_and_says_so():
    """Back-pressure: the put goes through when there is room again."""
    kept, states = [], []

    async def put(records):
        states.append(stage.status().state)
        if len(states) < 3:
            raise JournalFull("2 GiB are left; 3 GiB are kept free")
        kept.extend(records)

    stage = Stage(("a", puts(b"x")), put=put)

    stage.run()

    assert [record.raw for record in kept] == [b"x"]
    assert states == ["running", "waiting", "waiting"]
    assert "3 GiB" in stage.status().last_error
    assert stage.meter.of("journal_full_waits") == 2


async def cancelled_when(ready, runner):
    running = asyncio.ensure_future(runner.run())
    await ready.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


def test_a_cancelled_collector_may_put_what_it_has_in_hand():
    """The service stops when the last records are kept."""
    ready = asyncio.Event()

    async def life(sink):
        ready.set()
        try:
            await asyncio.Event().wait()
        finally:
            await sink.put([one(b"in hand")])

    stage = Stage(("a", life))

    asyncio.run(cancelled_when(ready, stage.runner))

    assert [record.raw for record in stage.kept] == [b"in hand"]
    assert stage.status().state == "stopped"


def test_a_put_under_way_is_seen_through_when_cancelled():
    """What was handed over is kept before the collector is let go."""
    ready = asyncio.Event()
    kept = []

    async def put(records):
        ready.set()
        for _ in range(5):
            await asyncio.sleep(0)
        kept.extend(records)

    stage = Stage(("a", puts(b"x")), put=put)

    asyncio.run(cancelled_when(ready, stage.runner))

    assert [record.raw for record in kept] == [b"x"]
    assert stage.status().records == 1


def test_what_cannot_be_kept_when_the_service_stops_is_counted():
    """A full journal does not hold the service up; a record with a position is not lost by it."""
    ready = asyncio.Event()

    async def put(records):
        ready.set()
        raise JournalFull("no room")

    async def life(sink):
        again = Position(stream="s", mark="m")
        await sink.put([one(b"gone"), one(b"read again", position=again)])

    stage = Stage(("a", life), put=put, last_put=0.01)

    asyncio.run(cancelled_when(ready, stage.runner))

    assert stage.status().dropped == 1


def test_a_collector_that_fails_while_it_stops_is_not_started_again():
    """Stopping is the end, however it goes."""
    ready = asyncio.Event()

    async def life(sink):
        ready.set()
        try:
            await asyncio.Event().wait()
        finally:
            raise ValueError("while stopping")

    stage = Stage(("a", life))

    asyncio.run(cancelled_when(ready, stage.runner))

    assert stage.status().last_error == "ValueError: while stopping"
    assert stage.status().restarts == 0


def test_an_input_that_has_ended_is_stopped_and_the_run_ends_with_the_last():
    """Standard input ends; so may the service."""
    stage = Stage(("a", puts()), ("b", puts()))

    stage.run()

    assert [status.state for status in stage.runner.status()] == ["stopped", "stopped"]
