"""What every test may count on: tests that cannot run here are listed with the reason, never
passed over; in CI (CI=true) nothing may be missing."""

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.browser import chromium
from tests.system import lab
from tests.testdata import data_folder

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

# A change is judged by the same cases each time; `make test-all` looks for new ones. No test is
# timed: the machine may be busy.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if IN_CI else "here")


def _why_not(item: pytest.Item) -> str:
    """Why this test cannot run here; "" if it can."""
    if item.get_closest_marker("root") and os.geteuid() != 0:
        return "needs root"
    if item.get_closest_marker("server") and (missing := lab.missing()):
        return f"needs real servers that are not installed: {', '.join(missing)}"
    if item.get_closest_marker("browser") and not chromium.program():
        return "needs the browser Chromium"
    if item.get_closest_marker("data") and not data_folder().is_dir():
        return f"needs public rules and events: no {data_folder()} (set SENTINEL_TEST_DATA)"
    return ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        why = _why_not(item)
        if why and IN_CI:
            item.add_marker(pytest.mark.usefixtures("_missing_in_ci"))
            item.user_properties.append(("missing", why))
        elif why:
            item.add_marker(pytest.mark.skip(reason=f"not run: {why}"))


@pytest.fixture
def _missing_in_ci(request: pytest.FixtureRequest) -> None:
    """In CI what a test needs has to be there."""
    pytest.fail(dict(request.node.user_properties)["missing"])


@pytest.fixture(autouse=True, scope="session")
def _a_cache_of_our_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a test keeps of rules, or finds kept, is not whoever's runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SENTINEL_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def free_port() -> int:
    """A TCP and UDP port of loopback that nobody used a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def sentinel() -> str:
    """The installed command."""
    found = shutil.which("sentinel", path=str(Path(sys.executable).parent))
    assert found is not None
    return found
