"""The account tools' words; the forms are in the corpus."""

from hypothesis import given
from hypothesis import strategies as st

from sentinel.normalise.accounts import fields_of


def test_a_failure_is_no_change():
    """What did not happen has no action."""
    fields = fields_of("failed adding user 'bob', exit code: 9")

    assert fields["event.outcome"] == "failure"
    assert "event.action" not in fields


def test_a_part_of_a_line_is_not_enough():
    """No pattern is content with a part."""
    assert fields_of("add 'bob' to group 'sudo' tomorrow") == {}


@given(st.text())
def test_any_text_is_read_without_an_error(text):
    """What says nothing we know gives nothing."""
    assert isinstance(fields_of(text), dict)
