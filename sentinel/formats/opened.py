"""A file is opened once and looked at: packed or not, an event file of Windows, or lines of text.

What was read of a pipe to see what it is cannot be read again, so nothing here reads twice.
"""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import IO

from sentinel.formats.evtx import MAGIC

_GZIP = b"\x1f\x8b"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BUFFER = 1024 * 1024


class Kind(Enum):
    """What a file is, by its first bytes."""

    EVTX = "evtx"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was opened, unpacked where it was packed."""

    kind: Kind
    stream: IO[bytes]

    def lines(self) -> Iterator[bytes]:
        """Its lines in UTF-8, each with its end, without a mark at the top.

        PowerShell writes UTF-16, which is turned into UTF-8.
        """
        return _from_utf16(self.stream) if self._begins_in_utf16() else iter(self.stream)

    def blocks(self, size: int) -> Iterator[bytes]:
        """The same lines joined to blocks of whole lines, each of `size` bytes or a little more.

        Whatever can be read before the reading fails comes first.
        """
        if self._begins_in_utf16() or not isinstance(self.stream, BufferedReader):
            return _blocks(self.lines(), size)
        return _blocks(_pieces(self.stream), size)

    def _begins_in_utf16(self) -> bool:
        """Look for a mark at the top; one of UTF-8 is passed over."""
        start = _start(self.stream)
        if start.startswith(codecs.BOM_UTF8):
            self.stream.read(len(codecs.BOM_UTF8))
        return start.startswith(_UTF16)


@contextmanager
def opened(file: Path) -> Iterator[Opened]:
    """Open a file and say what it is.

    Raises:
        OSError: it cannot be opened, or what is packed is damaged.
    """
    with file.open("rb", buffering=_BUFFER) as stream:
        plain = stream
        if _start(stream).startswith(_GZIP):
            unpacked = gzip.GzipFile(fileobj=stream)
            plain = BufferedReader(unpacked, _BUFFER)
        kind = Kind.EVTX if _start(plain).startswith(MAGIC) else Kind.TEXT
        yield Opened(kind, plain)


def _from_utf16(stream: IO[bytes]) -> Iterator[bytes]:
    # A half of a letter is no text; it stays visible.
    text = TextIOWrapper(stream, "utf-16", errors="backslashreplace", newline="\n")
    try:
        for line in text:
            yield line.encode()
    finally:
        text.detach()  # whoever opened the stream closes it


def _pieces(stream: BufferedReader) -> Iterator[bytes]:
    # Reads of the system as they are for lines: a damaged archive ends with the same line.
    while piece := stream.read1():
        yield piece


def _blocks(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    parts: list[bytes] = []
    held = 0
    try:
        for piece in pieces:
            begin = 0
            while end := piece.find(b"\n", max(begin, begin + size - held - 1)) + 1:
                yield b"".join((*parts, piece[begin:end]))
                parts.clear()
                begin, held = end, 0
            parts.append(piece[begin:])
            held += len(piece) - begin
    except (OSError, EOFError, zlib.error):
        whole = b"".join(parts)
        yield whole[: whole.rfind(b"\n") + 1]
        raise
    yield b"".join(parts)


def _start(stream: IO[bytes]) -> bytes:
    return stream.peek(len(MAGIC)) if isinstance(stream, BufferedReader) else b""
