"""What a file is, by its first bytes, and its lines."""

import gzip
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from sentinel.formats.opened import Kind, opened
from tests.evtxfile import evtx

TEXT = "một\nhai\r\n\nba"
LINES = [b"m\xe1\xbb\x99t\n", b"hai\r\n", b"\n", b"ba"]


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        gzip.compress(TEXT.encode()),
        gzip.compress(TEXT.encode("utf-16")),
    ],
)
def test_lines_are_utf8_however_they_were_saved(tmp_path, data):
    """With their ends, without a mark at the top."""
    path = tmp_path / "file"
    path.write_bytes(data)
    with opened(path) as found:
        lines = list(found.lines())

    assert (found.kind, lines) == (Kind.TEXT, LINES)


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
def test_event_files_are_known_by_their_first_bytes(tmp_path, packed):
    """Packed ones too, and they come whole."""
    path = tmp_path / "file"
    path.write_bytes(packed(evtx()))
    with opened(path) as found:
        data = found.stream.read()

    assert (Kind.EVTX, evtx()) == (found.kind, data)


def test_a_pipe_is_read_from_its_first_byte(tmp_path):
    """Looking what it is must not use it up."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(pipe.write_bytes, TEXT.encode())
        with opened(pipe) as found:
            lines = list(found.lines())

    assert lines == LINES


def test_bytes_that_are_no_text_go_through(tmp_path):
    """What they mean is decided by whoever reads the lines."""
    path = tmp_path / "file"
    path.write_bytes(b"\xff\n\xfe\n")
    with opened(path) as found:
        assert list(found.lines()) == [b"\xff\n", b"\xfe\n"]


def test_a_file_that_is_not_there_cannot_be_opened(tmp_path):
    """The system's own reason."""
    with pytest.raises(FileNotFoundError), opened(tmp_path / "none"):
        pass


@pytest.mark.parametrize("size", [1, 4, 9, 1000])
@pytest.mark.parametrize("way", ["utf-8", "utf-8-sig", "utf-16"])
def test_blocks_are_the_lines_joined(tmp_path, size, way):
    """None is cut, and each block but the last has as many bytes as was asked for."""
    path = tmp_path / "file"
    path.write_bytes(TEXT.encode(way))
    with opened(path) as found:
        blocks = list(found.blocks(size))

    assert [line for block in blocks for line in block.splitlines(keepends=True)] == LINES
    assert all(len(block) >= size and block.endswith(b"\n") for block in blocks[:-1])


@pytest.mark.parametrize("missing", [9, 700_000])
def test_blocks_of_a_damaged_archive_end_with_its_last_line(tmp_path, missing):
    """As its lines do, before the fault is raised."""
    path = tmp_path / "file"
    whole = b"".join(
        b"%d %s\n" % (number, os.urandom(30).hex().encode()) for number in range(60_000)
    )
    path.write_bytes(gzip.compress(whole, 1)[:-missing])
    lines, blocks = [], []
    with pytest.raises(EOFError), opened(path) as found:
        lines.extend(found.lines())
    with pytest.raises(EOFError), opened(path) as found:
        blocks.extend(found.blocks(50_000))

    assert len(lines) > 10_000
    assert b"".join(blocks) == b"".join(lines)
