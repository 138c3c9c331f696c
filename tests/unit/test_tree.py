"""The house keeps its own order: what is not checked is a wish."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAX_LINES = 400
MAX_FUNCTION = 60

# Files without a test file of their own, each with its reason.
UNTESTED = {
    "sentinel/errors.py": "classes and sentences, seen in every other test",
    "sentinel/ports.py": "Protocols: the behaviour suites are their tests",
    "sentinel/collect/contract.py": "Protocols: each collector's tests hold them",
    "sentinel/__main__.py": "one call",
    "sentinel/model/agency.py": "values without behaviour",
    "sentinel/model/checkup.py": "values without behaviour",
    "sentinel/model/detection.py": "values without behaviour",
    "sentinel/model/person.py": "values without behaviour",
    "sentinel/model/policy.py": "values without behaviour",
    "sentinel/model/rule.py": "values without behaviour",
    "sentinel/model/source_mark.py": "values without behaviour",
    "sentinel/model/warning.py": "values without behaviour",
    "sentinel/web/console/parts.py": "values without behaviour",
}
# Longer than 400 lines, each with its reason.
LONG = {"sentinel/ports.py": "Protocols only: every boundary of the house, on one page"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "manager", "core", "misc"}


def _sources() -> list[Path]:
    return sorted([*(ROOT / "sentinel").rglob("*.py"), *(ROOT / "collectors").rglob("*.py")])


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


SOURCES = [pytest.param(path, id=_name(path)) for path in _sources()]


@pytest.mark.parametrize("path", SOURCES)
def test_each_source_file_has_its_test_file(path):
    """`sentinel/warn/number.py` is tested by `tests/unit/warn/test_number.py`."""
    name = _name(path)
    if path.name == "__init__.py" or name in UNTESTED or "/migrations/" in name:
        return
    parts = list(path.relative_to(ROOT).parts)
    parts = parts[1:] if parts[0] == "sentinel" else parts
    test = ROOT.joinpath("tests", "unit", *parts[:-1], f"test_{parts[-1]}")

    assert test.is_file(), f"{test.relative_to(ROOT)} is missing"


@pytest.mark.parametrize("path", SOURCES)
def test_a_file_says_why_it_exists_and_stays_readable(path):
    """A first docstring, at most 400 lines, functions of at most 60, a name that says something."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)

    assert ast.get_docstring(tree)
    assert path.stem not in FORBIDDEN_NAMES
    assert text.count("\n") <= MAX_LINES or _name(path) in LONG
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno <= MAX_FUNCTION, node.name


INSIDE = ("model", "normalise", "detect", "alert", "score.py")


@pytest.mark.parametrize(
    "path", [param for param in SOURCES if _name(param.values[0]).split("/")[1] in INSIDE]
)
def test_the_inside_opens_nothing_and_asks_no_clock(path):
    """Time, chance and files are arguments to the inside (import contracts do not see these)."""
    called = {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }

    forbidden = {"open", "time.time", "datetime.now", "time.sleep", "print", "input"}
    assert called & forbidden == set()


def test_the_repository_names_no_path_of_a_machine():
    """Nothing committed leans on one machine's folders."""
    words = "/" + "root/", "/" + "work/", "/" + "home/"
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    listed = [name for name in listed if not name.endswith((".lock", ".gz"))]

    found = [
        f"{name}: {word}"
        for name in listed
        if (ROOT / name).is_file()
        for word in words
        if word in (ROOT / name).read_text(encoding="utf-8", errors="replace")
    ]

    # Log lines speak of the machines they come from.
    lines = ("tests/corpus/", "rules/")
    assert [hit for hit in found if not hit.startswith(lines)] == []
