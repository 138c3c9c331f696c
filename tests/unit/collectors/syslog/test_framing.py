"""Messages come out of a TCP stream whole, in order, whatever pieces it arrives in."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from collectors.syslog.framing import Frame, Framer, counted

CORPUS = Path(__file__).parents[3] / "corpus" / "collect" / "framing.yml"
CASES = yaml.safe_load(CORPUS.read_text(encoding="utf-8"))
LIMIT = 480

# Bytes that matter to framing come often, so that every corner is met.
STREAMS = st.lists(
    st.one_of(
        st.sampled_from([b"<", b"\n", b"\0", b"\r", b" ", b"1", b"9 <", b"30 <x", b"999999999 <"]),
        st.binary(max_size=20),
        st.sampled_from([b"a" * 30, b"<34>" + b"b" * 40]),
    ),
    max_size=30,
).map(b"".join)
MESSAGES = st.lists(
    st.binary(max_size=LIMIT - 4)
    .map(lambda rest: b"<34>" + rest)
    .filter(lambda message: message[-1:] not in (b"\n", b"\r", b"\0")),
    max_size=8,
)


def spelled(text, encoding):
    """The corpus writes long runs as {x*600}."""
    long = re.sub(r"\{(.)\*(\d+)\}", lambda run: run[1] * int(run[2]), text)
    return long.encode(encoding)


def fed(framer, chunks):
    return [frame for chunk in chunks for frame in framer.feed(chunk)]


def split(stream, cuts):
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[a:b] for a, b in pairwise(edges)]


@pytest.mark.parametrize("case", CASES, ids=[case["intent"] for case in CASES])
def test_a_stream_of_the_corpus_gives_its_messages(case):
    """Each case of framing.yml, in one piece and byte by byte."""
    encoding = case.get("encoding", "utf-8")
    stream = spelled(case["sent"], encoding)
    cut = case.get("truncated", [])
    messages = [spelled(text, encoding) for text in case["messages"]]
    expected = [Frame(raw, number in cut) for number, raw in enumerate(messages)]

    for chunks in ([stream], [bytes([byte]) for byte in stream]):
        framer = Framer(LIMIT)
        frames = fed(framer, chunks) + (framer.end() if case.get("ended", True) else [])

        assert frames == expected
        assert framer.disbelieved == case.get("disbelieved", 0)


@given(STREAMS, st.lists(st.integers(0, 1000), max_size=20))
def test_any_split_of_a_stream_gives_the_same_messages(stream, cuts):
    """The network's pieces mean nothing."""
    whole, pieces = Framer(32, absurd=100), Framer(32, absurd=100)

    expected = whole.feed(stream) + whole.end()
    frames = fed(pieces, split(stream, cuts)) + pieces.end()

    assert frames == expected
    assert pieces.disbelieved == whole.disbelieved


@given(STREAMS, st.lists(st.integers(0, 1000), max_size=20))
def test_what_is_held_never_grows_beyond_one_message(stream, cuts):
    """No stream makes it hold more than the limit, a length and a trailer."""
    framer = Framer(32, absurd=100)

    for chunk in split(stream, cuts):
        framer.feed(chunk)

        assert framer.held <= 32 + 12


@given(MESSAGES)
def test_counted_messages_come_out_as_they_went_in(messages):
    """Octet counting carries any bytes."""
    framer = Framer(LIMIT)

    frames = framer.feed(b"".join(counted(message) for message in messages))

    assert frames == [Frame(message) for message in messages]
    assert framer.end() == []


@given(MESSAGES, st.sampled_from([b"\n", b"\r\n", b"\0"]))
def test_lines_come_out_as_they_went_in(messages, trailer):
    """A trailer carries any bytes but itself."""
    clean = [message.translate(None, b"\r\n\0") for message in messages]
    framer = Framer(LIMIT)

    frames = framer.feed(b"".join(message + trailer for message in clean))

    assert frames == [Frame(message) for message in clean]


def test_a_cut_message_comes_out_before_its_end_has_arrived():
    """A message without end does not wait for one."""
    framer = Framer(LIMIT)

    frames = framer.feed(b"<34>" + b"x" * 10_000)

    assert frames == [Frame(b"<34>" + b"x" * 476, truncated=True)]
    assert framer.held == 0
