"""How the doctor speaks: every sentence in both languages at once, and checks made of them."""

from __future__ import annotations

from collections.abc import Sequence

from sentinel.i18n import show_number, texts
from sentinel.model.checkup import Check, CheckStatus
from sentinel.model.text import Language, LocalText

DOMAIN = "doctor"
MOST_NAMED = 5
KIBIBYTE = 1024
MEBIBYTE = 1024 * KIBIBYTE


def say(message: str, **values: object) -> LocalText:
    """One of our texts; `values` may be in both languages themselves, numbers get separators."""
    return LocalText(
        vi=_in(Language.VI, message, values),
        en=_in(Language.EN, message, values),
    )


def as_is(text: str) -> LocalText:
    """A text that is the same in both languages: a path, a server's answer, a fault."""
    return LocalText(vi=text, en=text)


def listed(items: Sequence[str]) -> LocalText:
    """Some items in a row; where they are many, the first few and how many more."""
    named = "; ".join(items[:MOST_NAMED])
    if len(items) <= MOST_NAMED:
        return as_is(named)
    return say("{named}; and {more} more", named=named, more=len(items) - MOST_NAMED)


def size(amount: int) -> LocalText:
    """A number of bytes, for people."""
    if amount < MEBIBYTE:
        return say("{amount} KiB", amount=amount // KIBIBYTE)
    return say("{amount} MiB", amount=amount // MEBIBYTE)


def ok(name: str, found: LocalText, why: LocalText) -> Check:
    """All is well here."""
    return Check(id=name, status=CheckStatus.OK, found=found, why=why)


def warn(name: str, found: LocalText, why: LocalText, remedy: LocalText) -> Check:
    """Somebody should look at this; the service works."""
    return Check(id=name, status=CheckStatus.WARN, found=found, why=why, remedy=remedy)


def fail(name: str, found: LocalText, why: LocalText, remedy: LocalText) -> Check:
    """Something that the service is there for does not work, or will not."""
    return Check(id=name, status=CheckStatus.FAIL, found=found, why=why, remedy=remedy)


def unknown(name: str, found: LocalText, why: LocalText, remedy: LocalText | None = None) -> Check:
    """The doctor could not see."""
    return Check(id=name, status=CheckStatus.UNKNOWN, found=found, why=why, remedy=remedy)


def _in(language: Language, message: str, values: dict[str, object]) -> str:
    translated = texts(language, DOMAIN).gettext(message)
    return translated.format(**{name: _shown(value, language) for name, value in values.items()})


def _shown(value: object, language: Language) -> str:
    if isinstance(value, LocalText):
        return value[language]
    if isinstance(value, int):
        return show_number(value, language)
    return str(value)
