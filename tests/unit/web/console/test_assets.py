"""Styles and scripts: cached for ever, found by what they hold, ours or named."""

import re
from hashlib import sha256
from importlib.resources import files

import pytest
from fastapi import FastAPI

from sentinel.web.console.assets import FOR_EVER, assets, static, static_routes
from tests.unit.web.fakes import Browser

FOLDER = files("sentinel.web.console").joinpath("static")


@pytest.fixture(scope="module")
def browser():
    app = FastAPI()
    app.include_router(static_routes())
    return Browser(app)


def test_a_file_is_served_under_its_hash_for_ever(browser):
    """With its type, its bytes, and leave to keep it."""
    answer = browser.get(static("console.css"))

    content = FOLDER.joinpath("console.css").read_bytes()
    assert (200, content) == (answer.status_code, answer.content)
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == FOR_EVER
    assert sha256(content).hexdigest()[:16] in static("console.css")


@pytest.mark.parametrize(
    "path",
    [
        "/static/0000000000000000/console.css",
        "/static/{digest}/nothing.css",
        "/static/{digest}/..%2fapp.py",
        "/static/{digest}/%2e%2e/app.py",
        "/static/{digest}/VENDORED.md",
        "/static/{digest}/",
    ],
)
def test_nothing_else_has_a_path(browser, path):
    """Another hash, another folder, a file that is no part of a page."""
    digest = static("console.css").split("/")[2]

    assert browser.get(path.format(digest=digest)).status_code == 404


def test_a_name_that_is_no_file_is_a_mistake_of_ours():
    """A template that names one does not pass its first test."""
    with pytest.raises(KeyError):
        static("nothing.js")


def test_files_of_others_are_the_ones_that_are_named():
    """Version, source, licence and hash stand beside them; nobody changed one by hand."""
    table = FOLDER.joinpath("VENDORED.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| `([^`]+)` \| ([^|]+) \|.*\(`([^`]+)`\).*`([0-9a-f]{64})` \|$", table, re.MULTILINE
    )

    [(name, version, licence, digest)] = rows
    content = FOLDER.joinpath(name).read_bytes()
    assert sha256(content).hexdigest() == digest
    assert f'version:"{version.strip()}"'.encode() in content
    assert "Zero-Clause BSD" in FOLDER.joinpath(licence).read_text(encoding="utf-8")


OURS = sorted(name for name in assets() if name != "htmx.min.js")


@pytest.mark.parametrize("name", OURS)
def test_our_files_load_nothing_and_make_no_code_of_text(name):
    """No other site, no eval, no HTML out of strings: the policy would refuse it."""
    text = FOLDER.joinpath(name).read_text(encoding="utf-8").replace("http://www.w3.org/", "")

    assert not re.search(r"https?://|@import|url\(|//\w+\.\w+/", text)
    assert not re.search(
        r"\beval\b|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write"
        r"|setAttribute\(.(style|on)",
        text,
    )
