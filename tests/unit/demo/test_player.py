"""Lines leave in their time, from their sender's address, over UDP and TCP."""

import asyncio
from contextlib import asynccontextmanager

from sentinel.demo.incident import load_incident
from sentinel.demo.player import Player, Target
from sentinel.documents import SourceText
from tests.samples import FixedClock

TEXT = """
senders:
  a: {address: 127.0.0.11, over: tcp}
  b: {address: 127.0.0.12, over: udp}
programs: {sshd: 86}
lines:
  - {at: 0, times: 2, every: 0.01, sender: a, host: a1, program: sshd, text: "over tcp {n}"}
  - {at: 0.005, sender: b, host: b1, program: sshd, text: over udp}
background:
  - {at: 0.02, every: 0.01, sender: a, host: a1, program: sshd, text: quiet}
"""
INCIDENT = load_incident(SourceText("incident.yml", TEXT))


class Heard(asyncio.DatagramProtocol):
    """A listener on both kinds of port that remembers who said what."""

    def __init__(self):
        self.said = []
        self.news = asyncio.Event()

    def datagram_received(self, data, address):
        self.hear(address[0], data)

    def hear(self, peer, data):
        self.said.append((peer, data))
        self.news.set()

    async def connected(self, reader, writer):
        peer = writer.get_extra_info("peername")[0]
        try:
            while not reader.at_eof():
                length = (await reader.readuntil(b" ")).strip()
                self.hear(peer, await reader.readexactly(int(length)))
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    async def until(self, met):
        while not met():
            self.news.clear()
            await self.news.wait()


@asynccontextmanager
async def listening(port=0):
    heard = Heard()
    server = await asyncio.start_server(heard.connected, "127.0.0.1", port)
    port = server.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    datagrams, _ = await loop.create_datagram_endpoint(lambda: heard, ("127.0.0.1", port))
    try:
        yield heard, port
    finally:
        datagrams.close()
        server.close()
        await server.wait_closed()


def _player(port):
    return Player(INCIDENT, Target(host="127.0.0.1", port=port), FixedClock(), speed=1)


def _words(said):
    return [(peer, data.decode().partition(" - - ")[2]) for peer, data in said]


def test_each_line_comes_from_its_sender_s_address():
    """By TCP with octet counting, by UDP as one datagram; the background goes on."""

    async def story():
        async with listening() as (heard, port), asyncio.TaskGroup() as tasks:
            playing = tasks.create_task(_player(port).play())
            await heard.until(lambda: len(heard.said) >= 6)
            playing.cancel()
            return _words(heard.said)

    said = asyncio.run(story())

    assert {("127.0.0.11", "over tcp 1"), ("127.0.0.11", "over tcp 2")} <= set(said)
    assert ("127.0.0.12", "over udp") in said
    assert said.count(("127.0.0.11", "quiet")) >= 2


def test_where_nobody_listens_it_goes_on_and_is_heard_later(monkeypatch):
    """The service may be on its way down, or its input on its way up."""
    monkeypatch.setattr("sentinel.demo.player.AGAIN", 0.01)

    async def story():
        async with listening() as (_, port):
            pass
        async with asyncio.TaskGroup() as tasks:
            playing = tasks.create_task(_player(port).play())
            await asyncio.sleep(0)
            async with listening(port) as (heard, _):
                await heard.until(lambda: ("127.0.0.11", "quiet") in _words(heard.said))
                playing.cancel()

    asyncio.run(story())


def test_a_connection_that_broke_is_made_again(monkeypatch):
    """As every sender of syslog does."""
    monkeypatch.setattr("sentinel.demo.player.AGAIN", 0.01)
    connections = []

    async def hang_up(reader, writer):
        connections.append(writer.get_extra_info("peername")[0])
        writer.close()

    async def story():
        server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        async with asyncio.TaskGroup() as tasks:
            playing = tasks.create_task(_player(server.sockets[0].getsockname()[1]).play())
            while len(connections) < 3:  # noqa: ASYNC110 - a list has no news to wait for
                await asyncio.sleep(0.01)
            playing.cancel()
        server.close()
        await server.wait_closed()

    asyncio.run(story())

    assert set(connections) == {"127.0.0.11"}
