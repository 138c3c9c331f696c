r"""What is printed cannot act: log lines are hostile, and a terminal obeys what it is sent.

Control characters (ESC, C1, backspace), marks that reorder or hide text (U+202E, zero width) and
line ends inside a value are shown as `\x1b` or `\u202e`; JSON says them as its own escapes.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable

# Control, format, surrogate, private, unassigned; line and paragraph separator.
_ACTING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BYTE, _BASIC_PLANE = 0xFF, 0xFFFF


def visible(text: str) -> str:
    """The text with everything that a terminal could obey, or an eye not see, written out."""
    if text.isprintable():
        return text
    return _replaced(text, _written)


def harmless(json_text: str) -> str:
    """The same JSON, with everything that a terminal could obey as JSON's own escapes."""
    if json_text.isprintable():  # none of the acting categories is
        return json_text
    return _replaced(json_text, _escaped)


def as_json(value: object) -> str:
    """A value that JSON knows as one line of JSON, harmless to a terminal."""
    return harmless(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _replaced(text: str, by: Callable[[str], str]) -> str:
    """The text with each acting character replaced; few texts have one, and fewer have many."""
    for each in set(text):
        if _acts(each):
            text = text.replace(each, by(each))
    return text


def _acts(character: str) -> bool:
    return unicodedata.category(character) in _ACTING


def _written(character: str) -> str:
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code <= _BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _BASIC_PLANE else f"\\U{code:08x}"


def _escaped(character: str) -> str:
    if ord(character) <= _BASIC_PLANE:
        return f"\\u{ord(character):04x}"
    return json.dumps(character)[1:-1]
