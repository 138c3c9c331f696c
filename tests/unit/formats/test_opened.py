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
