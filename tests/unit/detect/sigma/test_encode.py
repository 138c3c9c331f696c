"""Values as they look inside of encoded text."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.detect.sigma.encode import base64_of, base64_shifted, encoded_of


@given(st.binary(min_size=3), st.binary(max_size=5), st.binary(max_size=5))
def test_one_of_the_three_forms_is_in_the_encoding_of_any_bytes_around(data, before, after):
    """Wherever the bytes stand."""
    encoded = b64encode(before + data + after).decode()

    assert any(form in encoded for form in base64_shifted(data))


def test_base64_is_of_the_whole():
    """With its padding."""
    assert base64_of(b"hello") == ["aGVsbG8="]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("f|wide|base64", "é", ("f", ["6QA="])),
        ("f|utf16be|base64", ["é", "a"], ("f", ["AOk=", "AGE="])),
        ("f|utf16|base64|cased", "é", ("f|cased", ["//7pAA=="])),
        ("f|utf16le|base64offset|contains|neq", "é", ("f|contains|neq", base64_shifted(b"\xe9\0"))),
    ],
)
def test_letters_beyond_ascii_are_encoded(key, value, expected):
    """The other modifiers of the item stay."""
    assert expected == encoded_of(key, value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("f|wide|base64", "cmd"),
        ("f|wide|base64", "é*"),
        ("f|wide", "é"),
        ("f|base64", "é"),
        ("f|wide|contains|base64", "é"),
        ("f|wide|base64offset|all", ["é", "à"]),
        ("f|wide|base64", 5),
        (5, "é"),
    ],
)
def test_the_rest_is_left_to_pysigma(key, value):
    """What it can do, and what it refuses with a reason."""
    assert encoded_of(key, value) is None
