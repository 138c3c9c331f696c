"""What the documents say is what the code does."""

import re
from pathlib import Path

import pytest

from tests.unit.web.fakes import an_api

ROOT = Path(__file__).resolve().parents[2]


def test_every_path_of_the_api_has_a_row_in_its_page_and_the_other_way_round():
    """Methods included."""
    built = {
        (path, method.upper())
        for path, methods in an_api().openapi()["paths"].items()
        for method in methods
    }
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\S+)` \| (GET|POST) \|", page, re.MULTILINE))

    assert told == built


def _pages():
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("page", [pytest.param(page, id=page.name) for page in _pages()])
def test_every_file_that_a_page_links_to_is_there(page):
    """A reader who follows a link arrives."""
    text = page.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_dependency_has_its_reason():
    """DECISIONS.md names each package of pyproject.toml."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    named = set(re.findall(r'^    "([a-z0-9-]+)(?:\[[a-z]+\])?[><=]', project, re.MULTILINE))
    table = (ROOT / "DECISIONS.md").read_text(encoding="utf-8").split("## 1. Every dependency")[1]
    reasons = set(re.findall(r"[a-z0-9-]+", table))

    assert named - reasons == set()
    assert len(named) > 20
