"""The close look says what the reference says, and reports the same fields."""

import pytest

from sentinel.detect.condition import (
    AllOf,
    AnyOf,
    ExistsAtom,
    FieldAtom,
    KeywordAtom,
    Not,
    NullAtom,
    Place,
    ReferenceAtom,
)
from sentinel.detect.match.check import Check, plain_text
from sentinel.detect.reference import evaluate
from sentinel.detect.values import (
    Case,
    KeywordTest,
    NumberTest,
    RegexTest,
    Segment,
    Single,
    TextTest,
)


def text(pattern, case=Case.IGNORED):
    """The test of a text in which `*` stands for any text and `?` for any character."""
    shape = [[Single.CHARACTER if each == "?" else each for each in part] for part in _cut(pattern)]
    return TextTest(tuple(Segment(tuple(pieces)) for pieces in shape), case)


def _cut(pattern):
    for part in pattern.split("*"):
        yield [each for each in part.replace("?", "\0?\0").split("\0") if each]


IMAGE = FieldAtom("Image", text(r"*\cmd.exe"))
USER = FieldAtom("User", text("admin*"))
MANY = AnyOf((IMAGE, FieldAtom("Image", text("*net*")), FieldAtom("Image", NumberTest(5)), USER))
EVENT = {"Image": "C:\\CMD.EXE", "User": ["guest", None, "Administrator"], "Empty": "", "Id": 5}

CONDITIONS = {
    "an ending, in any case": IMAGE,
    "an element of a list": USER,
    "nothing is there": FieldAtom("Nobody", text("*")),
    "all of several": AllOf((IMAGE, USER)),
    "one that fails among all": AllOf((IMAGE, Not(USER))),
    "one of many about one field": MANY,
    "alternatives within alternatives": AnyOf((AnyOf((IMAGE,)), AnyOf((USER, NullAtom("Id"))))),
    "what is not there is not reported": AllOf((Not(FieldAtom("Image", text("calc"))), USER)),
    "all of nothing holds": AllOf(()),
    "one of nothing does not": AnyOf(()),
    "an empty text is null": NullAtom("Empty"),
    "a key that is missing": ExistsAtom("Nobody", expected=False),
    "a key that is there": ExistsAtom("Empty", expected=True),
    "another field's value": ReferenceAtom("Image", "Image", Place.WHOLE),
    "an expression": FieldAtom("Image", RegexTest("cmd", "i")),
    "a number as text": FieldAtom("Id", text("5")),
    "a keyword's values": AllOf((KeywordAtom(KeywordTest(text("*admin*"))), IMAGE)),
    "a keyword under a not": AllOf((Not(KeywordAtom(KeywordTest(text("*calc*")))), IMAGE)),
}


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS)
def test_a_look_reports_what_the_reference_reports(condition):
    """The same fields with the same values, or None from both."""
    assert evaluate(condition, EVENT) == Check(condition).hits(EVENT)
    assert evaluate(condition, {}) == Check(condition).hits({})


def test_the_cheap_is_asked_before_the_dear():
    """An expression is not run where a text of the same `and` fails already."""
    never = FieldAtom("Image", RegexTest("("))  # no expression: asking it would raise
    check = Check(AllOf((never, FieldAtom("Image", text("calc")))))

    assert check.hits(EVENT) is None


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a", (True, "a", True)),
        ("a*", (True, "a", False)),
        ("*a", (False, "a", True)),
        ("*a*", (False, "a", False)),
        ("", (True, "", True)),
        ("*", (False, "", False)),
        ("a*b", None),
        ("a?", None),
    ],
)
def test_a_text_without_wildcards_inside_is_plain(pattern, expected):
    """Where it must stand and what it is; None where a `find` cannot answer."""
    assert expected == plain_text(text(pattern))


def test_a_text_that_keeps_case_is_not_plain():
    """It must not be asked of folded values."""
    assert plain_text(text("a", Case.KEPT)) is None
    assert plain_text(KeywordTest(text("*a*"))) == (False, "a", False)
