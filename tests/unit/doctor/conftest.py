"""A patient in a temporary folder: everything real but the time."""

from collections.abc import Callable

import pytest

from sentinel.doctor.linux import Presence
from sentinel.doctor.patient import Patient
from sentinel.settings import Settings
from tests.samples import FixedClock


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(data=tmp_path / "data", inputs=())


@pytest.fixture
def patient(settings) -> Patient:
    """A service that does not run."""
    return Patient(settings=settings, clock=FixedClock(), presence=Presence.STOPPED)


@pytest.fixture
def standing() -> Callable[..., list[tuple[str, str]]]:
    """The checks as a table: id and status."""
    return lambda checks: [(check.id, check.status.value) for check in checks]
