"""Syslog as the settings know it: addresses, limits, and a port that is taken."""

import asyncio
import socket

import pytest
from pydantic import ValidationError

from collectors.syslog import SyslogCollector, SyslogOptions
from collectors.syslog.collector import Endpoint
from sentinel.errors import PortTaken
from tests.samples import KeepingSink


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("127.0.0.1:5514", ("127.0.0.1", 5514)),
        ("0.0.0.0:0", ("0.0.0.0", 0)),
        ("[::1]:514", ("::1", 514)),
        ("[2001:DB8:0::1]:65535", ("2001:db8::1", 65535)),
    ],
)
def test_an_address_is_read(text, endpoint):
    """IPv4 bare, IPv6 in brackets."""
    assert Endpoint.of(text) == endpoint
    assert Endpoint.of(str(Endpoint.of(text))) == endpoint


@pytest.mark.parametrize(
    "text",
    ["", "5514", ":5514", "localhost:514", "::1:514", "[127.0.0.1]:1", "127.0.0.1:65536",
     "127.0.0.1:", "127.0.0.1:-1", "127.0.0.1: 1", "127.0.0.1:²"],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_what_is_allowed(text):
    """The sentence names what was found and what may stand there."""
    with pytest.raises(ValidationError, match=r"allowed: an IP address and a port"):
        SyslogOptions(udp=text)


def test_listening_nowhere_is_refused():
    """An input without an address would be silence."""
    with pytest.raises(ValidationError, match="say where to listen"):
        SyslogOptions()


def test_both_listeners_run_and_say_where():
    """Port 0 becomes the port the kernel chose, in the status and in each record's origin."""

    async def play():
        sink = KeepingSink()
        collector = SyslogCollector(SyslogOptions(udp="127.0.0.1:0", tcp="[::1]:0"))
        running = asyncio.ensure_future(collector.run(sink))
        await sink.until(lambda: sink.where)
        udp, tcp = (Endpoint.of(where.split()[1]) for where in sink.where.split(", "))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"<34>by udp", udp)
        with socket.create_connection(tcp) as sender:
            sender.sendall(b"<34>by tcp\n")
            await sink.until_kept(2)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        return sink

    sink = asyncio.run(play())

    seen = {(record.raw, record.peer, record.origin) for record in sink.kept}
    udp, tcp = sink.where.split(", ")
    assert seen == {(b"<34>by udp", "127.0.0.1", udp), (b"<34>by tcp", "::1", tcp)}


@pytest.mark.parametrize("kind", ["udp", "tcp"])
def test_a_port_that_is_taken_is_told_with_a_way_out(kind):
    """And nothing stays bound: the other listener's port is free again."""
    kinds = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM}
    with socket.socket(socket.AF_INET, kinds[kind]) as other:
        other.bind(("127.0.0.1", 0))
        if kind == "tcp":
            other.listen()
        where = f"127.0.0.1:{other.getsockname()[1]}"
        free = "tcp" if kind == "udp" else "udp"
        collector = SyslogCollector(SyslogOptions(**{kind: where, free: "127.0.0.1:0"}))

        with pytest.raises(PortTaken, match=f"{kind} {where} is in use by another program; stop"):
            asyncio.run(collector.run(KeepingSink()))


def test_an_address_that_is_not_ours_is_told():
    """Any other refusal of the kernel names the address too."""
    collector = SyslogCollector(SyslogOptions(udp="192.0.2.1:5514"))

    with pytest.raises(OSError, match=r"cannot listen on udp 192\.0\.2\.1:5514: "):
        asyncio.run(collector.run(KeepingSink()))


def test_cancelled_before_its_first_step_it_leaves_no_socket():
    """A socket left open would warn here."""

    async def play():
        sink = KeepingSink()
        collector = SyslogCollector(SyslogOptions(udp="127.0.0.1:0", tcp="127.0.0.1:0"))
        running = asyncio.ensure_future(collector.run(sink))
        await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        return sink

    assert asyncio.run(play()).kept == []
