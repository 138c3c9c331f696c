"""A person's name in one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.model.person import person_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Lan ", "lan"),
        ("\u0110\u1ee8C", "\u0111\u1ee9c"),
        ("hue\u0323\u0302", "hu\u1ec7"),
        ("", ""),
        ("\ud800", "?"),
    ],
)
def test_a_name_is_one_however_it_is_typed(typed, kept):
    """Case, composition, spaces at the ends; what is no text is no name."""
    assert kept == person_name(typed)


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_kept_is_kept_as_it_is(typed):
    """A second time changes nothing, and a database can hold it."""
    kept = person_name(typed)

    assert kept == person_name(kept)
    assert kept.encode("utf-8").decode("utf-8") == kept
