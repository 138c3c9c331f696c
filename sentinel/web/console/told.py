"""What the house refuses, and why, in the reader's language.

Desk and accounts say it in English, with names and times inside the sentence. The catalogue
`refusals.po` holds each sentence with fields in their place; what stands there is carried over,
and translated itself where the catalogue knows it ("in the hands of {who}").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

from babel.messages.pofile import read_po

from sentinel.model.text import Language

DOMAIN = "refusals"
LONGEST = 600  # characters; a longer sentence holds what somebody wrote and stays as it is
_FIELD = re.compile(r"\\{(\w+)\\}")  # as `re.escape` leaves it


def told(refusal: object, language: Language) -> str:
    """Return an error's sentence in this language; one the catalogue does not know as it is."""
    text = str(refusal)
    if language is Language.EN or len(text) > LONGEST:
        return text
    for pattern, translation in _sentences(language):
        match = pattern.fullmatch(text)
        if match is not None:
            fields = {name: told(value, language) for name, value in match.groupdict().items()}
            return translation.format_map(fields)
    return text


@lru_cache
def _sentences(language: Language) -> Sequence[tuple[re.Pattern[str], str]]:
    source = files("sentinel").joinpath("locale", language.value, f"{DOMAIN}.po")
    catalogue = read_po(BytesIO(source.read_bytes()), locale=language.value)
    return [
        (pattern_of(str(message.id)), str(message.string)) for message in catalogue if message.id
    ]


def pattern_of(sentence: str) -> re.Pattern[str]:
    """Return what a sentence with fields looks like once they are filled in."""
    return re.compile(_FIELD.sub(r"(?P<\1>.+?)", re.escape(sentence)), re.DOTALL)
