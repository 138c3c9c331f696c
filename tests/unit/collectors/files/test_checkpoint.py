"""A file is known again by what it holds, and by nothing less."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.files.checkpoint import HEAD, TAIL, Checkpoint, digest
from collectors.files.source import open_source

CONTENT = b"".join(b"line %d of a log\n" % number for number in range(300))


def a_checkpoint(content=CONTENT, offset=None, **changes):
    offset = len(content) if offset is None else offset
    fields = {
        "path": "/var/log/auth.log",
        "device": 2049,
        "inode": 131077,
        "offset": offset,
        "head": digest(content[: min(HEAD, offset)]),
        "tail": digest(content[max(0, offset - TAIL) : offset]),
        "modified": 1_763_787_600_000_000_000,
    }
    return Checkpoint(**(fields | changes))


@pytest.fixture
def holding(tmp_path):
    opened = []

    def hold(content):
        path = tmp_path / f"file{len(opened)}"
        path.write_bytes(content)
        opened.append(open_source(str(path)))
        return opened[-1]

    yield hold
    for source in opened:
        source.close()


@given(st.text(), st.integers(0), st.integers(0))
def test_a_mark_reads_as_it_was_written(path, offset, modified):
    """Any path survives."""
    checkpoint = a_checkpoint(path=path, offset=offset, modified=modified)

    assert Checkpoint.of_mark(checkpoint.mark()) == checkpoint


@pytest.mark.parametrize(
    "mark",
    ["", "{}", "[]", "7", '{"offset": 1}', a_checkpoint().mark().replace("131077", '"131077"')],
)
def test_a_mark_of_another_kind_is_refused(mark):
    """Guessing would lose lines or double them."""
    with pytest.raises(ValueError, match=r"not a checkpoint|Expecting value"):
        Checkpoint.of_mark(mark)


def test_a_mark_is_readable_to_people():
    """Whoever looks into the journal sees the path and the offset."""
    fields = json.loads(a_checkpoint(offset=17).mark())

    assert (fields["path"], fields["offset"]) == ("/var/log/auth.log", 17)


@pytest.mark.parametrize("offset", [1, 17, HEAD - 1, HEAD, HEAD + 1, len(CONTENT)])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_the_same_content_fits_grown_or_compressed(holding, offset, pack):
    """What follows the offset does not matter."""
    source = holding(pack(CONTENT + b"more\n"))

    assert a_checkpoint(offset=offset).fits(source)


@pytest.mark.parametrize("offset", [17, HEAD, len(CONTENT)])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        CONTENT[:10],
        b"X" + CONTENT[1:],
        CONTENT.replace(b"line", b"LINE"),
        CONTENT[100:] + CONTENT,
    ],
    ids=["empty", "shorter", "first byte", "other", "shifted"],
)
def test_another_content_does_not_fit(holding, offset, content):
    """Shorter, changed or shifted."""
    assert not a_checkpoint(offset=offset).fits(holding(content))


def test_a_change_just_before_the_offset_is_seen(holding):
    """Files with the same long header part there."""
    changed = bytearray(CONTENT)
    changed[-10] ^= 1

    assert a_checkpoint().begins_like(holding(bytes(changed)))
    assert not a_checkpoint().fits(holding(bytes(changed)))
