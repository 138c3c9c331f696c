"""Every sentence exists in both languages, with the same values."""

import re
import unicodedata
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from sentinel.detect.lint.finding import Gravity, hint, refusal, say, warning
from sentinel.errors import Fault

SENTINEL = Path(__file__).resolve().parents[4] / "sentinel"
SOURCE = SENTINEL / "locale" / "vi" / "lint.po"
with SOURCE.open("rb") as _file:
    MESSAGES = [message for message in read_po(_file, locale="vi") if message.id]


def test_every_text_is_translated_and_every_translation_used():
    """The catalogue is neither behind the code nor ahead of it."""
    folder = str(SENTINEL / "detect" / "lint")
    used = extract_from_dir(folder, method_map=[("**.py", "python")], keywords={"say": None})

    assert {text for _, _, text, _, _ in used} == {message.id for message in MESSAGES}


@pytest.mark.parametrize("message", MESSAGES, ids=[message.id[:40] for message in MESSAGES])
def test_a_translation_keeps_values_and_what_is_to_be_typed(message):
    """A value that a translation forgets would be lost to its reader."""
    kept = re.compile(r"\{\w+\}|`[^`]+`")

    assert sorted(kept.findall(message.id)) == sorted(kept.findall(message.string))
    assert unicodedata.is_normalized("NFC", message.string)


def test_a_sentence_is_in_both_languages():
    """With its values."""
    said = say("the rule has no {key}", key="date")

    assert (said.en, said.vi) == ("the rule has no date", "luật không có date")


def test_the_three_gravities():
    """A refusal says what the loader says, without its place twice."""
    message = say("this expression is a plain text")
    refused = refusal(Fault("a.yml:3", "no such field", key="x"))

    assert warning("c", "p", message, message).gravity is Gravity.WARNING
    assert hint("c", "p", message, message).gravity is Gravity.HINT
    assert (refused.gravity, refused.place) == (Gravity.FAULT, "a.yml:3")
    assert refused.message.en == "x: no such field"
