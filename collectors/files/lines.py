"""Cuts the bytes of a file into lines and says where in the file each ends."""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """A line without its line end; `end` is the offset in the file of the byte after it."""

    raw: bytes
    end: int
    truncated: bool


class LineCutter:
    """Takes the bytes from `start` on, in any pieces; holds at most `longest` bytes and two more.

    A longer line comes out cut and marked, when its end has been seen.
    """

    def __init__(self, start: int, longest: int) -> None:
        self._longest = longest
        self._at = start
        self._held = b""
        self.start = start  # of the line that is not complete yet

    def feed(self, chunk: bytes) -> list[Line]:
        """Take more bytes and return the lines that are complete now, empty ones included."""
        lines: list[Line] = []
        begin = 0
        while (end := chunk.find(b"\n", begin)) >= 0:
            lines.append(self._line(chunk[begin:end], self._at + end + 1))
            begin = end + 1
        # Two bytes above the limit are enough to know that a line is too long, CR or not.
        room = self._longest + 2 - len(self._held)
        self._held += chunk[begin : begin + room]
        self._at += len(chunk)
        return lines

    def rest(self) -> list[Line]:
        """The last line, if the file ends without a line end."""
        return [self._line(b"", self._at)] if self._held else []

    def _line(self, last: bytes, end: int) -> Line:
        whole = (self._held + last).removesuffix(b"\r")
        self._held = b""
        self.start = end
        return Line(whole[: self._longest], end, len(whole) > self._longest)
