"""Text a person reads, in every language we speak."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """A language that texts exist in (BCP 47 primary tag)."""

    VI = "vi"
    EN = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalText:
    """One text in both languages."""

    vi: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.vi if language is Language.VI else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalList:
    """A list of sentences in both languages."""

    vi: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    def __getitem__(self, language: Language) -> tuple[str, ...]:
        return self.vi if language is Language.VI else self.en
