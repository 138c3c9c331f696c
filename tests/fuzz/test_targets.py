"""The fuzz targets take their own seeds and what was once found; the long run fuzzes a little."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from sentinel.detect import patience
from tests.fuzz import fuzz_formats, fuzz_loader, fuzz_matcher
from tests.fuzz.__main__ import TARGETS

ROOT = Path(__file__).parents[2]
FOUND = ROOT / "tests" / "corpus" / "fuzz"
MODULES = {"loader": fuzz_loader, "matcher": fuzz_matcher, "formats": fuzz_formats}


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """A target may set it for itself."""
    monkeypatch.setattr(patience, "LOOK", patience.LOOK)


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_takes_its_seeds(name):
    """What the fuzzer begins with is no finding."""
    module = MODULES[name]
    seeds = list(module.seeds())
    for seed in seeds:
        module.check(seed)

    assert len(seeds) >= 10
    module.check(b"")


@pytest.mark.parametrize("path", sorted(FOUND.glob("*-*")), ids=lambda path: path.name)
def test_what_was_once_found_is_found_no_more(path):
    """`TARGET-what-it-was`, the bytes as the fuzzer left them."""
    MODULES[path.name.split("-")[0]].check(path.read_bytes())


@pytest.mark.slow
@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not for this Python")
@pytest.mark.parametrize("name", TARGETS)
def test_a_minute_of_fuzzing_finds_nothing(name, tmp_path):
    """`make fuzz` looks for longer."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.fuzz", name]
    done = subprocess.run(
        [*command, "--seconds", "60", "--folder", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=280,
    )

    assert done.returncode == 0, done.stderr[-4_000:]
