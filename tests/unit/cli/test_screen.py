"""Answers on standard output, everything else on standard error, nothing hostile on either."""

import pytest

from sentinel.cli.screen import Screen, complain, refuse, spoken
from sentinel.errors import Fault, NotFound, SettingsError
from sentinel.model.text import Language
from tests.samples import NOON

ENGLISH = Screen(Language.EN)


def test_values_in_our_texts_cannot_act(capsys):
    """The text is ours, what is put into it is not."""
    ENGLISH.say("Tags: {tags}", tags="\x1b[31m{evil}")

    assert capsys.readouterr().out == "Tags: \\x1b[31m{evil}\n"


def test_texts_come_in_the_reader_s_language(capsys):
    """Vietnamese out of the catalogue."""
    Screen(Language.VI).say("Tags: {tags}", tags="a")

    assert capsys.readouterr().out == "Nhãn: a\n"


def test_rich_markup_in_a_line_is_text(capsys):
    """`[red]`, `[link=...]` and `:smile:` in a log line are shown as they are."""
    ENGLISH.line("[red]x[/red] [link=https://evil.example]y[/link] :smile: [/]")

    assert (
        capsys.readouterr().out == "[red]x[/red] [link=https://evil.example]y[/link] :smile: [/]\n"
    )


def test_rich_markup_in_a_table_is_text(capsys):
    """The same for each cell."""
    ENGLISH.table(["Alert"], [["[bold]a[/bold]\x1b"]])

    assert "[bold]a[/bold]\\x1b" in capsys.readouterr().out


def test_a_long_line_is_folded_not_cut(capsys, monkeypatch):
    """Every character of the evidence is there, however narrow the window."""
    monkeypatch.setenv("COLUMNS", "40")
    text = "x" * 500

    ENGLISH.line(text, indent=4)

    shown = capsys.readouterr().out
    assert text == shown.replace(" ", "").replace("\n", "")


def test_an_id_stays_whole_in_a_narrow_window(capsys, monkeypatch):
    """It is there to be copied; the other columns fold."""
    monkeypatch.setenv("COLUMNS", "60")

    ENGLISH.table(["Alert", "What", "Where"], [["w-fa9e06580237180a", "b" * 60, "c" * 60]])

    assert "w-fa9e06580237180a" in capsys.readouterr().out


def test_a_table_cuts_nothing_off(capsys, monkeypatch):
    """An id wider than half the window folds like the rest."""
    monkeypatch.setenv("COLUMNS", "40")

    ENGLISH.table(["Alert", "What"], [["x" * 60, "y" * 60]])

    shown = capsys.readouterr().out
    assert (shown.count("x"), shown.count("y")) == (60, 60)


def test_in_a_pipe_a_row_is_a_line(capsys, monkeypatch):
    """`sentinel alerts list | grep` finds whole rows."""
    monkeypatch.delenv("COLUMNS", raising=False)

    ENGLISH.table(["Alert", "What"], [["a" * 60, "b" * 60]])

    assert len(capsys.readouterr().out.splitlines()) == 2


def test_an_empty_table_says_so(capsys):
    """Nothing is an answer too."""
    ENGLISH.table(["Alert"], [])

    assert capsys.readouterr().out == "none\n"


def test_json_is_one_line(capsys):
    """For machines."""
    ENGLISH.json({"a": "b\nc"})

    assert capsys.readouterr().out == '{"a":"b\\nc"}\n'


def test_times_are_shown_in_the_zone_of_the_settings():
    """UTC inside, the reader's zone outside."""
    assert ENGLISH.time(NOON) == "12:00 22/11/2026"
    assert Screen(Language.EN, "UTC").time(NOON) == "05:00 22/11/2026"
    assert ENGLISH.time(None) == "-"


def test_complaints_and_notes_go_to_standard_error(capsys):
    """A pipe gets the answer alone; lines stay lines, controls do not."""
    complain("one\ntwo\x1b[0m")
    ENGLISH.note("Tags: {tags}", tags="a")

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "one\ntwo\\x1b[0m\nTags: a\n"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NotFound("there is no alert 'x'"), "there is no alert 'x'\n"),
        (
            SettingsError([Fault("a.yml:1", "one\x1b"), Fault("a.yml:2", "two\nmore")]),
            "a.yml:1: one\\x1b\na.yml:2: two more\n",
        ),
        (FileNotFoundError(2, "No such file", "x.yml"), "x.yml: No such file\n"),
        (OSError("odd"), "odd\n"),
    ],
)
def test_an_error_becomes_sentences(error, told, capsys):
    """One line for each fault."""
    refuse(error)

    assert told == capsys.readouterr().err


def test_a_file_that_is_not_utf_8_is_named(capsys):
    """From the note that the reader of the file left."""
    error = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")
    error.add_note("rules/a.yml")

    refuse(error)

    assert capsys.readouterr().err == "rules/a.yml: the file is not valid UTF-8\n"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, Language.EN),
        ({"LANG": "vi_VN.UTF-8"}, Language.VI),
        ({"LANG": "C.UTF-8"}, Language.EN),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "vi_VN.UTF-8"}, Language.EN),
        ({"LC_ALL": "", "LC_MESSAGES": "vi", "LANG": "en_GB"}, Language.VI),
    ],
)
def test_the_language_of_whoever_types(environment, language):
    """LC_ALL, then LC_MESSAGES, then LANG; an empty one does not count (POSIX, section 8.2)."""
    assert language is spoken(environment)


def test_a_marked_line_begins_with_a_word_of_ours(capsys):
    """What follows may be of any origin, and cannot act."""
    Screen(Language.EN).marked("✗ WRONG", "bold red", "550 [red] \x1b[2J")

    assert capsys.readouterr().out == "✗ WRONG  550 [red] \\x1b[2J\n"
