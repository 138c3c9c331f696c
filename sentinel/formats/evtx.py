"""Event files of Windows (EVTX): which records are in them, damaged files included.

The library goes on behind a broken record or chunk. What it passes over in silence is told here: a
file that ends within a chunk has lost what followed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from io import SEEK_END, BufferedReader
from tempfile import SpooledTemporaryFile
from typing import IO

import orjson
from evtx import PyEvtxParser

from sentinel.formats.jsontext import Broken, Found

MAGIC = b"ElfFile\x00"

_HEADER = 4096
_CHUNK = 65536
_IN_MEMORY = 64 * 1024 * 1024  # bytes of a file that is copied; more goes to disk


def records(stream: IO[bytes]) -> Iterator[Found | Broken]:
    """Every record of an event file in order, and what cannot be read.

    A file on disk is read in place; of a pipe, an archive or a file that was cut off, a copy is.

    Raises:
        OSError: it is no event file, or it cannot be read.
    """
    if isinstance(stream, BufferedReader) and stream.seekable() and not _missing(stream):
        yield from _numbered(stream, 0)
        return
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        shutil.copyfileobj(stream, copy, 1024 * 1024)
        missing = _missing(copy)
        copy.seek(0, SEEK_END)
        copy.write(bytes(missing))  # the last chunk is whole then, and its records are read
        yield from _numbered(copy, missing)


def _numbered(stream: IO[bytes], missing: int) -> Iterator[Found | Broken]:
    stream.seek(0)
    for each in _parsed(stream):
        yield Broken(0, each) if isinstance(each, str) else Found(each)
    if missing:
        why = f"the file ends within a chunk: {missing} bytes are missing"
        yield Broken(0, why)


def _parsed(stream: IO[bytes]) -> Iterator[dict[str, object] | str]:
    """Objects as they come, and a sentence for what could not be read."""
    try:
        found = PyEvtxParser(stream, number_of_threads=1).records_json()
    except RuntimeError as error:
        raise OSError(f"this is no event file of Windows: {error}") from error
    while True:
        try:
            record = next(found, None)
        except RuntimeError as error:
            yield " ".join(str(error).split())
            continue
        if record is None:
            return
        try:
            yield orjson.loads(record["data"])
        except orjson.JSONDecodeError as error:
            yield f"the record's data cannot be read: {error}"


def _missing(stream: IO[bytes]) -> int:
    """How many bytes the last chunk lacks."""
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    return -(size - _HEADER) % _CHUNK if size > _HEADER else 0
