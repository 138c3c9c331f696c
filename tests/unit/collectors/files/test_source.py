"""Plain and gzip files read alike, by offset."""

import gzip
import os
from pathlib import Path

import pytest

from collectors.files.source import (
    DamagedGzip,
    GzipSource,
    PlainSource,
    UnfinishedGzip,
    open_source,
    read_exactly,
)

CONTENT = bytes(range(256)) * 40


@pytest.fixture(params=["plain", "gzip", "two members"])
def source(request, tmp_path):
    path = tmp_path / "content"
    half = len(CONTENT) // 2
    path.write_bytes(
        {
            "plain": CONTENT,
            "gzip": gzip.compress(CONTENT),
            "two members": gzip.compress(CONTENT[:half]) + gzip.compress(CONTENT[half:]),
        }[request.param]
    )
    opened = open_source(str(path))
    yield opened
    opened.close()


def opened_with(tmp_path, data):
    path = tmp_path / "data"
    path.write_bytes(data)
    return open_source(str(path))


def test_content_is_read_by_offset_forward_and_back(source):
    """Beyond the end there is nothing."""
    assert read_exactly(source, 1000, 20) == CONTENT[1000:1020]
    assert read_exactly(source, 9000, 5000) == CONTENT[9000:]
    assert read_exactly(source, 10, 5) == CONTENT[10:15]
    assert source.read(len(CONTENT) + 5, 10) == b""


def test_a_file_is_known_by_what_it_holds_not_by_its_name(tmp_path):
    """A gzip file may have lost its ".gz", a plain one may have got it."""
    plain, packed = tmp_path / "a.gz", tmp_path / "b"
    plain.write_bytes(b"text")
    packed.write_bytes(gzip.compress(b"text"))
    sources = [open_source(str(path)) for path in (plain, packed)]

    kinds = [type(one) for one in sources]
    for one in sources:
        one.close()

    assert kinds == [PlainSource, GzipSource]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_size_of_the_content_is_told_without_reading_it(tmp_path, pack):
    """From the file's size, or from the gzip trailer."""
    source = opened_with(tmp_path, pack(CONTENT))

    hint = source.size_hint()
    source.close()

    assert hint == len(CONTENT)


def test_gzip_data_that_end_too_early_say_so_after_what_there_is(tmp_path):
    """What can be expanded is given first."""
    content = os.urandom(5000)
    source = opened_with(tmp_path, gzip.compress(content)[:3000])

    got = source.read(0, 100_000)
    with pytest.raises(UnfinishedGzip):
        read_exactly(source, len(got), 100_000)
    source.close()

    assert got == content[: len(got)]
    assert len(got) > 0


def test_gzip_data_that_are_damaged_say_so(tmp_path):
    """A broken checksum is seen at the end."""
    data = bytearray(gzip.compress(CONTENT))
    data[-8] ^= 1
    source = opened_with(tmp_path, data)

    with pytest.raises(DamagedGzip, match="CRC"):
        read_exactly(source, 0, len(CONTENT) + 1)
    source.close()


def test_a_folder_cannot_be_opened(tmp_path):
    """And leaves no descriptor behind."""
    before = len(list(Path("/proc/self/fd").iterdir()))

    with pytest.raises(IsADirectoryError):
        open_source(str(tmp_path))

    assert len(list(Path("/proc/self/fd").iterdir())) == before
