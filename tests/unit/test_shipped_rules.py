"""The rules we ship: they load, keep to their examples, and say what to do in both languages."""

import re
import unicodedata
from pathlib import Path

import pytest
import yaml

from sentinel.detect.engine import Engine
from sentinel.detect.examples import Outcome, run_examples
from sentinel.detect.sigma.load import load
from sentinel.detect.values import RegexTest
from sentinel.documents import yaml_texts
from sentinel.model.ids import EventId, Offset
from sentinel.model.text import Language
from sentinel.normalise.read import UNPARSED, read
from tests.samples import a_record

RULES = Path(__file__).resolve().parents[2] / "rules"
TEXTS = tuple(yaml_texts([RULES]))
RULE_TEXTS = tuple(text for text in TEXTS if not text.path.endswith(".examples.yml"))
FILES = [pytest.param(text, id=Path(text.path).stem) for text in RULE_TEXTS]
RULESET = load(RULE_TEXTS)
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
ALWAYS_KNOWN = {"count", "first", "last"}
# Words that design decided against, each with the one to use.
WRONG_WORDS = {
    "báo động": "cảnh báo",
    "cảnh cáo": "cảnh báo",
    "cảm biến": "thiết bị quan trắc",
    "đại lý": "cơ quan",
    "tai nạn": "sự cố",
    "quy luật": "luật phát hiện",
    "leo thang": "chuyển lên cấp trên",
}


def _read_line(line, hint, number=1):
    return read(a_record(line, format=hint), EventId(f"0a1b2c3d-{number:012d}"), Offset(number))


def _cards_of(text):
    """The cards of a file that people may be warned about."""
    return [
        card for card in RULESET.cards if card.place.rpartition(":")[0] == text.path and card.advice
    ]


def _examples(text):
    return yaml.safe_load(Path(text.path).with_suffix(".examples.yml").read_text(encoding="utf-8"))


def _expressions(part):
    """Every regular expression that stands in a rule."""
    if isinstance(part, list):
        return [found for each in part for found in _expressions(each)]
    if not isinstance(part, dict):
        return []
    own = [value for name, value in part.items() if "|re" in str(name)]
    found = [each for value in own for each in (value if isinstance(value, list) else [value])]
    return found + [each for value in part.values() for each in _expressions(value)]


def _sentences(card, language):
    advice = card.advice
    return [advice.title[language], advice.seen[language], *advice.actions[language]]


def test_twenty_rules_load_and_keep_to_their_examples():
    """What must match does, what must not does not, and nothing is left untried."""
    report = run_examples(RULE_TEXTS, TEXTS, _read_line)

    assert [result for result in report.results if result.outcome is Outcome.FAILED] == []
    assert (len(RULE_TEXTS), report.faults) == (20, ())


@pytest.mark.parametrize("text", FILES)
def test_a_rule_has_examples_enough(text):
    """Two that match, three that do not, each line readable, each example named once."""
    examples = _examples(text)
    every = examples["match"] + examples["no_match"]

    assert len(examples["match"]) >= 2
    assert len(examples["no_match"]) >= 3
    assert len({example["name"] for example in every}) == len(every)
    for example in every:
        for line in example["lines"]:
            assert UNPARSED not in (_read_line(line, example["format"]).fields.get("tags") or [])


@pytest.mark.parametrize("text", FILES)
def test_a_rule_says_what_to_do_in_both_languages(text):
    """One card a file, with advice of the same fields in Vietnamese and English."""
    (card,) = _cards_of(text)

    vietnamese, english = _sentences(card, Language.VI), _sentences(card, Language.EN)
    assert len(vietnamese) == len(english) >= 5
    for here, there in zip(vietnamese, english, strict=True):
        assert set(PLACEHOLDER.findall(here)) == set(PLACEHOLDER.findall(there))
    assert card.group_by
    assert (card.author, card.licence) == ("Sentinel", "Apache-2.0")


@pytest.mark.parametrize("text", FILES)
def test_vietnamese_is_written_as_it_should_be(text):
    """Composed diacritics, and the words that design chose."""
    (card,) = _cards_of(text)

    for sentence in _sentences(card, Language.VI):
        assert unicodedata.is_normalized("NFC", sentence)
        assert [wrong for wrong in WRONG_WORDS if wrong in sentence.lower()] == []
        assert any(ord(character) > 0x7F for character in sentence)


@pytest.mark.parametrize("text", FILES)
def test_a_warning_can_fill_in_everything_its_rule_names(text):
    """A placeholder is a field the rule matched or groups by, and has a value there."""
    (card,) = _cards_of(text)
    named = set(PLACEHOLDER.findall(" ".join(_sentences(card, Language.EN)))) - ALWAYS_KNOWN

    for example in _examples(text)["match"]:
        engine = Engine(RULESET)
        events = [
            _read_line(line, example["format"], number)
            for number, line in enumerate(example["lines"], start=1)
        ]
        found = [
            detection
            for event in events
            for detection in engine.match(event)
            if detection.rule.id == card.id
        ]

        assert found
        for detection in found:
            known = set(detection.matched) | set(detection.group or {})
            grouped = {name for name in card.group_by if name in detection.event.fields}
            assert set() == named - known - grouped


HOSTILE = [
    "/tmp/a.",
    "/upload/a",
    ".php?",
    ".php?a&",
    "?c=",
    "a&",
    "; ",
    "$(",
    "rm ",
    "curl a| ",
    "a/",
]
EXPRESSIONS = sorted(
    {
        (text.path.rpartition("/")[2], expression)
        for text in RULE_TEXTS
        for document in yaml.safe_load_all(text.text)
        for expression in _expressions(document)
    }
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_line_makes_a_shipped_expression_give_up(piece):
    """Who sends a request chooses its text: it must not be a way to put a rule out of action."""
    value = (piece * 65536)[:65536]

    for _, expression in EXPRESSIONS:
        RegexTest(expression).holds(value)
