"""How the doctor speaks, and that it can say everything in both languages."""

import re
import unicodedata
from importlib.resources import files
from io import BytesIO

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from sentinel.doctor.say import as_is, fail, listed, ok, say, size, unknown, warn
from sentinel.model.checkup import Check, CheckStatus
from sentinel.model.text import LocalText

SENTINEL = files("sentinel")
SOURCE = SENTINEL.joinpath("locale", "vi", "doctor.po")
MESSAGES = [
    message
    for message in read_po(BytesIO(SOURCE.read_bytes()), locale="vi", abort_invalid=True)
    if message.id
]
PLACE = re.compile(r"\{\w+\}")


def test_a_sentence_is_in_both_languages():
    """Numbers have each language's separators, texts may be in both themselves."""
    said = say("At {amount} a day the room lasts {days} days.", amount=size(5 << 30), days=1234)

    assert (
        LocalText(
            vi="Với 5.120 MiB mỗi ngày, dung lượng đủ cho 1.234 ngày.",
            en="At 5,120 MiB a day the room lasts 1,234 days.",
        )
        == said
    )


def test_a_value_is_no_pattern():
    """What stands in braces in a path or in a server's answer stays as it is."""
    said = say("{folder} can be written.", folder="/srv/{folder.__class__}")

    assert said.en == "/srv/{folder.__class__} can be written."


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (0, "0 KiB"),
        (1024 * 1024 - 1, "1,023 KiB"),
        (1024 * 1024, "1 MiB"),
        (1 << 40, "1,048,576 MiB"),
    ],
)
def test_bytes_for_people(amount, expected):
    """The smaller unit where there is little."""
    assert expected == size(amount).en


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], ""),
        (["a"], "a"),
        (list("abcde"), "a; b; c; d; e"),
        (list("abcdefg"), "a; b; c; d; e; and 2 more"),
    ],
)
def test_many_items_are_cut_and_counted(items, expected):
    """A folder of broken rules must not fill the screen."""
    assert expected == listed(items).en


@pytest.mark.parametrize(
    ("make", "status"),
    [(warn, CheckStatus.WARN), (fail, CheckStatus.FAIL), (unknown, CheckStatus.UNKNOWN)],
)
def test_what_is_not_well_has_a_remedy(make, status):
    """It says what to do."""
    found, why, remedy = as_is("found"), as_is("why"), as_is("remedy")

    assert Check(id="a.b", status=status, found=found, why=why, remedy=remedy) == make(
        "a.b", found, why, remedy
    )


def test_what_is_well_needs_none():
    """Nothing is to be done."""
    assert ok("a.b", as_is("found"), as_is("why")).remedy is None


def test_every_text_is_translated_and_every_translation_used():
    """The catalogue is neither behind the code nor ahead of it."""
    used = extract_from_dir(
        str(SENTINEL.joinpath("doctor")), method_map=[("**.py", "python")], keywords={"say": None}
    )

    assert {text for _, _, text, _, _ in used} == {message.id for message in MESSAGES}
    assert [message.id for message in MESSAGES if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("message", MESSAGES, ids=[message.id[:40] for message in MESSAGES])
def test_a_translation_names_the_same_values(message):
    """A value that a translation forgets would be lost to its reader."""
    assert sorted(PLACE.findall(message.id)) == sorted(PLACE.findall(message.string))


@pytest.mark.parametrize("message", MESSAGES, ids=[message.id[:40] for message in MESSAGES])
def test_a_translation_keeps_what_is_to_be_typed(message):
    """Commands and keys of the settings are the same in every language."""
    typed = re.compile(r"`([^`]+)`|(sentinel [a-z]+ [a-z]+)|(ch(?:mod|own) \S+)")

    assert sorted(typed.findall(message.id)) == sorted(typed.findall(message.string))


def test_vietnamese_is_composed():
    """NFC: the same word is the same bytes."""
    assert unicodedata.is_normalized("NFC", SOURCE.read_text(encoding="utf-8"))
