"""A file to read from, plain or gzip, by offset; what a program wrote, not how it is stored."""

from __future__ import annotations

import gzip
import os
import zlib
from typing import IO, Protocol

_GZIP = b"\x1f\x8b"  # RFC 1952 2.3.1
_SKIP = 1 << 20


class UnfinishedGzip(Exception):  # noqa: N818 - it may only be on its way
    """The compressed data end too early: it is still being written, or it was cut."""


class DamagedGzip(Exception):  # noqa: N818 - reads as the sentence it is
    """The compressed data cannot be read any further."""


class Source(Protocol):
    """An open file. Not for use by two threads at once."""

    compressed: bool

    def identity(self) -> tuple[int, int]:
        """Device and inode."""
        ...

    def modified(self) -> int:
        """When it was last written, in nanoseconds since 1970."""
        ...

    def stored(self) -> int:
        """Its size on disk in bytes."""
        ...

    def size_hint(self) -> int:
        """Its content's size in bytes, modulo 2**32; of a gzip file as its trailer says."""
        ...

    def read(self, at: int, size: int) -> bytes:
        """At most `size` bytes of content from offset `at`, b"" at the end.

        Raises:
            OSError: it cannot be read.
            UnfinishedGzip, DamagedGzip: as their names say.
        """
        ...

    def close(self) -> None:
        """Let go."""
        ...


def open_source(path: str) -> Source:
    """Open a regular file by what it holds, whatever its name.

    Raises:
        OSError: it cannot be opened.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        begins = os.pread(descriptor, len(_GZIP), 0)
    except OSError:
        os.close(descriptor)
        raise
    return GzipSource(descriptor) if begins == _GZIP else PlainSource(descriptor)


class _OnDisk:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def identity(self) -> tuple[int, int]:
        status = os.fstat(self._descriptor)
        return status.st_dev, status.st_ino

    def modified(self) -> int:
        return os.fstat(self._descriptor).st_mtime_ns

    def stored(self) -> int:
        return os.fstat(self._descriptor).st_size


class PlainSource(_OnDisk):
    """A file as it is."""

    compressed = False

    def size_hint(self) -> int:
        """See Source."""
        return self.stored() & 0xFFFFFFFF

    def read(self, at: int, size: int) -> bytes:
        """See Source."""
        return os.pread(self._descriptor, size, at)

    def close(self) -> None:
        """See Source."""
        os.close(self._descriptor)


class GzipSource(_OnDisk):
    """A gzip file as what was compressed; memory stays small whatever it expands to."""

    compressed = True

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor)
        self._file: IO[bytes] = os.fdopen(descriptor, "rb")
        self._content = gzip.GzipFile(fileobj=self._file, mode="rb")

    def size_hint(self) -> int:
        """See Source. RFC 1952 2.3.1: ISIZE, of the last member."""
        return int.from_bytes(os.pread(self._descriptor, 4, max(self.stored() - 4, 0)), "little")

    def read(self, at: int, size: int) -> bytes:
        """See Source. Going back means expanding from the beginning."""
        try:
            if self._content.tell() > at:
                self._content.seek(0)
            while (missing := at - self._content.tell()) > 0:
                if not self._content.read1(min(missing, _SKIP)):
                    return b""
            return self._content.read1(size)
        except EOFError as error:
            raise UnfinishedGzip("the gzip data end too early") from error
        except (zlib.error, gzip.BadGzipFile) as error:
            raise DamagedGzip(f"damaged gzip data: {error}") from error

    def close(self) -> None:
        """See Source."""
        self._content.close()
        self._file.close()


def read_exactly(source: Source, at: int, size: int) -> bytes:
    """As many of these bytes as there are, however small the pieces come."""
    pieces = b""
    while len(pieces) < size:
        piece = source.read(at + len(pieces), size - len(pieces))
        if not piece:
            break
        pieces += piece
    return pieces
