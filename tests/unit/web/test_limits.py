"""How much, how slowly and how often."""

import asyncio

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from sentinel.web.limits import BodyLimit, GuessLimit
from tests.unit.web.fakes import Browser


async def echo(scope, receive, send):
    body = await Request(scope, receive).body()
    await PlainTextResponse(body)(scope, receive, send)


async def send(app, messages):
    """Call an application with these messages, then silence; return what it sent."""
    sent = []
    waiting = list(messages)

    async def receive():
        if waiting:
            return waiting.pop(0)
        await asyncio.Event().wait()
        raise AssertionError("nothing follows")

    async def collect(message):
        sent.append(message)

    await app({"type": "http", "method": "POST", "headers": []}, receive, collect)
    return sent


@pytest.mark.parametrize("size", [0, 1, 10])
def test_a_body_within_the_limit_arrives_whole(size):
    """Up to the last byte allowed."""
    answer = Browser(BodyLimit(echo, most=10)).post("/", content=b"x" * size)

    assert b"x" * size == answer.content


def test_a_body_above_the_limit_is_refused_before_anybody_reads_it():
    """413, whether its length is announced or it comes in pieces."""

    async def pieces():
        for _ in range(11):
            yield b"x"

    async def chunked():
        transport = httpx.ASGITransport(BodyLimit(echo, most=10))
        async with httpx.AsyncClient(transport=transport, base_url="http://t.example") as client:
            return await client.post("/", content=pieces())

    whole = Browser(BodyLimit(echo, most=10)).post("/", content=b"x" * 11)

    assert [whole.status_code, asyncio.run(chunked()).status_code] == [413, 413]
    assert "10 bytes" in whole.text
    assert whole.headers["Connection"] == "close"


def test_a_body_that_does_not_come_is_not_waited_for():
    """A client that stops half-way is answered 408, and the handler never ran."""
    half = {"type": "http.request", "body": b"x", "more_body": True}

    sent = asyncio.run(send(BodyLimit(echo, most=10, seconds=0.01), [half]))

    assert sent[0]["status"] == 408


def test_a_client_that_went_away_gets_no_answer():
    """There is nobody to answer."""
    assert asyncio.run(send(BodyLimit(echo, most=10), [{"type": "http.disconnect"}])) == []


def test_what_is_no_request_passes():
    """Start-up messages and the like are not bodies."""
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    asyncio.run(BodyLimit(app, most=10)({"type": "lifespan"}, None, None))

    assert seen == ["lifespan"]


class Seconds:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_too_many_wrong_guesses_are_noticed():
    """The one after the limit, and only from that address."""
    limit = GuessLimit(Seconds(), most=2)

    assert [limit.wrong("192.0.2.1") for _ in range(4)] == [False, False, True, True]
    assert not limit.wrong("192.0.2.2")


def test_guesses_are_forgotten_after_a_while():
    """The window begins with the first guess."""
    clock = Seconds()
    limit = GuessLimit(clock, most=1, seconds=60)
    before = [limit.wrong("192.0.2.1") for _ in range(2)]

    clock.now = 60.0

    assert before == [False, True]
    assert not limit.wrong("192.0.2.1")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("testclient", "testclient", True),
    ],
)
def test_an_ipv6_client_is_its_network(one, other, same):
    """A client owns a /64: changing the last half is no way around."""
    limit = GuessLimit(Seconds(), most=1)
    limit.wrong(one)

    assert same is limit.wrong(other)


def test_memory_is_bounded():
    """However many addresses guess, the one that guessed longest ago is forgotten."""
    limit = GuessLimit(Seconds(), most=1, addresses=2)
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        limit.wrong(address)

    assert not limit.wrong("192.0.2.1")
    assert limit.wrong("192.0.2.3")
    assert len(limit._windows) == 2
