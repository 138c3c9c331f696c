"""Checksums in a Parquet file's footer: of the footer itself and of all that comes before it.

Parquet has checksums for pages at most, and none for the footer, whose statistics decide what a
search passes over. So the file's key-value metadata begins with a signature that is written blank
and filled in when the file is complete.
"""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

from sentinel.errors import StoreDamaged

_MAGIC = b"PAR1"
_TAIL = 8  # the footer's length in four bytes, little-endian, and the magic
_PATTERN = re.compile(rb"sentinel-data:([0-9a-f]{8}) sentinel-footer:([0-9a-f]{8}) ")
_CHUNK = 1 << 20


class Part(Enum):
    """How much of a file to check."""

    FOOTER = "footer"
    WHOLE = "whole"


def signature(data: int = 0, footer: int = 0) -> bytes:
    """The text of a signature, of fixed length; blank where nothing is given."""
    return f"sentinel-data:{data:08x} sentinel-footer:{footer:08x} ".encode("ascii")


def sign(path: Path) -> None:
    """Fill in the blank signature of a file that is complete.

    Raises:
        OSError: the disk refused.
        StoreDamaged: it is no Parquet file with a blank signature.
    """
    with path.open("r+b") as file:
        start, footer = _footer(file)
        place = footer.find(signature())
        if place < 0:
            raise StoreDamaged("there is no signature to fill in")
        data = _crc_through(file, start)
        unsigned = footer.replace(signature(), signature(data), 1)
        file.seek(start + place)
        file.write(signature(data, crc32(unsigned)))


def check(path: Path, part: Part) -> None:
    """Hold a file against its signature.

    Raises:
        StoreDamaged: it is not what was signed.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        start, footer = _footer(file)
        found = _PATTERN.search(footer)
        if found is None:
            raise StoreDamaged("its footer has no signature")
        data, footer_crc = (int(text, 16) for text in found.groups())
        unsigned = footer[: found.start()] + signature(data) + footer[found.end() :]
        if crc32(unsigned) != footer_crc:
            raise StoreDamaged("the checksum of its footer is wrong")
        if part is Part.WHOLE and _crc_through(file, start) != data:
            raise StoreDamaged("the checksum of its data is wrong")


def _footer(file: BinaryIO) -> tuple[int, bytes]:
    """Where the footer starts, and all bytes from there to the end."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail = file.read()
    length = int.from_bytes(tail[:4], "little") + _TAIL
    if not tail.endswith(_MAGIC) or length > size:
        raise StoreDamaged("its end is not that of a Parquet file")
    file.seek(size - length)
    return size - length, file.read()


def _crc_through(file: BinaryIO, end: int) -> int:
    """The checksum of all bytes before `end`."""
    file.seek(0)
    crc = 0
    while end > 0:
        chunk = file.read(min(_CHUNK, end))
        if not chunk:
            raise StoreDamaged("it ended while it was read")
        crc = crc32(chunk, crc)
        end -= len(chunk)
    return crc
