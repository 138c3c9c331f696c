"""The commands over a desk in memory: what is asked of it is remembered."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from sentinel import wiring
from sentinel.cli.main import main
from sentinel.errors import NotAllowed, NotFound
from sentinel.model.alert import AlertEntry, AlertState
from sentinel.model.text import Language
from sentinel.model.warning import WarningState
from sentinel.settings import Settings
from tests.samples import NOON, a_delivery, a_warning, an_agency, an_alert


@dataclass
class FakeDesk:
    """Holds values and remembers calls; alerts change as little as a test needs."""

    alerts_: list = field(default_factory=lambda: [an_alert()])
    warnings_: list = field(default_factory=lambda: [a_warning()])
    agencies_: list = field(default_factory=lambda: [an_agency()])
    asked: list = field(default_factory=list)

    def alerts(self, query):
        self.asked.append(query)
        return self.alerts_

    def alert(self, alert):
        for one in self.alerts_:
            if one.id == alert:
                return one
        raise NotFound(f"there is no alert {alert!r}")

    def _change(self, alert, **changes):
        changed = replace(self.alert(alert), **changes)
        if self.alert(alert).state is AlertState.CLOSED:
            raise NotAllowed(f"alert {alert} is closed")
        self.alerts_ = [changed]
        return changed

    def acknowledge(self, alert, who, note=""):
        self.asked.append(("acknowledge", alert, who, note))
        return self._change(alert, state=AlertState.ACKNOWLEDGED)

    def take(self, alert, who, note=""):
        self.asked.append(("take", alert, who, note))
        entry = AlertEntry(at=NOON, who=who, action="taken", reason=note)
        return self._change(alert, state=AlertState.IN_PROGRESS, assignee=who, history=(entry,))

    def close(self, alert, who, disposition, reason):
        self.asked.append(("close", alert, who, disposition, reason))
        return self._change(alert, state=AlertState.CLOSED, disposition=disposition)

    def warnings(self, query):
        self.asked.append(query)
        return self.warnings_

    def warning(self, warning):
        for one in self.warnings_:
            if warning in (one.id, one.number):
                return one
        raise NotFound(f"there is no warning {warning!r}")

    def approve(self, warning, who):
        self.asked.append(("approve", warning, who))
        return replace(
            self.warning(warning),
            number="CB-2026-000001",
            state=WarningState.APPROVED,
            deliveries=(a_delivery(),),
        )

    def agencies(self):
        return self.agencies_

    def import_agencies(self, agencies, who, others=None):
        self.asked.append(("import", tuple(agency.id for agency in agencies), who, others))
        return [agency.id for agency in agencies]


@dataclass(frozen=True)
class Done:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(data=tmp_path / "data", language=Language.EN, inputs=())


@pytest.fixture
def desk(monkeypatch, settings) -> FakeDesk:
    """The desk that every command of this test gets."""
    fake = FakeDesk()

    @contextmanager
    def open_desk(given: Settings) -> Iterator[FakeDesk]:
        assert given is settings
        yield fake

    monkeypatch.setattr(wiring, "load", lambda config: settings)
    monkeypatch.setattr(wiring, "open_desk", open_desk)
    return fake


@pytest.fixture
def run(capsys, monkeypatch) -> Callable[..., Done]:
    """Run one command as a shell would, in English unless the test says otherwise."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def call(*arguments: str) -> Done:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return call
