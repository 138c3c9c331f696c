"""Clients that do not finish asking are sent away; others are not."""

import asyncio

import pytest
from starlette.responses import PlainTextResponse

from sentinel.web.patience import ImpatientProtocol, impatient
from sentinel.web.server import Limits, Listener

WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def slow(scope, receive, send):
    """Take longer than the patience of the listener."""
    await asyncio.sleep(0.3)
    await PlainTextResponse("done")(scope, receive, send)


async def conversation(sent):
    """Send what a client sends, say nothing more, and read until the listener hangs up."""
    listener = Listener("t", slow, "127.0.0.1", 0, None, Limits(patience=0.1, keep_alive=60))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(listener.serve())
        while not listener._server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(sent[0])
        answer = b""
        for more in sent[1:]:
            answer += await reader.readuntil(b"done")
            writer.write(more)
        answer += await reader.read()
        writer.close()
        await writer.wait_closed()
        listener.stop()
    return answer


@pytest.mark.parametrize("sent", [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_a_client_that_does_not_finish_asking_is_sent_away(sent):
    """Silent, or half-way through its headers: the connection ends without an answer."""
    assert asyncio.run(conversation([sent])) == b""


def test_an_answer_may_take_longer_than_asking():
    """Patience is for the question; after the answer half a second question ends it."""
    answer = asyncio.run(conversation([WHOLE, b"GET / HT"]))

    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"done")


def test_each_listener_has_its_own_patience():
    """Making one protocol does not change another."""
    hasty, calm = impatient(1), impatient(30)

    assert (hasty.patience, calm.patience) == (1, 30)
    assert issubclass(hasty, ImpatientProtocol)
