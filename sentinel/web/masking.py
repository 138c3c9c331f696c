"""Takes acknowledge tokens out of letters before the SOC sees them: whoever has one can answer."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from hashlib import sha256

from sentinel.model.warning import Letter

MASK = "[...]"
# A token stands in the link, as a path of its own; 128 bits are at least 22 such characters.
_LINK = re.compile(r"(/w/)[A-Za-z0-9._~-]{22,}")
# As tokens are made, and with the two other characters that URLs leave alone (RFC 3986, 2.3).
_WORDS = (re.compile(r"[A-Za-z0-9_-]+"), re.compile(r"[A-Za-z0-9._~-]*[A-Za-z0-9_-]"))


def masked(text: str, hashes: Collection[str]) -> str:
    """Take acknowledge tokens out of a text.

    Whatever hashes to one of `hashes` (SHA-256, hex) goes, wherever it stands; so does the end of
    everything that looks like an acknowledge link.
    """
    for words in _WORDS:
        text = words.sub(lambda word: MASK if _hash(word[0]) in hashes else word[0], text)
    return _LINK.sub(rf"\1{MASK}", text)


def masked_letter(letter: Letter, hashes: Collection[str]) -> Letter:
    """Give the letter as it was rendered, but for the tokens."""
    return replace(
        letter,
        subject=masked(letter.subject, hashes),
        text=masked(letter.text, hashes),
        html=masked(letter.html, hashes),
    )


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
