"""Keywords are found in any value, and a JSON text is only believed where it is sure."""

import json

import pytest

from sentinel.detect.match.clues import Literal, Passes, Pattern
from sentinel.detect.match.column import Sorted
from sentinel.detect.match.everywhere import _AS_ASCII, Everywhere
from sentinel.detect.match.scan import Databases
from sentinel.detect.values import NumberTest, RegexTest


def _everywhere(*clues):
    kinds = Sorted()
    for number, clue in enumerate(clues):
        kinds.take(clue, number)
    return Everywhere(kinds, Databases())


def _words(*texts):
    return _everywhere(*(Literal(None, text) for text in texts))


def test_a_keyword_is_found_in_any_value():
    """In texts, in lists, in numbers and booleans as rules see them."""
    fields = {"a": "x", "b": ["y", "MIMIKATZ"], "c": True, "d": 42.0, "e": None}

    assert _words("mimikatz", "true", "42", "calc").rules_for(fields, None) == {0, 1, 2}


def test_a_keyword_is_not_found_across_two_values():
    """What stands between them is in no keyword."""
    assert _words("xy").rules_for({"a": "x", "b": "y"}, None) == set()


def test_tests_and_expressions_are_asked_of_each_value():
    """Numbers are whole values, expressions have their own beginning and end."""
    found = _everywhere(Passes(None, NumberTest(5)), Pattern(None, RegexTest("^y.z$")))

    assert found.rules_for({"a": "5", "b": ["y-z"]}, None) == {0, 1}
    assert found.rules_for({"a": "55", "b": "y-z!"}, b'{"a": "55", "b": "y-z!"}') == set()


SPELLINGS = {
    "as it is": ("mimikatz", r'{"a": "MimiKatz"}'),
    "by numbers": ("mimikatz", r'{"a": "\u006dimikatz"}'),
    "numbers with capitals": ("mimikatz", r'{"a": "\u006Dimikatz"}'),
    "escaped slash": ("a/b", r'{"a": "a\/b"}'),
    "escaped backslash": ("a\\b", r'{"a": "a\\b"}'),
    "escaped quote": ('a"b', r'{"a": "a\"b"}'),
    "beyond ASCII, raw": ("đăng", '{"a": "ĐĂNG"}'),
    "beyond ASCII, by numbers": ("đăng", r'{"a": "\u0110\u0102NG"}'),
    "folds into ASCII": ("kelvin", '{"a": "\u212aelvin"}'),
    "a long number": ("100000", '{"a": 1e5}'),
    "a boolean": ("tru", '{"a": true}'),
    "with a line end": ("a\nb", r'{"a": "a\nb"}'),
    "what patterns use": ("(a.b)*", '{"a": "(a.b)*"}'),
    "with the name that comes twice": ("mimikatz", '{"a": "x", "a": "mimikatz"}'),
}


@pytest.mark.parametrize(("word", "text"), SPELLINGS.values(), ids=SPELLINGS)
def test_however_json_spells_a_value_its_keyword_is_found(word, text):
    """The text is a short cut, never a different answer."""
    fields = json.loads(text)

    assert _words(word, "not there").rules_for(fields, text.encode()) == {0}


def test_a_text_without_any_keyword_ends_it():
    """The values are not looked at: what they hold would stand in the text."""
    fields = {"a": "mimikatz"}  # not what the text says

    assert _words("mimikatz").rules_for(fields, b'{"a": "calc"}') == set()


def test_a_letter_that_folds_to_ascii_is_not_believed():
    """The Kelvin sign is a k where case is ignored; other letters beyond ASCII are nothing."""
    fields = {"a": "mimikatz"}

    assert _words("mimikatz").rules_for(fields, '{"a": "mimi\u212aatz"}'.encode()) == {0}
    assert _words("mimikatz").rules_for(fields, '{"a": "\u0111"}'.encode()) == set()


def test_a_keyword_beyond_ascii_believes_ascii_texts_alone():
    """Its own letters may be written in either case."""
    fields = {"a": "\u0110\u0103ng"}

    assert _words("\u0111\u0103ng").rules_for(fields, '{"a": "\u0110\u0103ng"}'.encode()) == {0}
    assert _words("\u0111\u0103ng").rules_for(fields, b'{"a": "dang"}') == set()


def test_every_letter_that_folds_to_ascii_is_known():
    """Asked of Unicode itself."""
    folding = [
        letter
        for letter in map(chr, range(128, 0x110000))
        if any(each.isascii() for each in letter.casefold())
    ]

    assert "".join(folding) == _AS_ASCII
