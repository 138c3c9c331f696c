"""Who works at the desk: people with a role and habits of their own, and their sessions."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sentinel.model.ids import PersonName
from sentinel.model.text import Language


class PersonRole(StrEnum):
    """What somebody may do: an analyst works with alerts, an admin also says who may log in."""

    ANALYST = "analyst"
    ADMIN = "admin"


class Theme(StrEnum):
    """How the console looks; AUTO follows the machine."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


def person_name(text: str) -> PersonName:
    """The name as it is kept, however it is typed: trimmed, in lower case, composed (NFC).

    What no database can hold (a lone surrogate) becomes a question mark, which is in no name.
    """
    valid = text.encode("utf-8", "replace").decode("utf-8")
    folded = unicodedata.normalize("NFC", valid).strip().casefold()
    return PersonName(unicodedata.normalize("NFC", folded))


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """A person's habits. `filter` is the queue's default filter, `views` the saved ones by name.

    None of language: as the browser asks.
    """

    language: Language | None = None
    theme: Theme = Theme.AUTO
    filter: str = ""
    views: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may log in. `password` is an argon2id hash in its encoded form (RFC 9106).

    `name` goes into histories and is never given to another person: who leaves is made inactive.
    `must_change`: the password was made by somebody else and opens nothing but its own change.
    """

    name: PersonName
    role: PersonRole
    password: str
    created: datetime
    active: bool = True
    must_change: bool = False
    preferences: Preferences = Preferences()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginSession:
    """One log-in. `token` is the SHA-256 (hex) of the cookie's value; the value is kept nowhere.

    `seen` is when the person did something last (to the minute); looks that a page makes by
    itself do not count.
    """

    token: str
    person: PersonName
    started: datetime
    seen: datetime
