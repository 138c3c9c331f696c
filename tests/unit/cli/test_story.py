"""What alerts and warnings have in common on a terminal."""

from sentinel.cli.screen import Screen
from sentinel.cli.story import copies, history
from sentinel.model.alert import AlertEntry
from sentinel.model.text import Language
from tests.samples import NOON, a_delivery

SCREEN = Screen(Language.VI)


def test_an_action_without_a_word_is_shown_as_it_is(capsys):
    """An entry of a newer version is not hidden."""
    history(SCREEN, [AlertEntry(at=NOON, who="An", action="{reopened}")])
    history(SCREEN, [AlertEntry(at=NOON, who="An", action="")])

    lines = capsys.readouterr().out.splitlines()
    assert [line.rstrip() for line in lines] == [
        "12:00 22/11/2026  An  {reopened}",
        "12:00 22/11/2026  An",
    ]


def test_a_copy_that_waits_says_only_that(capsys):
    """No times that have not come."""
    copies(SCREEN, [a_delivery()])

    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_copy_that_was_accepted_says_when(capsys):
    """Accepted by a mail server is not yet read by a person."""
    copies(SCREEN, [a_delivery(accepted_at=NOON)])

    assert "Máy chủ thư đã nhận: 12:00 22/11/2026" in capsys.readouterr().out
