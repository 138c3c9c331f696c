"""Refusals of the house in the reader's language."""

import ast
from pathlib import Path

import pytest

from sentinel.model.text import Language
from sentinel.web.console.told import pattern_of, told

VI, EN = Language.VI, Language.EN
HELD = "Alert a1b2 is in the hands of lan already."
ROOT = Path(__file__).resolve().parents[4]
# Where the sentences come from that the console shows: what people do, and what is not there.
SPEAKERS = ("accounts", "alert", "desk", "store", "warn/release.py", "web/console/overview")
BY = " by lan at 12:00 22/11/2026 (UTC+7)"
# Parts that are sentences' halves themselves, as the code makes them.
PARTS = {
    "_held(alert)": ["in the hands of lan", f"acknowledged{BY}", "acknowledged"],
    "_newest(alert)": ["", f": closed{BY}", f": undone{BY}"],
    "by": ["", BY],
    "what": ["hidden", "hidden until then", "shown again"],
    "warning.approved_by or 'the system'": ["lan", "the system"],
    "alert.agency or 'no agency'": ["so-b", "no agency"],
    "warning.state.value": ["draft", "approved", "sent", "acknowledged", "cancelled"],
}
ANSWERING = {"_too_late"}  # functions whose answer is such a sentence
# Said at the acknowledge page, not in the console.
ELSEWHERE = {"no letter belongs to this link"}


def test_a_sentence_is_known_by_its_words_and_keeps_its_names():
    """What stands in its fields is carried over, and put into words itself where it is known."""
    assert told(HELD, VI) == "Cảnh báo a1b2 đang do lan xử lý."
    assert told(HELD, EN) == HELD


def test_what_is_not_known_stays_as_it_is():
    """English is better than nothing."""
    assert told("something of another version", VI) == "something of another version"


def test_a_long_one_is_not_taken_apart():
    """It holds what somebody wrote."""
    long = HELD.replace("lan", "l" * 1000)

    assert long == told(long, VI)


def test_fields_are_found_whatever_stands_around_them():
    """Full stops and brackets of the sentence are themselves."""
    match = pattern_of("Job {job} (of {who}).").fullmatch("Job j-1 (of lan (or so)).")

    assert match is not None
    assert match.groupdict() == {"job": "j-1", "who": "lan (or so)"}
    assert pattern_of("Job {job}.").fullmatch("Job j-1!") is None


def test_what_stands_in_a_field_is_no_sentence_of_ours():
    """Braces in a name are braces."""
    assert told("there is no alert {alert}{0}", VI) == "Không có cảnh báo {alert}{0}."


def sources():
    for speaker in SPEAKERS:
        place = ROOT / "sentinel" / speaker
        yield from sorted(place.rglob("*.py")) if place.is_dir() else [place]


def refusals():
    """Every sentence with which NotAllowed or NotFound is raised, with its fields filled in."""
    for path in sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            ast.unparse(node.targets[0]): node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"NotAllowed", "NotFound"}:
                [sentence] = node.args
                yield from filled(constants.get(ast.unparse(sentence), sentence))
            elif isinstance(node, ast.FunctionDef) and node.name in ANSWERING:
                returns = [each for each in ast.walk(node) if isinstance(each, ast.Return)]
                for answer in returns:
                    yield from filled(answer.value)


def filled(sentence):
    if isinstance(sentence, ast.Call):
        return  # made elsewhere: a function of SPEAKERS, or said in the reader's language already
    texts = [""]
    for piece in getattr(sentence, "values", [sentence]):
        fill = [piece.value] if isinstance(piece, ast.Constant) else None
        if fill is None:
            fill = PARTS.get(ast.unparse(piece.value), ["X-1"])
        texts = [text + each for text in texts for each in fill]
    yield from texts


@pytest.mark.parametrize("sentence", sorted(set(refusals()) - ELSEWHERE))
def test_every_refusal_of_the_house_has_a_translation(sentence):
    """Whoever changes a sentence changes the catalogue."""
    said = told(sentence, VI)

    assert sentence != said
    assert said.count("X-1") == sentence.count("X-1")
    assert ("12:00 22/11/2026" in said) is ("12:00 22/11/2026" in sentence)
    english = ("hidden", "shown", "the system", "no agency", "draft", "closed", " by ", "{")
    assert [word for word in english if word in said] == []
