"""TCP over real loopback sockets: whole messages from many senders, none starving the others."""

import asyncio
import socket

import pytest

from collectors.syslog import tcp
from collectors.syslog.tcp import TcpLimits, TcpListener, bind
from tests.samples import KeepingSink


def collected(scene, idle=60.0, connections=10, connections_a_peer=10, sink=None):
    """Run a listener while the scene plays, then stop it; the sink."""

    async def play():
        keeping = sink or KeepingSink()
        opened = bind(socket.AF_INET, ("127.0.0.1", 0))
        limits = TcpLimits(
            longest=1000,
            idle=idle,
            connections=connections,
            connections_a_peer=connections_a_peer,
        )
        listener = TcpListener(opened, "tcp here", limits)
        running = asyncio.ensure_future(listener.run(keeping))
        writers = []

        async def connect():
            reader, writer = await asyncio.open_connection(*opened.getsockname())
            writers.append(writer)
            return reader, writer

        await scene(keeping, connect)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        for writer in writers:
            writer.close()
        return keeping

    return asyncio.run(play())


def raws(sink):
    return [record.raw for record in sink.kept]


def test_messages_of_a_connection_are_records_of_its_peer():
    """Either framing; the record has the peer and the origin."""

    async def scene(sink, connect):
        _, writer = await connect()
        writer.write(b"9 <34>first<34>second\r\n")
        await sink.until_kept(2)

    sink = collected(scene)

    assert raws(sink) == [b"<34>first", b"<34>second"]
    assert {(record.peer, record.origin) for record in sink.kept} == {("127.0.0.1", "tcp here")}


def test_a_message_in_pieces_is_one_record():
    """It comes out when its last byte is there."""

    async def scene(sink, connect):
        _, writer = await connect()
        for byte in b"9 <34>first":
            writer.write(bytes([byte]))
            await writer.drain()
        await sink.until_kept(1)

    assert raws(collected(scene)) == [b"<34>first"]


def test_an_unfinished_message_is_taken_when_the_sender_ends():
    """A last line without trailer is a message; a counted one is marked as cut."""

    async def scene(sink, connect):
        for unfinished in (b"<34>last", b"99 <34>half"):
            _, writer = await connect()
            writer.write(unfinished)
            writer.close()
            await writer.wait_closed()
        await sink.until_kept(2)

    sink = collected(scene)

    assert {(record.raw, record.truncated) for record in sink.kept} == {
        (b"<34>last", False),
        (b"<34>half", True),
    }


def test_a_connection_that_breaks_does_not_touch_the_others():
    """A reset ends its own connection alone."""

    async def scene(sink, connect):
        _, broken = await connect()
        broken.write(b"<34>before\n")
        await sink.until_kept(1)
        linger = b"\1\0\0\0\0\0\0\0"  # on, zero seconds: close sends a reset
        broken.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        broken.close()
        _, writer = await connect()
        writer.write(b"<34>after\n")
        await sink.until_kept(2)

    assert raws(collected(scene)) == [b"<34>before", b"<34>after"]


def test_a_sender_without_a_whole_message_for_too_long_is_let_go():
    """Bytes that trickle do not hold a place for ever; what came is kept."""

    async def scene(sink, connect):
        reader, writer = await connect()
        writer.write(b"<34>slow")
        assert await reader.read() == b""
        await sink.until_kept(1)

    assert raws(collected(scene, idle=0.05)) == [b"<34>slow"]


@pytest.mark.parametrize("limit", ["connections", "connections_a_peer"])
def test_a_connection_too_many_is_refused_and_a_free_place_is_given_again(limit):
    """The one that is there goes on; when it ends, there is room."""

    async def scene(sink, connect):
        _, first = await connect()
        first.write(b"<34>first\n")
        await sink.until_kept(1)
        refused, _ = await connect()
        assert await refused.read() == b""
        first.write(b"<34>goes on\n")
        await sink.until_kept(2)
        first.write(b"<34>last")
        first.close()
        await sink.until_kept(3)
        _, third = await connect()
        third.write(b"<34>third\n")
        await sink.until_kept(4)

    sink = collected(scene, **{limit: 1})

    assert raws(sink) == [b"<34>first", b"<34>goes on", b"<34>last", b"<34>third"]


def test_while_a_put_waits_nothing_more_is_read():
    """Back-pressure reaches the sender: its bytes stay in the kernel."""
    blob = b"<34>" + b"x" * 95 + b"\n"

    async def scene(sink, connect):
        sink.gate.clear()
        _, writer = await connect()
        writer.transport.set_write_buffer_limits(high=0)
        writer.write(blob)
        await sink.putting.wait()
        for _ in range(1000):
            writer.write(blob * 1000)
            try:
                await asyncio.wait_for(writer.drain(), 0.1)
            except TimeoutError:
                break
        else:
            pytest.fail("a hundred megabytes went in without anybody taking them")
        writer.transport.abort()
        sink.gate.set()

    collected(scene)


def test_what_has_arrived_is_put_when_the_listener_stops():
    """Whole messages in the kernel and the unfinished one in hand are kept."""

    async def scene(sink, connect):
        sink.gate.clear()
        _, writer = await connect()
        writer.write(b"<34>first\n")
        await sink.putting.wait()
        writer.write(b"<34>second\n<34>unfin")
        await writer.drain()
        asyncio.get_running_loop().call_soon(sink.gate.set)

    assert raws(collected(scene)) == [b"<34>first", b"<34>second", b"<34>unfin"]


def test_a_sink_that_fails_ends_the_listener():
    """The runner must see it: a connection may not swallow it."""

    class Broken(KeepingSink):
        async def put(self, records):
            if records:
                raise OSError("disk")

    async def play():
        opened = bind(socket.AF_INET, ("127.0.0.1", 0))
        limits = TcpLimits(longest=1000, idle=60, connections=10, connections_a_peer=10)
        running = asyncio.ensure_future(TcpListener(opened, "here", limits).run(Broken()))
        _, writer = await asyncio.open_connection(*opened.getsockname())
        writer.write(b"<34>x\n")
        with pytest.raises(ExceptionGroup) as failed:
            await running
        writer.close()
        return failed.value

    assert [str(error) for error in asyncio.run(play()).exceptions] == ["disk"]


def test_without_descriptors_it_waits_and_goes_on(monkeypatch):
    """accept(2) failing for want of descriptors is no reason to stop listening."""
    monkeypatch.setattr(tcp, "ACCEPT_AGAIN", 0.01)
    real = socket.socket.accept
    failures = [OSError(24, "Too many open files"), ConnectionAbortedError()]

    def accept(self):
        if failures:
            raise failures.pop()
        return real(self)

    monkeypatch.setattr(socket.socket, "accept", accept)

    async def scene(sink, connect):
        _, writer = await connect()
        writer.write(b"<34>x\n")
        await sink.until_kept(1)

    assert raws(collected(scene)) == [b"<34>x"]
