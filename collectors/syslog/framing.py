"""Where one syslog message ends and the next begins in a stream of bytes (RFC 6587)."""

from __future__ import annotations

import re
from typing import NamedTuple

# RFC 6587 3.4.1: MSG-LEN is a number without leading zero, then a space, then the message, which
# begins with the "<" of its priority. That last byte tells a length from a line like "2026 ...".
_COUNTED = re.compile(rb"([1-9][0-9]{0,9}) <")
_MAYBE_COUNTED = re.compile(rb"[1-9][0-9]{0,9} ?")

# RFC 6587 3.4.2: the trailer is LF; NUL and CRLF are also seen.
_TRAILER = b"\r\n\0"
_FIRST_DIGITS = b"123456789"


class Frame(NamedTuple):
    """One message without its framing. `truncated`: the limit or the end of the stream cut it."""

    raw: bytes
    truncated: bool = False


class Framer:
    """Cuts a stream into messages, whatever pieces it comes in.

    At the start of each message it looks whether the sender counts octets or ends messages with a
    trailer. A message above `longest` bytes is cut and marked, and the rest of it passed over. A
    length above `absurd` bytes is not believed: it would swallow what follows, so the bytes are
    read as a line instead and `disbelieved` grows. Holds at most `longest` bytes and a few more.
    """

    def __init__(self, longest: int, absurd: int | None = None) -> None:
        self._longest = longest
        self._absurd = absurd or max(16 * longest, 1024 * 1024)
        self._held = b""
        self._frame_rest = 0  # bytes of a counted message that is cut and still to be passed over
        self._line_rest = False  # the same for a line: everything up to its trailer
        self.disbelieved = 0

    @property
    def held(self) -> int:
        """How many bytes wait for more."""
        return len(self._held)

    def feed(self, chunk: bytes) -> list[Frame]:
        """Take more bytes and return the messages that are complete now."""
        data = self._held + chunk
        frames: list[Frame] = []
        at = 0
        while True:
            after = self._next(data, at, frames)
            if after == at:
                break
            at = after
        self._held = data[at:]
        return frames

    def end(self) -> list[Frame]:
        """The stream has ended: what is left is a message.

        A counted message that is not whole is marked as cut; of a line nobody can tell.
        """
        data, self._held = self._held, b""
        match = _COUNTED.match(data)
        if match is None:
            return _frames(self._line(data))
        if int(match[1]) > self._absurd:
            self.disbelieved += 1
            return _frames(self._line(data))
        return _frames(Frame(data[match.end() - 1 :].rstrip(_TRAILER), truncated=True))

    def _next(self, data: bytes, at: int, frames: list[Frame]) -> int:
        """Take one step from `at`: return where it led, `at` itself when more bytes are needed."""
        if at == len(data):
            return at
        if self._frame_rest or self._line_rest:
            return self._pass_over(data, at)
        first = data[at]
        if first in _TRAILER:
            return at + 1
        if first in _FIRST_DIGITS:
            match = _COUNTED.match(data, at)
            if match:
                return self._next_counted(data, match, frames)
            if _MAYBE_COUNTED.fullmatch(data, at):
                return at
        return self._next_line(data, at, frames)

    def _next_counted(self, data: bytes, match: re.Match[bytes], frames: list[Frame]) -> int:
        length = int(match[1])
        if length > self._absurd:
            after = self._next_line(data, match.start(), frames)
            # Counted once, when the line is done: a line that waits is looked at again.
            self.disbelieved += after != match.start()
            return after
        begin = match.end() - 1
        if length > self._longest and len(data) - begin >= self._longest:
            frames.append(Frame(data[begin : begin + self._longest], truncated=True))
            self._frame_rest = length - self._longest
            return begin + self._longest
        if len(data) - begin < length:
            return match.start()
        frames += _frames(Frame(data[begin : begin + length].rstrip(_TRAILER)))
        return begin + length

    def _next_line(self, data: bytes, at: int, frames: list[Frame]) -> int:
        end = _trailer(data, at)
        if end >= 0:
            frames += _frames(self._line(data[at:end]))
            return end + 1
        # One byte more than the limit may still be the CR of a trailer.
        if len(data) - at > self._longest + 1:
            frames.append(Frame(data[at : at + self._longest], truncated=True))
            self._line_rest = True
            return at + self._longest
        return at

    def _pass_over(self, data: bytes, at: int) -> int:
        if self._frame_rest:
            passed = min(self._frame_rest, len(data) - at)
            self._frame_rest -= passed
            return at + passed
        end = _trailer(data, at)
        if end < 0:
            return len(data)
        self._line_rest = False
        return end + 1

    def _line(self, line: bytes) -> Frame:
        whole = line.removesuffix(b"\r")
        return Frame(whole[: self._longest], truncated=len(whole) > self._longest)


def counted(message: bytes) -> bytes:
    """Frame a message by octet counting (RFC 6587 3.4.1)."""
    return b"%d %s" % (len(message), message)


def _trailer(data: bytes, at: int) -> int:
    end = data.find(b"\n", at)
    nul = data.find(b"\0", at, end if end >= 0 else len(data))
    return nul if nul >= 0 else end


def _frames(frame: Frame) -> list[Frame]:
    """No message is no frame: an empty line, or a trailer that was counted."""
    return [frame] if frame.raw else []
