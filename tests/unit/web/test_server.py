"""A listener on loopback: it takes a port, serves, reloads, and stops as it is told."""

import asyncio
import signal
import socket
import ssl
import threading
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from sentinel.errors import PortTaken
from sentinel.web.server import Limits, Listener
from sentinel.web.tls import ReloadingContext, self_made


def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{request.url.scheme} {request.client.host}")


APP = Starlette(routes=[Route("/", hello)])


def a_listener(app=APP, context=None, **limits):
    return Listener("soc", app, "127.0.0.1", 0, context, Limits(**limits))


async def serving_begins(listener):
    """Wait until connections are taken: uvicorn says so in an attribute and in no other way."""
    while not listener._server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


@asynccontextmanager
async def running(listener):
    """Serve while the block runs, then stop and wait for the end."""
    async with asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(listener.serve())
        await serving_begins(listener)
        yield serving
        listener.stop()


async def said(port, sent):
    """Send bytes, then read until the other side hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


def test_it_serves_on_the_port_it_was_given_by_the_system():
    """Port 0 is any; the real one is known before anything is served."""

    async def scenario():
        listener = a_listener()
        listener.bind()
        port, url = listener.port, listener.url
        async with running(listener), httpx.AsyncClient() as client:
            return port, url, listener.port, await client.get(url)

    port, url, later, answer = asyncio.run(scenario())

    assert port > 0
    assert (port, f"http://127.0.0.1:{port}") == (later, url)
    assert (answer.status_code, answer.text) == (200, "http 127.0.0.1")


def test_it_does_not_say_what_it_is():
    """No server header; and a forwarded address is not believed."""

    async def scenario():
        listener = a_listener()
        async with running(listener), httpx.AsyncClient() as client:
            return await client.get(listener.url, headers={"X-Forwarded-For": "203.0.113.9"})

    answer = asyncio.run(scenario())

    assert "server" not in answer.headers
    assert answer.text == "http 127.0.0.1"


def test_a_taken_port_is_one_clear_sentence():
    """Which listener, which address, and what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortTaken, match=rf"web\.soc: http://127\.0\.0\.1:{port} is in use"):
            Listener("soc", APP, "127.0.0.1", port, None).bind()


def test_two_listeners_never_share_a_port():
    """Also where both are ours and neither serves yet."""

    async def scenario():
        first = a_listener()
        first.bind()
        first.bind()
        try:
            Listener("public", APP, "127.0.0.1", first.port, None).bind()
        finally:
            async with running(first):
                pass

    with pytest.raises(PortTaken, match=r"web\.public"):
        asyncio.run(scenario())


def test_an_address_of_another_machine_is_the_systems_error():
    """It is no taken port: the system's own sentence says what is wrong."""
    with pytest.raises(OSError, match="assign"):
        Listener("soc", APP, "203.0.113.1", 0, None).bind()


def test_an_ipv6_address_is_written_in_brackets():
    """As RFC 3986 wants it."""
    assert Listener("soc", APP, "::1", 8080, None).url == "http://[::1]:8080"


def test_signals_stay_with_the_service():
    """While it serves the handlers are the ones that were there."""

    def handlers():
        return signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)

    async def scenario():
        before = handlers()
        async with running(a_listener()):
            return before, handlers()

    before, meanwhile = asyncio.run(scenario())

    assert before == meanwhile


def test_a_request_that_runs_is_finished_before_it_stops():
    """Stopping takes no new connections and loses no answer."""
    entered, leave = threading.Event(), threading.Event()

    def slow(request: Request) -> PlainTextResponse:
        entered.set()
        leave.wait(10)
        return PlainTextResponse("done")

    async def scenario():
        listener = a_listener(Starlette(routes=[Route("/", slow)]))
        async with running(listener), httpx.AsyncClient() as client, asyncio.TaskGroup() as tasks:
            asked = tasks.create_task(client.get(listener.url))
            await asyncio.to_thread(entered.wait, 10)
            listener.stop()
            leave.set()
            return await asked

    assert asyncio.run(scenario()).text == "done"


def test_cancelling_frees_the_port():
    """A cancelled listener closes its socket, and the cancellation goes on."""

    async def scenario():
        listener = a_listener()
        async with running(listener) as serving:
            port = listener.port
            serving.cancel()
            await asyncio.wait([serving])
            with socket.socket() as other:
                other.bind(("127.0.0.1", port))
            return serving.cancelled()

    assert asyncio.run(scenario())


def test_tls_is_spoken_and_follows_the_files(tmp_path):
    """The running listener shows the new certificate without a restart."""
    now = datetime.now(UTC)
    files, renewed = self_made(tmp_path / "a", [], now), self_made(tmp_path / "b", [], now)

    async def scenario():
        listener = a_listener(context=ReloadingContext(files), reload=0)
        async with running(listener):
            async with httpx.AsyncClient(
                verify=ssl.create_default_context(cafile=str(files.certificate))
            ) as client:
                first = await client.get(listener.url)
            files.key.write_bytes(renewed.key.read_bytes())
            files.certificate.write_bytes(renewed.certificate.read_bytes())
            trusting = ssl.create_default_context(cafile=str(renewed.certificate))
            while True:
                async with httpx.AsyncClient(verify=trusting) as client:
                    try:
                        return listener, first, await client.get(listener.url)
                    except httpx.ConnectError:
                        await asyncio.sleep(0.1)

    listener, first, second = asyncio.run(scenario())

    assert listener.url.startswith("https://")
    assert listener.problem == ""
    assert [first.text, second.text] == ["https 127.0.0.1"] * 2


def test_plain_http_is_refused_where_tls_is_spoken(tmp_path):
    """Nothing is answered in clear."""
    context = ReloadingContext(self_made(tmp_path, [], datetime.now(UTC)))

    async def scenario():
        listener = a_listener(context=context)
        async with running(listener):
            return await said(listener.port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")

    assert b"HTTP" not in asyncio.run(scenario())


def test_a_problem_with_the_certificate_can_be_asked_for(tmp_path):
    """The status page shows it while the old pair is in use."""
    files = self_made(tmp_path, [], datetime.now(UTC))
    context = ReloadingContext(files)
    files.key.unlink()

    context.refresh()

    assert str(files.key) in a_listener(context=context).problem
    assert a_listener().problem == ""


def test_headers_are_limited():
    """A request line without end is answered 400, and the connection closed."""

    async def scenario():
        listener = a_listener(request_head=2000)
        async with running(listener):
            return await said(listener.port, b"GET /" + b"x" * 10_000)

    assert asyncio.run(scenario()).startswith(b"HTTP/1.1 400")


def test_connections_are_limited():
    """One too many is answered 503 at once."""

    async def scenario():
        listener = a_listener(connections=1)
        async with running(listener):
            return await said(
                listener.port, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            )

    assert asyncio.run(scenario()).startswith(b"HTTP/1.1 503")


def test_an_address_that_is_not_served_is_let_go():
    """Whoever could not start leaves nothing behind, and may try again."""
    listener = Listener("soc", APP, "127.0.0.1", 0, None)
    listener.bind()
    port = listener.port
    listener.release()
    listener.release()

    with socket.create_server(("127.0.0.1", port)) as other:
        assert other.getsockname()[1] == port
