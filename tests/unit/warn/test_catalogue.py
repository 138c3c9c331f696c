"""Every text of a letter exists in Vietnamese, once, and none is left over."""

import re
import unicodedata
from importlib.resources import files
from io import BytesIO

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

SENTINEL = files("sentinel")
SOURCE = SENTINEL.joinpath("locale", "vi", "warn.po")
CATALOGUE = read_po(BytesIO(SOURCE.read_bytes()), locale="vi", abort_invalid=True)
MESSAGES = [message for message in CATALOGUE if message.id]
PLACE = re.compile(r"%\(\w+\)s")


def _used() -> set[str]:
    """The texts in the code and in the templates: arguments of `say` and `gettext`."""
    found = extract_from_dir(
        str(SENTINEL.joinpath("warn")),
        method_map=[("**.py", "python"), ("**.j2", "jinja2.ext:babel_extract")],
        options_map={"**.j2": {"trim_blocks": "true", "silent": "false"}},
        keywords={"say": None, "gettext": None},
    )
    return {text for _, _, text, _, _ in found}


def test_every_text_is_translated_and_every_translation_used():
    assert {message.id for message in MESSAGES} == _used()
    assert [message.id for message in MESSAGES if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("message", MESSAGES, ids=[message.id[:40] for message in MESSAGES])
def test_a_translation_names_the_same_values(message):
    """A name that is missing would lose a fact; one too many would stop the letter."""
    assert sorted(PLACE.findall(message.string)) == sorted(PLACE.findall(message.id))


def test_vietnamese_is_composed():
    """NFC: the same word is the same bytes, and mail programs show its accents in place."""
    text = SOURCE.read_text(encoding="utf-8")

    assert unicodedata.is_normalized("NFC", text)
