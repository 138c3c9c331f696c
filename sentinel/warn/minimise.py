"""What leaves the house with a warning: as little as proves the point, in a form that is safe.

Everything in a log line was written by whoever caused it. Before it reaches an officer's screen
its secrets are masked, what cannot be seen is written out, links are broken and its length is
bounded, in this order: a cut must not hide the name that gives a secret away.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sentinel.model.alert import Evidence
from sentinel.warn.defang import defang
from sentinel.warn.mask import masked

EVIDENCE_LINES = 5
LINE_LENGTH = 480  # characters: six lines of a plain-text letter
VALUE_LENGTH = 120
CUT_MARK = " […]"
BYTE = 8  # bits

# Letters and marks that show as nothing although Python calls them printable: those of Unicode's
# Default_Ignorable_Code_Point that are no controls, and the blank Braille cell.
_RANGES = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xE0100, 0xE01EF),
)
_BLANK = frozenset(chr(code) for first, last in _RANGES for code in range(first, last + 1))
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One line as it may be shown: `at` is when it happened."""

    at: datetime
    text: str


def minimised(evidence: Sequence[Evidence]) -> tuple[EvidenceLine, ...]:
    """At most five lines, oldest first: the two oldest and the three newest of what is kept."""
    ordered = sorted(evidence, key=lambda line: (line.at, line.event))
    if len(ordered) > EVIDENCE_LINES:
        ordered = [*ordered[:2], *ordered[-3:]]
    return tuple(EvidenceLine(line.at, safe(line.raw, LINE_LENGTH)) for line in ordered)


def safe(text: str, longest: int = VALUE_LENGTH) -> str:
    """Text from a log as it may stand in a letter: one line, no secret, no link, bounded."""
    return cut(defang(visible(masked(text))), longest)


def plain(text: str, longest: int) -> str:
    """Text a colleague wrote (a name, a title): one line, nothing unseen, no URL, bounded."""
    line = visible(" ".join(text.split()))
    return cut(defang(line) if "://" in line else line, longest)


def visible(text: str) -> str:
    r"""Write out what the eye cannot see: "\n", "\x1b", "\u202e". What comes out is NFC."""
    return "".join(_shown(character) for character in unicodedata.normalize("NFC", text))


def cut(text: str, longest: int) -> str:
    """Bound a text to so many characters; a mark stands where something is missing."""
    if len(text) <= longest:
        return text
    return text[: longest - len(CUT_MARK)].rstrip() + CUT_MARK


def _shown(character: str) -> str:
    if character.isprintable() and character not in _BLANK:
        return character
    number = ord(character)
    if character in _NAMED:
        return _NAMED[character]
    if number.bit_length() <= BYTE:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number.bit_length() <= 2 * BYTE else f"\\U{number:08x}"
