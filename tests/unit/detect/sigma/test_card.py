"""A rule's identity card."""

import pytest

from sentinel.detect.sigma.card import canonical
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText
from sentinel.model.rule import Advice, Confidence
from sentinel.model.severity import Severity
from sentinel.model.text import LocalList, LocalText

PLAIN = """# a comment
title: Case
logsource: {category: test}
detection: {selection: {x: 1}, condition: selection}
"""
FULL = """title: Case
id: 4A1C0F2E-7D1B-4C55-9A6E-3F0D4B7F1A10
status: stable
description: What it is.
license: Apache-2.0
author: Sentinel
references: [https://www.example.org/a]
tags: [attack.t1110, attack.credential-access]
falsepositives: [A forgotten job.]
level: critical
logsource: {category: test}
detection: {selection: {x: 1}, condition: selection}
sentinel:
  group-by: [source.ip, host.hostname]
  advice:
    title: {vi: Tiêu đề, en: Title}
    seen: {vi: Thấy, en: Seen}
    actions: {vi: [Một, Hai], en: [One, Two]}
"""


def _load(text):
    return load([SourceText("rules/case.yml", text)])


def _card(text):
    ruleset = _load(text)
    assert ruleset.refused == ()
    return ruleset.cards[0]


def test_a_rule_that_says_little_gets_careful_defaults():
    """Level medium, confidence low, the title as id, and its place."""
    card = _card(PLAIN)

    assert (card.id, card.level, card.confidence) == ("Case", Severity.MEDIUM, Confidence.LOW)
    assert (card.advice, card.group_by, card.licence) == (None, (), "")
    assert card.place == "rules/case.yml:2"


def test_a_rule_that_says_all_is_read_whole():
    """Every part of the card comes from the rule."""
    card = _card(FULL)

    assert card.id == "4a1c0f2e-7d1b-4c55-9a6e-3f0d4b7f1a10"
    assert (card.level, card.confidence) == (Severity.CRITICAL, Confidence.HIGH)
    assert (card.author, card.licence, card.description) == (
        "Sentinel",
        "Apache-2.0",
        "What it is.",
    )
    assert card.tags == ("attack.t1110", "attack.credential-access")
    assert card.references == ("https://www.example.org/a",)
    assert card.false_positives == ("A forgotten job.",)
    assert card.group_by == ("source.ip", "host.hostname")
    assert card.advice == Advice(
        title=LocalText(vi="Tiêu đề", en="Title"),
        seen=LocalText(vi="Thấy", en="Seen"),
        actions=LocalList(vi=("Một", "Hai"), en=("One", "Two")),
    )


@pytest.mark.parametrize(
    ("status", "confidence"),
    [
        ("stable", Confidence.HIGH),
        ("test", Confidence.MEDIUM),
        ("experimental", Confidence.LOW),
        ("deprecated", Confidence.LOW),
    ],
)
def test_confidence_follows_the_status(status, confidence):
    """Where the rule does not say itself."""
    assert confidence == _card(f"{PLAIN}status: {status}\n").confidence


def test_confidence_as_the_rule_says():
    """The rule's own word counts more than its status."""
    card = _card(f"{PLAIN}status: experimental\nsentinel: {{confidence: high}}\n")

    assert card.confidence is Confidence.HIGH


@pytest.mark.parametrize(
    ("line", "wrong", "said"),
    [
        (15, ("advice:\n", "advise:\n"), "did you mean 'advice'"),
        (16, ("en: Title", "fr: Titre"), "there is no such key"),
        (18, ("en: [One, Two]", "en: [One]"), "same number of actions"),
        (17, ("vi: Thấy", "vi: ''"), "too little"),
        (13, ("[source.ip, host.hostname]", "5"), "wrong kind of value"),
    ],
)
def test_what_is_wrong_under_sentinel_is_told_with_its_line(line, wrong, said):
    """The rule is refused whole: half an advice would go to an agency."""
    assert wrong[0] in FULL
    ruleset = _load(FULL.replace(*wrong))
    faults = [str(fault) for fault in ruleset.refused]

    assert ruleset.cards == ()
    assert [fault for fault in faults if said in fault] != []
    assert abs(int(faults[0].split(":")[1]) - line) <= 1


def test_a_dotted_key_is_told_how_to_be_written():
    """`sentinel.group-by` at the top would be read by nobody."""
    ruleset = _load(f"{PLAIN}sentinel.group-by: [source.ip]\n")

    assert ruleset.cards == ()
    assert "a mapping `sentinel:`" in str(ruleset.refused[0])


def test_a_uuid_has_one_spelling():
    """Other names are left alone."""
    spelled = "4a1c0f2e-7d1b-4c55-9a6e-3f0d4b7f1a10"

    assert spelled == canonical(spelled.upper()) == canonical(f"urn:uuid:{spelled}")
    assert canonical("My Rule") == "My Rule"
