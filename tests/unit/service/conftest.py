"""A service of its own for each test."""

from pathlib import Path

import pytest
import structlog

from sentinel import wiring
from sentinel.documents import SourceText
from sentinel.settings import load_settings
from tests.unit.service.stage import free_ports


@pytest.fixture(autouse=True)
def _own_log():
    """A service that ran in an earlier test logged to that test's standard error."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def ports():
    return free_ports(3)


@pytest.fixture
def settings(tmp_path: Path, ports):
    text = f"""
data: data
journal: {{reserve_mb: 1}}
inputs:
  - {{name: syslog, collector: syslog, options: {{tcp: "127.0.0.1:{ports[0]}"}}}}
web: {{soc: {{port: {ports[1]}}}, public: {{port: {ports[2]}}}}}
"""
    return load_settings(SourceText("sentinel.yml", text), tmp_path, wiring.collectors().by_name)
