"""Languages and zones: every text exists twice, every time is shown where its reader is."""

import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from sentinel.i18n import (
    show_clock,
    show_date,
    show_number,
    show_time,
    texts,
    zone_name,
)
from sentinel.model.text import Language

LOCALE = Path(__file__).resolve().parents[2] / "sentinel" / "locale"
CATALOGUES = sorted((LOCALE / "vi").glob("*.po"))
LATE = datetime(2026, 11, 21, 20, 5, tzinfo=UTC)


def test_times_are_shown_in_the_readers_zone():
    """Eight in the evening in UTC is the next morning in Viet Nam."""
    assert show_time(LATE) == "03:05 22/11/2026"
    assert (show_clock(LATE), show_date(LATE)) == ("03:05", "22/11/2026")
    assert show_time(LATE, "UTC") == "20:05 21/11/2026"
    assert zone_name(Language.VI) == "giờ Việt Nam, UTC+7"
    assert zone_name(Language.EN, "Europe/Paris") == "Europe/Paris"


def test_numbers_have_the_languages_separators():
    """A point in Vietnamese, a comma in English."""
    assert show_number(1234567, Language.VI) == "1.234.567"
    assert show_number(1234567, Language.EN) == "1,234,567"


def test_english_texts_are_the_message_ids_and_vietnamese_ones_are_looked_up():
    """A domain that does not exist is an error, not silence."""
    assert texts(Language.EN, "warn").gettext("Anything") == "Anything"
    words = texts(Language.VI, "words")
    assert words.pgettext("severity", "high") == "cao"
    with pytest.raises(FileNotFoundError):
        texts(Language.VI, "no-such-domain")


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_catalogue_is_whole_and_well_formed(path):
    """Everything is translated, in NFC, with the same placeholders as the English text."""
    with path.open("rb") as file:
        messages = [message for message in read_po(file, locale="vi") if message.id]

    assert messages
    for message in messages:
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        assert all(strings), ids
        for string in strings:
            assert unicodedata.is_normalized("NFC", string)
            assert _holes(string) <= _holes(" ".join(ids)), ids
            assert _holes(ids[-1]) <= _holes(string), ids


def _holes(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{[\w.]+\}", text))
