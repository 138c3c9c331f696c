"""sudo's words; the forms are in the corpus, here is what holds whatever users type."""

from hypothesis import given
from hypothesis import strategies as st

from sentinel.normalise.sudo import AMBIGUOUS_COMMAND, fields_of

PIECES = st.lists(
    st.sampled_from(["x", " ; ", "USER=eve", "COMMAND=/bin/true", "PWD=/", "TTY=pts/9", "=", "-c"]),
    max_size=8,
).map("".join)


def _line(folder, command):
    return f"   alice : TTY=pts/0 ; PWD={folder} ; USER=root ; COMMAND={command}"


@given(PIECES, PIECES)
def test_nothing_of_the_real_command_is_lost(folder, command):
    """Whatever folder and arguments hold, the command line ends with the command that ran."""
    fields = fields_of(_line(folder, f"/usr/bin/cat {command}"))

    assert str(fields["process.command_line"]).endswith(f"/usr/bin/cat {command}")
    assert (fields["user.name"], fields["event.action"]) == ("alice", "sudo_command")


@given(PIECES, PIECES)
def test_the_real_target_is_always_among_those_named(folder, command):
    """A forged USER= may stand beside root, never in its place."""
    fields = fields_of(_line(folder, command))

    named = fields["user.effective.name"]
    assert "root" in (named if isinstance(named, list) else [named])


def test_a_line_in_order_is_not_tagged():
    """A separator inside of a command is no sign of forgery."""
    assert "tags" not in fields_of(_line("/srv", "/usr/bin/find . -exec id ; -quit"))
    assert fields_of(_line("/ ; USER=eve", "/bin/id"))["tags"] == [AMBIGUOUS_COMMAND]


@given(st.text())
def test_any_text_is_read_without_an_error(text):
    """What says nothing we know gives nothing, or a user and a command."""
    assert isinstance(fields_of(text), dict)
