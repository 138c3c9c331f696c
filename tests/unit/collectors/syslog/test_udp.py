"""UDP over a real loopback socket: one datagram one record, and an honest count of losses."""

import asyncio
import socket

import pytest

from collectors.syslog import udp
from collectors.syslog.udp import UdpListener, bind
from tests.samples import KeepingSink


@pytest.fixture
def sender():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        yield opened


def listening_to(sender, buffer=1 << 20, longest=1000):
    opened = bind(socket.AF_INET, ("127.0.0.1", 0), buffer)
    sender.connect(opened.getsockname())
    return UdpListener(opened, "udp here", longest)


async def stopped(running):
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


def collected(listener, scene):
    """Run the listener while the scene plays, then stop it; the sink."""

    async def play():
        sink = KeepingSink()
        running = asyncio.ensure_future(listener.run(sink))
        await scene(sink)
        await stopped(running)
        return sink

    return asyncio.run(play())


def raws(sink):
    return [record.raw for record in sink.kept]


def losses(sink):
    return sum(amount for amount, _ in sink.lost)


def test_each_datagram_is_a_record_of_its_sender(sender):
    """The record has the bytes without trailer, the peer and the origin; no bytes are no record."""
    listener = listening_to(sender)
    for message in (b"<34>one", b"<34>two\n", b"", b"<34>three\0"):
        sender.send(message)

    sink = collected(listener, lambda sink: sink.until_kept(3))

    assert raws(sink) == [b"<34>one", b"<34>two", b"<34>three"]
    assert {(record.peer, record.origin) for record in sink.kept} == {("127.0.0.1", "udp here")}


def test_a_long_datagram_is_cut_and_marked(sender):
    """Its first bytes are kept; a trailer beyond the limit does not make it long."""
    listener = listening_to(sender, longest=10)
    sender.send(b"x" * 11)
    sender.send(b"y" * 10 + b"\n")

    sink = collected(listener, lambda sink: sink.until_kept(2))

    assert [(record.raw, record.truncated) for record in sink.kept] == [
        (b"x" * 10, True),
        (b"y" * 10, False),
    ]


def test_what_arrives_while_the_journal_commits_is_one_batch(sender):
    """Reading goes on behind a put, so the next put is as large as it may be."""
    listener = listening_to(sender)

    async def scene(sink):
        sink.gate.clear()
        sender.send(b"first")
        await sink.putting.wait()
        for number in range(50):
            sender.send(b"%d" % number)
        for _ in range(50):  # turns of the event loop, each of which may read
            await asyncio.sleep(0)
        sink.gate.set()
        await sink.until_kept(51)

    sink = collected(listener, scene)

    assert sink.batches == [1, 50]


def test_a_put_is_never_larger_than_a_batch(sender, monkeypatch):
    """A journal transaction stays of a size."""
    monkeypatch.setattr(udp, "BATCH", 20)
    listener = listening_to(sender)
    for number in range(50):
        sender.send(b"%d" % number)

    sink = collected(listener, lambda sink: sink.until_kept(50))

    assert sink.batches == [20, 20, 10]


def test_what_waits_in_the_kernel_is_put_when_the_listener_stops(sender):
    """Stopping drains the socket, in order, after the put that was under way."""
    listener = listening_to(sender)
    messages = [b"%d" % number for number in range(600)]

    async def scene():
        sink = KeepingSink()
        sink.gate.clear()
        running = asyncio.ensure_future(listener.run(sink))
        sender.send(b"first")
        await sink.putting.wait()
        for message in messages:
            sender.send(message)
        running.cancel()
        sink.gate.set()
        await stopped(running)
        return sink

    sink = asyncio.run(scene())

    assert raws(sink) == [b"first", *messages]


def test_the_kernels_drops_are_told_to_the_last_one(sender, monkeypatch):
    """When too much waits, reading stops; what the kernel then throws away is counted exactly."""
    monkeypatch.setattr(udp, "AHEAD", 10)
    monkeypatch.setattr(udp, "READS", 5)
    listener = listening_to(sender, buffer=4096)

    async def scene(sink):
        sink.gate.clear()
        sender.send(b"first")
        await sink.putting.wait()
        for number in range(1000):
            sender.send(b"%d" % number)
            await asyncio.sleep(0)
        sink.gate.set()

    sink = collected(listener, scene)

    assert losses(sink) > 0
    assert len(sink.kept) + losses(sink) == 1001
    assert {why for _, why in sink.lost} == {"udp here: the receive buffer was full"}


def test_drops_are_told_while_nothing_arrives(sender, monkeypatch):
    """A burst that overflowed is seen even when the sender then falls silent."""
    monkeypatch.setattr(udp, "DROPS_EVERY", 0.01)
    listener = listening_to(sender, buffer=4096)
    for number in range(1000):
        sender.send(b"%d" % number)

    sink = collected(listener, lambda sink: sink.until(lambda: sink.lost))

    assert len(sink.kept) + losses(sink) == 1000


def test_what_was_in_hand_when_the_sink_failed_is_told(sender):
    """The failed put is the runner's to count; what was read behind it is ours."""

    class Broken(KeepingSink):
        async def put(self, records):
            raise ValueError("no")

    listener = listening_to(sender)
    for _ in range(2500):
        sender.send(b"x")
        listener._receive(1)

    async def play():
        sink = Broken()
        with pytest.raises(ValueError, match="no"):
            await listener.run(sink)
        return sink

    sink = asyncio.run(play())

    # Two puts of a thousand were tried: the one that failed, and one more while stopping.
    assert sink.lost == [(500, "could not be kept")]


def test_an_ipv6_listener_takes_ipv4_senders_too(sender):
    """Their address comes without the mapping (RFC 4291 2.5.5.2)."""
    opened = bind(socket.AF_INET6, ("::", 0), 4096)
    listener = UdpListener(opened, "udp here", 1000)
    sender.sendto(b"four", ("127.0.0.1", opened.getsockname()[1]))

    sink = collected(listener, lambda sink: sink.until_kept(1))

    assert [record.peer for record in sink.kept] == ["127.0.0.1"]


def test_an_address_that_is_taken_leaves_no_socket_behind(sender):
    """The error comes out; a socket left open would warn here."""
    listener = listening_to(sender)

    with pytest.raises(OSError, match="in use"):
        bind(socket.AF_INET, sender.getpeername(), 4096)

    listener.close()


def test_large_datagrams_are_not_read_ahead_without_end(sender, monkeypatch):
    """While the journal is busy, memory holds a bounded number of bytes, and nothing is lost."""
    monkeypatch.setattr(udp, "AHEAD_BYTES", 3000)
    monkeypatch.setattr(udp, "READS", 1)
    listener = listening_to(sender)

    async def scene(sink):
        sink.gate.clear()
        sender.send(b"first")
        await sink.putting.wait()
        for _ in range(20):
            sender.send(b"x" * 1000)
            await asyncio.sleep(0)
        sink.gate.set()
        await sink.until_kept(21)

    sink = collected(listener, scene)

    assert max(sink.batches) == 3
    assert (len(sink.kept), listener._ahead_bytes) == (21, 0)
