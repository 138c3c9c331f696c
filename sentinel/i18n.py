"""What people read, in their language and their zone.

The code's texts are English and are the message ids; `locale/vi/DOMAIN.po` holds the Vietnamese.
A domain is a part of the house ("warn", "public", "cli", ...): each keeps its texts together.
Catalogues are read as they are: there is no compiled copy that could be stale.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from sentinel.model.text import Language

DEFAULT_ZONE = "Asia/Ho_Chi_Minh"


@lru_cache
def texts(language: Language, domain: str) -> NullTranslations:
    """The catalogue of a domain: its `gettext`, `ngettext`, `pgettext` translate.

    Raises:
        FileNotFoundError: there is no such domain.
    """
    if language is Language.EN:
        return NullTranslations()
    source = files("sentinel").joinpath("locale", language.value, f"{domain}.po")
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source.read_bytes()), locale=language.value))
    compiled.seek(0)
    return GNUTranslations(compiled)


def show_time(at: datetime, zone: str = DEFAULT_ZONE) -> str:
    """A time as both our languages write it in letters: "08:05 22/11/2026" in that zone."""
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M %d/%m/%Y")


def show_clock(at: datetime, zone: str = DEFAULT_ZONE) -> str:
    """The time of day alone: "08:05"."""
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def show_date(at: datetime, zone: str = DEFAULT_ZONE) -> str:
    """The day alone: "22/11/2026"."""
    return at.astimezone(ZoneInfo(zone)).strftime("%d/%m/%Y")


def show_number(number: int, language: Language) -> str:
    """A number with the language's separators: "1.234" in Vietnamese, "1,234" in English."""
    return str(format_decimal(number, locale=language.value))


def zone_name(language: Language, zone: str = DEFAULT_ZONE) -> str:
    """The zone as a letter names it once: "giờ Việt Nam, UTC+7"."""
    if zone == DEFAULT_ZONE:
        return "giờ Việt Nam, UTC+7" if language is Language.VI else "Viet Nam time, UTC+7"
    return zone
