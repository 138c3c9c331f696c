"""su's words; the forms are in the corpus."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.normalise.su import fields_of


@pytest.mark.parametrize(
    "message",
    ["(to root) alice on pts/0 and more", "to root alice", "FAILED", "(to ro ot) alice on pts/0"],
)
def test_what_is_not_exactly_su_says_nothing(message):
    """No pattern is content with a part of a line."""
    assert fields_of(message) == {}


@given(st.text())
def test_any_text_is_read_without_an_error(text):
    """What says nothing we know gives nothing."""
    assert isinstance(fields_of(text), dict)
