"""Where pySigma and the specification part: what is put right, and that it still needs it."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sigma.rule import SigmaDetections
from sigma.types import SigmaCasedString, SigmaExpansion

from sentinel.detect.sigma.mend import mend, respell, weight
from sentinel.detect.sigma.read_condition import NotHonoured

TEXTS = st.text(alphabet="abđé ", min_size=3, max_size=12)


def _value(key, text):
    detections = SigmaDetections.from_dict({"a": {key: text}, "condition": "a"})
    mend(detections)
    return detections.detections["a"].detection_items[0].value[0]


@given(TEXTS)
def test_base64_is_that_of_the_bytes(text):
    """As Python's own encoder has it."""
    assert b64encode(text.encode()).decode() == str(_value("f|base64", text))


@given(TEXTS, st.binary(max_size=5), st.binary(max_size=5))
def test_base64offset_finds_the_text_wherever_it_stands(text, before, after):
    """One of the three forms is in the encoding of any bytes around the text."""
    encoded = b64encode(before + text.encode() + after).decode()
    expansion = _value("f|base64offset", text)

    assert isinstance(expansion, SigmaExpansion)
    assert any(str(form) in encoded for form in expansion.values)


def test_utf16_begins_with_its_byte_order_mark():
    """FF FE, then two bytes a character."""
    expected = b64encode(b"\xff\xfe" + "cmd".encode("utf-16le")).decode()

    assert expected == str(_value("f|utf16|base64", "cmd"))


def test_cased_survives_other_modifiers():
    """All that is made of a cased value is cased."""
    expansion = _value("f|cased|windash", "-a")

    assert [type(form) for form in expansion.values] == [SigmaCasedString] * 5


def test_modifiers_are_respelled_wherever_they_stand():
    """In maps and in lists of maps; names of fields and values stay."""
    definition = {"a": [{"utf16le|utf16le|contains": "utf16le"}], "b": "utf16le"}
    expected = {"a": [{"utf16le|wide|contains": "utf16le"}], "b": "utf16le"}

    assert expected == respell(definition)


def test_what_needs_no_mending_stays():
    """Other values are pySigma's own."""
    assert str(_value("f|contains", "x")) == "*x*"


def test_two_keys_never_become_one():
    """The second would take the first one's place without a word."""
    with pytest.raises(NotHonoured, match="two detections"):
        respell({"f|wide": "a", "f|utf16le": "b"})


def test_long_dashes_of_a_rule_are_varied_too():
    """pySigma 1.5 takes them as they are (Modifiers, "windash")."""
    assert sorted(map(str, _value("f|windash", "\u2013a").values)) == sorted(
        f"{dash}a" for dash in "-/\u2013\u2014\u2015"
    )


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("f|re|startswith", r"\A(?:a|b.*)"),
        ("f|re|endswith", r"(?:.*a|b)\Z"),
    ],
)
def test_an_expression_begins_or_ends_a_value(key, expected):
    """All of it, not its last alternative alone."""
    assert expected == _value(key, "a|b").to_plain()


def test_the_weight_of_a_detection_is_known_before_it_is_written_out():
    """Five dashes for each flag."""
    detection = {"a": [{"f|windash": [" -a -b", "c"]}, {"g": 1}], "condition": "a"}

    assert weight(detection) == 25 + 1 + 1 + 1
