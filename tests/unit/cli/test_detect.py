"""`sentinel detect`."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sentinel import batch
from sentinel.cli import detect
from sentinel.cli.screen import Screen
from sentinel.errors import Fault, InputError
from sentinel.model.profile import DetectionProfile, StepCost
from sentinel.model.text import Language

FOUND = {"rule": {"id": "1", "title": "Dò mật khẩu"}, "record": 1}


kept = []  # where the rules that were read should go


@pytest.fixture
def found(monkeypatch):
    """What the rules find; the request that was made."""
    requests = []
    kept.clear()

    def put(*detections, refused=()):
        def fake(request, summary, *, keep):
            kept.append(keep)
            requests.append(request)
            summary.events, summary.seconds, summary.rules_loaded = 10, 2.0, 3
            step = StepCost(name="read", seconds=1.0, events=10)
            summary.profile = DetectionProfile(events=10, steps=(step,))
            for detection in detections:
                summary.detections += 1
                yield detection
            summary.refused += refused

        monkeypatch.setattr(batch, "detect", fake)
        return requests

    return put


def test_detections_go_to_standard_output_and_the_summary_beside(run, found):
    """One JSON object a line; exit 0 with detections."""
    found(FOUND, FOUND)

    done = run("detect", "--rules", "rules", "a.log")

    assert [json.loads(line) for line in done.out.splitlines()] == [FOUND, FOUND]
    assert (
        done.code,
        done.err,
    ) == (0, "Events: 10. Detections: 2. Events a second: 5. Rules loaded: 3. Refused: 0\n")


def test_no_detection_is_no_failure(run, found):
    """Exit 0 without detections."""
    found()

    done = run("detect", "--rules", "rules", "a.log")

    assert (done.code, done.out) == (0, "")


def test_the_request_is_what_was_typed(run, found):
    """Rules may be named several times."""
    requests = found()

    run("detect", "--rules", "a", "--rules", "b", "--pipeline", "ecs", "--format", "json",
        "--workers", "2", "x.json", "y.json")  # fmt: skip

    (request,) = requests
    assert (
        [str(path) for path in request.rules],
        [str(path) for path in request.files],
    ) == (["a", "b"], ["x.json", "y.json"])
    assert (request.pipeline, request.format, request.workers) == ("ecs", "json", 2)


def test_what_was_refused_is_told_and_is_a_failure(run, found):
    """The rest is still done; exit 1."""
    found(FOUND, refused=[Fault("a.yml:1", "no\nmore\x1b")])

    done = run("detect", "--rules", "rules", "a.log")

    assert done.code == 1
    assert len(done.out.splitlines()) == 1
    assert done.err.splitlines()[0] == "a.yml:1: no more\\x1b"
    assert "Refused: 1" in done.err


def test_a_wrong_request_is_wrong_use(run, monkeypatch):
    """Exit 2, with what is allowed."""

    def refused(request, summary, *, keep):
        raise InputError([Fault("--format", "no such format", allowed="json")])

    monkeypatch.setattr(batch, "detect", refused)

    done = run("detect", "--rules", "rules", "--format", "odd", "a.log")

    assert (done.code, done.err) == (2, "--format: no such format; allowed: json\n")


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"SENTINEL_CACHE_DIR": "/c", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/c"),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/sentinel"),
        ({"XDG_CACHE_HOME": "x", "HOME": "/h"}, "/h/.cache/sentinel"),
        ({"SENTINEL_CACHE_DIR": "", "HOME": "/h"}, "/h/.cache/sentinel"),
    ],
)
def test_rules_are_kept_in_this_user_s_cache(environment, folder):
    """A folder of one's own before the desktop's, before the home's."""
    assert Path(folder) == detect.kept_rules(environment)._folder


@pytest.mark.parametrize("environment", [{}, {"HOME": "h"}, {"XDG_CACHE_HOME": "x", "HOME": ""}])
def test_without_a_home_nothing_is_kept(environment):
    """A service user may have none: each start reads the rules."""
    assert detect.kept_rules(environment) is None


def test_no_cache_keeps_nothing(run, found):
    """Nor does it look at what was kept."""
    found()

    run("detect", "--rules", "rules", "a.log")
    run("detect", "--no-cache", "--rules", "rules", "a.log")

    assert [each is None for each in kept] == [False, True]


def test_a_second_start_does_not_import_pysigma(tmp_path):
    """It takes most of a second; what the service needs besides is not imported at all."""
    (tmp_path / "a.yml").write_text(
        "title: A\nlogsource: {category: test}\ndetection: {s: {a|re: ^b+$}, condition: s}\n"
    )
    (tmp_path / "a.json").write_text('{"a": "bb"}\n')
    heavy = ["duckdb", "fastapi", "pyarrow", "sigma", "sqlalchemy", "starlette"]
    code = (
        "import sys; from sentinel.cli.main import main\n"
        "try: main(['detect', '--rules', 'a.yml', 'a.json'])\n"
        f"except SystemExit: print([name for name in {heavy} if name in sys.modules])"
    )
    environment = {**os.environ, "SENTINEL_CACHE_DIR": str(tmp_path / "cache")}

    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
            env=environment,
        ).stdout.splitlines()
        for _ in range(2)
    ]

    assert said[0][0] == said[1][0]
    assert "sigma" in said[0][1]
    assert said[1][1] == "[]"


def test_rules_must_be_named(run):
    """Only what is named is used: there is no default to be surprised by."""
    assert run("detect", "a.log").code == 2


@pytest.mark.parametrize("value", ["\x9b31m\u202e", "\ud800", 2**70])
def test_any_value_is_a_line_of_json_that_cannot_act(value):
    """C1 controls, lone surrogates, and numbers above 64 bits."""
    line = detect.line_of({"event": {"x": value}})

    assert {"event": {"x": value}} == json.loads(line)
    assert line.isprintable()


def test_the_help_names_the_formats_there_are(run):
    """The help text is translated, so it is written out; it must not lag."""
    help_ = " ".join(run("detect", "--help").out.split())

    assert f"What the files are: {', '.join(batch.FORMATS)}." in help_


def test_a_summary_without_time_has_no_rate(capsys):
    """Nothing was read: nothing is divided."""
    detect.tell(batch.Summary(), Screen(Language.VI))

    assert "Sự kiện mỗi giây: -." in capsys.readouterr().err


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_only(monkeypatch):
    """On standard error, and only while the detections go elsewhere."""
    stream = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", stream)

    with detect._progress(batch.Summary(events=12, detections=3)):
        pass

    assert "12 / 3" in stream.getvalue()


def test_no_progress_in_a_pipe(capsys):
    """Standard error holds the summary alone."""
    with detect._progress(batch.Summary()):
        pass

    assert capsys.readouterr() == ("", "")


def test_where_the_time_went_is_told_after_the_summary_and_written(run, found, tmp_path):
    """A table beside the answer, JSON in a file; a file that cannot be written is a failure."""
    found(FOUND)
    path = tmp_path / "profile.json"

    done = run("detect", "--rules", "r", "--profile", "--profile-json", str(path), "a.log")
    lost = run("detect", "--rules", "r", "--profile-json", str(tmp_path), "a.log")

    assert done.code == 0
    assert done.err.index("Events: 10") < done.err.index("µs an event")
    assert json.loads(path.read_text(encoding="utf-8"))["steps"][0]["name"] == "read"
    assert (lost.code, json.loads(lost.out)) == (1, FOUND)
    assert str(tmp_path) in lost.err
