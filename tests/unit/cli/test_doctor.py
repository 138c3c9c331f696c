"""`sentinel doctor`: from a fresh folder to settings that cannot be used."""

import socket

import pytest

from sentinel.cli.doctor import show
from sentinel.cli.screen import Screen
from sentinel.doctor.say import as_is, fail, ok, unknown, warn
from sentinel.model.text import Language

SETTINGS = (
    "language: en\n"
    "data: kept\n"
    "journal: {{reserve_mb: 0}}\n"
    "web: {{soc: {{port: {soc}}}, public: {{port: {public}}}}}\n"
    "inputs: [{{name: syslog, collector: syslog, options: {{udp: '127.0.0.1:0'}}}}]\n"
)


def said(one: str):
    return as_is(f"{one} found"), as_is(f"{one} why")


CHECKS = [
    ok("a.ok", *said("ok")),
    warn("a.warn", *said("warn"), as_is("warn remedy")),
    unknown("a.unknown", *said("unknown")),
    fail("a.fail", *said("fail"), as_is("fail remedy")),
]


@pytest.fixture
def folder(tmp_path, monkeypatch, unused_ports):
    """A working directory with settings whose ports are free."""
    monkeypatch.chdir(tmp_path)
    soc, public = unused_ports
    (tmp_path / "sentinel.yml").write_text(SETTINGS.format(soc=soc, public=public))
    return tmp_path


@pytest.fixture
def unused_ports():
    """Two ports that nobody listens on."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def test_worst_first_and_what_is_well_in_a_line(capsys):
    """Each word has its shape, so that no meaning is in the colour alone."""
    show(CHECKS, Screen(Language.EN))

    assert capsys.readouterr().out.splitlines() == [
        "✗ WRONG  a.fail",
        "  fail found",
        "  fail why",
        "  → fail remedy",
        "▲ ATTENTION  a.warn",
        "  warn found",
        "  warn why",
        "  → warn remedy",
        "? UNKNOWN  a.unknown",
        "  unknown found",
        "  unknown why",
        "✓ OK  ok found",
        "",
        "Summary",
        "Wrong: 1. Attention: 1. Could not be seen: 1. In order: 1.",
    ]


def test_what_a_server_says_cannot_act_on_the_terminal(capsys):
    """As everywhere."""
    show([fail("a.b", as_is("550 \x1b[2J"), as_is("[red]"), as_is("c"))], Screen(Language.EN))

    shown = capsys.readouterr().out
    assert "550 \\x1b[2J" in shown
    assert "[red]" in shown


def test_a_fresh_folder_through_the_command(run, folder):
    """Warnings are allowed; nothing is made."""
    done = run("doctor")

    assert done.code == 0, done.out
    assert "▲ ATTENTION  settings.issuer" in done.out
    assert "Wrong: 0." in done.out
    assert [path.name for path in folder.iterdir()] == ["sentinel.yml"]


def test_for_machines(run, folder):
    """Every check with all its parts."""
    done = run("doctor", "--json")

    assert (done.code, done.json["ok"], len(done.out.splitlines())) == (0, True, 1)
    by_id = {check["id"]: check for check in done.json["checks"]}
    assert set(by_id["disk.reserve"]) == {"id", "status", "found", "why", "remedy"}
    assert by_id["disk.reserve"]["remedy"] is None
    assert by_id["service.running"]["status"] == "warn"


def test_a_failure_is_the_exit_code(run, folder):
    """The settings have no input."""
    (folder / "sentinel.yml").write_text("language: en\ninputs: []\n", encoding="utf-8")

    done = run("doctor")

    assert done.code == 1
    assert "✗ WRONG  collectors.inputs" in done.out


def test_settings_that_cannot_be_used_are_answered_too(run, folder):
    """In JSON as well: every fault with its line, and whatever can still be looked at."""
    (folder / "sentinel.yml").write_text("data: kept\nmail: 7\nnonsense: 8\n", encoding="utf-8")

    done = run("doctor", "--json")

    by_id = {check["id"]: check["status"] for check in done.json["checks"]}
    assert (done.code, done.json["ok"], done.err) == (1, False, "")
    assert by_id["settings.fault:sentinel.yml:2"] == "fail"
    assert by_id["settings.fault:sentinel.yml:3"] == "fail"
    assert by_id["mail.look"] == "unknown"
    assert by_id["service.running"] == "warn"


def test_a_named_file_that_is_not_there(run, tmp_path):
    """Said as a check, not as a refusal; the other subjects answer as far as they can."""
    done = run("doctor", "--config", tmp_path / "nowhere.yml", "--json")

    by_id = {check["id"]: check for check in done.json["checks"]}
    assert done.code == 1
    assert str(tmp_path / "nowhere.yml") in by_id["settings.file"]["found"]
    assert by_id["versions.python"]["status"] == "ok"


def test_in_vietnamese_and_in_the_speaker_s_own_language(run, folder, monkeypatch):
    """By the settings; where those cannot be used, by the environment."""
    (folder / "sentinel.yml").write_text("language: vi\ninputs: []\n", encoding="utf-8")
    vietnamese = run("doctor").out
    (folder / "sentinel.yml").write_text("language: odd\n", encoding="utf-8")
    english = run("doctor").out
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    again = run("doctor").out

    assert "✗ SAI  collectors.inputs" in vietnamese
    assert "Cấu hình chưa có đầu vào nào." in vietnamese
    assert "✗ WRONG  settings.file" in english
    assert "✗ SAI  settings.file" in again
