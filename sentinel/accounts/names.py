"""A person's name is one name, however it is typed, and cannot pass for another.

It stands in histories and in addresses of pages (`/people/lan`), and nobody else ever gets it.
"""

from __future__ import annotations

import unicodedata

from sentinel.errors import NotAllowed
from sentinel.model.ids import PersonName
from sentinel.model.person import person_name

SHORTEST, LONGEST = 2, 64
MARKS = "._-@"
OURS = frozenset({"system"})  # what the system itself does is shown so

WRONG_NAME = (
    "A name has 2 to 64 characters: Latin letters, digits and . _ - @, and begins with a letter or"
    " a digit."
)
OUR_NAME = "This name is the system's own."


def checked(text: str) -> PersonName:
    """The name as it is kept, if somebody may have it.

    Raises:
        NotAllowed: it is too short, too long, the system's, or of other characters.
    """
    name = person_name(text)
    if not SHORTEST <= len(name) <= LONGEST or not name[0].isalnum():
        raise NotAllowed(WRONG_NAME)
    if not all(each in MARKS or _is_plain(each) for each in name):
        raise NotAllowed(WRONG_NAME)
    if name in OURS:
        raise NotAllowed(OUR_NAME)
    return name


def _is_plain(character: str) -> bool:
    """Whether it is a digit or a Latin letter: Cyrillic ones look like another person's name."""
    if character.isascii():
        return character.isalnum()
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN ")
