"""A patient in a temporary folder: everything real but the time."""

import socket
from collections.abc import Callable

import pytest

from sentinel.doctor.linux import Presence
from sentinel.doctor.patient import Patient
from sentinel.settings import PublicSettings, Settings, SocSettings
from tests.samples import FixedClock


@pytest.fixture
def settings(tmp_path) -> Settings:
    """The defaults without inputs, on ports that nobody has."""
    with socket.socket() as one, socket.socket() as other:
        ports = []
        for probe in (one, other):
            probe.bind(("127.0.0.1", 0))
            ports.append(probe.getsockname()[1])
    web = Settings().web.model_copy(
        update={"soc": SocSettings(port=ports[0]), "public": PublicSettings(port=ports[1])}
    )
    return Settings(data=tmp_path / "data", inputs=()).model_copy(update={"web": web})


@pytest.fixture
def patient(settings) -> Patient:
    """A service that does not run."""
    return Patient(settings=settings, clock=FixedClock(), presence=Presence.STOPPED)


@pytest.fixture
def standing() -> Callable[..., list[tuple[str, str]]]:
    """The checks as a table: id and status."""
    return lambda checks: [(check.id, check.status.value) for check in checks]
