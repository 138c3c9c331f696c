"""cron's words; the forms are in the corpus."""

from hypothesis import given
from hypothesis import strategies as st

from sentinel.normalise.cron import fields_of


@given(st.text())
def test_a_command_comes_back_whole(command):
    """Whatever a user writes into a table, only blanks around it go."""
    fields = fields_of(f"(alice) CMD ({command})")

    assert ("alice", command.strip()) == (fields["user.name"], fields["process.command_line"])


@given(st.text())
def test_any_text_is_read_without_an_error(text):
    """What says nothing we know gives nothing."""
    assert isinstance(fields_of(text), dict)
