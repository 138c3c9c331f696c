"""Every value a person may read has its word, in Vietnamese and in English."""

import re
import string
import unicodedata
from enum import Enum
from importlib.resources import files
from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from sentinel import wording
from sentinel.i18n import DEFAULT_ZONE
from sentinel.model.agency import Role, SecurityLevel
from sentinel.model.alert import AlertState, Disposition, Reason
from sentinel.model.rule import Confidence
from sentinel.model.severity import Severity
from sentinel.model.text import Language
from sentinel.model.warning import DeliveryState, WarningState
from tests.samples import an_alert

VI, EN = Language.VI, Language.EN
# Context of the catalogue: the enum, its words, the function that says them.
KINDS = {
    "severity": (Severity, wording.SEVERITY, wording.severity_word),
    "confidence": (Confidence, wording.CONFIDENCE, wording.confidence_word),
    "security level": (SecurityLevel, wording.SECURITY_LEVEL, wording.security_level_word),
    "alert state": (AlertState, wording.ALERT_STATE, wording.alert_state_word),
    "disposition": (Disposition, wording.DISPOSITION, wording.disposition_word),
    "warning state": (WarningState, wording.WARNING_STATE, wording.warning_state_word),
    "delivery state": (DeliveryState, wording.DELIVERY_STATE, wording.delivery_state_word),
    "role": (Role, wording.ROLE, wording.role_word),
}
MEMBERS = [(kind, member) for kind, (enum, _, _) in KINDS.items() for member in enum]
REASONS = [
    (Reason("rule-level", 60, {"level": "high"}), "luật mức cao: +60", "rule of high level: +60"),
    (
        Reason("asset-level", 12, {"level": "3"}),
        "hệ thống cấp độ 3: +12",
        "information system of level 3: +12",
    ),
    (
        Reason("asset-level", 4, {"level": "unknown"}),
        "hệ thống chưa xác định cấp độ: +4",
        "information system of unknown level: +4",
    ),
    (
        Reason("asset-level", 0, {"level": "none"}),
        "chưa xác định được hệ thống thông tin: 0",
        "no known information system: 0",
    ),
    (
        Reason("confidence", -10, {"confidence": "low"}),
        "độ tin cậy của luật thấp: -10",
        "low confidence in the rule: -10",
    ),
    (
        Reason("repetition", 8, {"detections": "1200", "from": "100"}),
        "đã phát hiện 1.200 lần: +8",
        "detections so far: 1,200: +8",
    ),
    (
        Reason("limit", -12, {"bound": "100", "sum": "112"}),
        "điểm nguy cơ chỉ đến 100: -12",
        "the score ends at 100: -12",
    ),
]


def catalogue():
    source = files("sentinel").joinpath("locale", "vi", "words.po")
    return [message for message in read_po(BytesIO(source.read_bytes())) if message.id]


@pytest.mark.parametrize(("kind", "member"), MEMBERS, ids=str)
def test_every_member_has_a_word_in_both_languages(kind: str, member: Enum):
    """No value reaches a person as a name out of the code, or in the wrong language."""
    say = KINDS[kind][2]

    assert say(member, EN)
    assert say(member, VI)
    assert say(member, EN) != say(member, VI)


@pytest.mark.parametrize("kind", KINDS)
def test_two_values_never_share_a_word(kind: str):
    """Within a kind each word names one value."""
    enum, _, say = KINDS[kind]

    for language in Language:
        assert len(enum) == len({say(member, language) for member in enum})


@pytest.mark.parametrize(("reason", "vietnamese", "english"), REASONS, ids=str)
def test_a_reason_reads_as_a_person_would_say_it(reason, vietnamese, english):
    """Code and details become words and points."""
    assert vietnamese == wording.reason_words(reason, VI)
    assert english == wording.reason_words(reason, EN)


def test_every_reason_in_the_table_is_tried():
    """A reason code cannot be added without its words being shown in this file."""
    tried = {
        f"{reason.code} {reason.details['level']}"
        if reason.details.get("level") in ("unknown", "none")
        else reason.code
        for reason, _, _ in REASONS
    }

    assert set(wording.REASON) == tried


@pytest.mark.parametrize(
    "reason",
    [
        Reason("moon-phase", 3, {}),
        Reason("rule-level", 3, {}),
        Reason("rule-level", 3, {"level": "mythical"}),
    ],
    ids=str,
)
def test_a_reason_of_another_version_is_named_by_its_code(reason):
    """A letter does not fail because the words are missing."""
    assert f"{reason.code}: +3" == wording.reason_words(reason, VI)


def test_a_rules_sentence_is_filled_and_the_reader_decides_how_a_value_looks():
    """Subject first, then the evidence; what nobody knows is said in words."""
    sentence = "{count} x {source.ip} {event.outcome} {user.email}"
    filled = wording.advice_words(sentence, an_alert(), VI, DEFAULT_ZONE, str.upper)

    assert filled == "12 x 203.0.113.45 FAILURE (xem phần bằng chứng)"


def test_the_catalogue_holds_what_is_used_and_nothing_else():
    """A word nobody says is dead; a word without translation would show English."""
    used = {(kind, words) for kind, (_, table, _) in KINDS.items() for words in table.values()}
    used |= {("reason", words) for words in wording.REASON.values()}
    used |= {("advice", words) for words in wording.UNKNOWN_VALUE.values()}

    assert used == {(message.context, message.id) for message in catalogue()}


def test_every_translation_is_whole():
    """Translated, not fuzzy, in NFC, with the same fields as the English."""
    for message in catalogue():
        fields = {name for _, name, _, _ in string.Formatter().parse(message.id) if name}

        assert message.string
        assert not message.fuzzy
        assert unicodedata.is_normalized("NFC", message.string)
        assert fields == set(re.findall(r"{([^}]+)}", message.string))
