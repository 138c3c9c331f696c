"""Commands, exit codes, languages."""

import io
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import typer.main
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from sentinel import wiring
from sentinel.cli.main import COMMANDS, app_of, tree
from sentinel.errors import Fault, SettingsError

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = ROOT / "sentinel" / "locale" / "vi" / "cli.po"


def commands() -> dict[str, object]:
    """Every command by its whole name."""
    found = {}

    def walk(command, name):
        below = getattr(command, "commands", None)
        if below is None:
            found[name] = command
        for word, one in (below or {}).items():
            walk(one, f"{name} {word}".strip())

    walk(typer.main.get_command(app_of()), "")
    return found


def test_the_commands_are_the_agreed_ones():
    """People and scripts rely on these names."""
    assert {
        "run",
        "demo",
        "detect",
        "doctor",
        "rules check",
        "rules coverage",
        "rules explain",
        "rules import",
        "rules list",
        "rules test",
        "alerts list",
        "alerts show",
        "alerts ack",
        "alerts explain",
        "alerts take",
        "alerts close",
        "warnings list",
        "warnings show",
        "warnings approve",
        "agencies list",
        "agencies show",
        "agencies import",
        "config check",
        "token new",
        "users add",
        "users disable",
        "users enable",
        "users list",
        "users reset-password",
        "users role",
    } == set(commands())


def test_a_command_imports_itself_and_no_other():
    """Each has a module of its own; together they take long to import."""
    modules = [f"sentinel.cli.{name}" for name in ("agencies", "alerts", "rules", "run")]
    code = (
        "import sys; from sentinel.cli.main import main\n"
        "try: main(['detect', '--help'])\n"
        f"except SystemExit: print([name for name in {modules} if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_alone_is_what_it_is_among_all(name):
    """The same help, whether its neighbours are imported or not."""
    alone, among = (typer.main.get_command(app).commands for app in (app_of([name]), app_of()))

    assert list(alone) == [name]
    assert alone[name].help == among[name].help


def test_the_version(run):
    """As the package says it."""
    done = run("--version")

    assert (0, f"sentinel {version('sentinel-watch')}\n") == (done.code, done.out)


def test_wrong_use_is_two(run):
    """An unknown command, a missing argument, a word that is none of the choices."""
    for arguments in (["nonsense"], ["alerts", "show"], ["alerts", "list", "--state", "odd"]):
        done = run(*arguments)

        assert done.code == 2
        assert "Traceback" not in done.err


def test_a_refusal_is_one_and_a_sentence(run, desk):
    """No traceback for what can be expected."""
    done = run("alerts", "show", "nowhere")

    assert (done.code, done.out, done.err) == (1, "", "there is no alert 'nowhere'\n")


def test_every_fault_of_the_settings_is_a_line(run, monkeypatch):
    """All at once, on standard error."""

    def broken(config):
        raise SettingsError([Fault("sentinel.yml:1", "one"), Fault("sentinel.yml:9", "two")])

    monkeypatch.setattr(wiring, "load", broken)

    done = run("alerts", "list")

    assert (done.code, done.out, done.err) == (1, "", "sentinel.yml:1: one\nsentinel.yml:9: two\n")


def test_a_settings_file_that_is_not_there_is_a_sentence(run, tmp_path):
    """With its name."""
    done = run("--config", tmp_path / "nowhere.yml", "alerts", "list")

    assert done.code == 1
    assert f"{tmp_path}/nowhere.yml: " in done.err
    assert len(done.err.splitlines()) == 1


def test_an_interrupted_command_ends_as_the_shell_expects(run, desk, monkeypatch):
    """128 + SIGINT."""

    def interrupted(settings):
        raise KeyboardInterrupt

    monkeypatch.setattr(wiring, "open_desk", interrupted)

    assert run("alerts", "list").code == 130


def test_help_is_in_the_reader_s_language(run, monkeypatch):
    """By the environment: no settings are read for it."""
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")

    done = run("alerts", "--help")

    assert "Hàng đợi cảnh báo." in done.out
    assert "Nhận xử lý cảnh báo." in done.out


def test_no_summary_of_a_command_is_cut_off(run, monkeypatch):
    """The list of commands folds long ones."""
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")

    shown = " ".join(run("rules", "--help").out.split())

    assert "các dòng phải khớp và các dòng không được khớp." in shown


@pytest.mark.parametrize("name", sorted(commands()))
def test_each_command_explains_itself(run, name):
    """`--help` works and says what the command does."""
    done = run(*name.split(), "--help")

    assert done.code == 0
    assert str(commands()[name].help).split(".", maxsplit=1)[0].split()[0] in done.out


def said_in_the_code() -> set[str]:
    """Every text that the commands can say."""
    calls = {"text": None, "say": None, "heading": None, "note": None}
    found = {
        message
        for _, _, message, _, _ in extract_from_dir(
            ROOT / "sentinel" / "cli", [("**.py", "python")], keywords=calls
        )
    }
    for source in (ROOT / "sentinel" / "cli").rglob("*.py"):
        for headings in re.findall(r"\.table\(\s*\[([^\]]*)\]", source.read_text(encoding="utf-8")):
            found |= set(re.findall(r'"([^"]+)"', headings))
    for command in tree(typer.main.get_command(app_of())):
        found.add(command.help)
        found |= {parameter.help for parameter in command.params if getattr(parameter, "help", "")}
    return found - {None}


# What comes out of values: states of a history, ways to release, roles.
FROM_VALUES = {
    "accepted",
    "acknowledged",
    "admin",
    "after-approval",
    "analyst",
    "approved",
    "at-once",
    "changed",
    "closed",
    "drafted",
    "edited",
    "failed",
    "gone",
    "moved",
    "new",
    "noted",
    "opened",
    "refused",
    "removed",
    "taken",
    "undone",
}


def test_every_text_has_its_vietnamese_and_none_is_left_over():
    """The catalogue is neither behind the code nor ahead of it."""
    catalogue = read_po(io.BytesIO(CATALOGUE.read_bytes()), locale="vi")
    translated = {message.id: message.string for message in catalogue if message.id}

    typers_own = {"Show this message and exit."}
    assert said_in_the_code() - typers_own | FROM_VALUES == set(translated)
    assert all(translated.values())


def test_a_translation_keeps_the_places_for_values():
    """A value that a translation forgets would be lost to its reader."""
    catalogue = read_po(io.BytesIO(CATALOGUE.read_bytes()), locale="vi")

    for message in catalogue:
        if message.id:
            named = re.findall(r"\{(\w+)\}", message.id)
            assert sorted(named) == sorted(re.findall(r"\{(\w+)\}", message.string)), message.id
