"""Standard input gives a record a line until it ends."""

import asyncio
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.stdin import Lines, StdinCollector, StdinOptions
from tests.samples import KeepingSink


def raws(sink):
    return [record.raw for record in sink.kept]


@pytest.fixture
def pipe():
    read, write = os.pipe()
    yield read, write
    os.close(read)


def test_each_line_is_a_record_until_the_pipe_ends(pipe):
    """LF and CRLF end a line, the last may lack it, empty ones are nothing."""
    read, write = pipe
    os.write(write, b"one\ntwo\r\n\nthree")
    os.close(write)
    sink = KeepingSink()

    asyncio.run(StdinCollector(StdinOptions(), read).run(sink))

    assert raws(sink) == [b"one", b"two", b"three"]
    assert sink.where == "standard input"
    assert {(record.origin, record.peer) for record in sink.kept} == {("standard input", "")}


def test_a_regular_file_may_be_standard_input(tmp_path):
    """`sentinel ... < file`: the event loop cannot wait for one, so it is read in a thread."""
    path = tmp_path / "lines"
    path.write_bytes(b"one\ntwo\n")
    sink = KeepingSink()

    with path.open("rb") as opened:
        asyncio.run(StdinCollector(StdinOptions(), opened.fileno()).run(sink))

    assert raws(sink) == [b"one", b"two"]


def test_waiting_for_input_does_not_block_and_a_cancel_puts_what_was_read(pipe):
    """The loop runs on while the pipe is silent; half a line is kept when the service stops."""
    read, write = pipe

    async def play():
        sink = KeepingSink()
        running = asyncio.ensure_future(StdinCollector(StdinOptions(), read).run(sink))
        os.write(write, b"whole\nhalf")
        await sink.until_kept(1)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        return sink

    sink = asyncio.run(play())
    os.close(write)

    assert raws(sink) == [b"whole", b"half"]


@given(
    st.lists(st.sampled_from([b"\n", b"\r", b"a", b"b" * 9, b"c" * 20]), max_size=20).map(b"".join),
    st.integers(1, 7),
)
def test_any_pieces_give_the_same_lines_cut_at_the_limit(stream, size):
    """A long line is cut and marked, and what is held stays small."""
    lines = Lines(8)
    whole = [line.removesuffix(b"\r") for line in stream.split(b"\n")]
    expected = [(line[:8], len(line) > 8) for line in whole if line]

    got = []
    for start in range(0, len(stream), size):
        got += lines.feed(stream[start : start + size])
        assert len(lines._held) <= 10
    got += lines.end()

    assert [(line.raw, line.truncated) for line in got] == expected
