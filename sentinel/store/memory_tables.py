"""The dicts that the state in memory consists of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from sentinel.model.agency import Agency
from sentinel.model.alert import Alert
from sentinel.model.ids import (
    AgencyId,
    AlertId,
    JobId,
    Offset,
    PersonName,
    SourceId,
    SuppressionId,
    WarningId,
)
from sentinel.model.job import Job, JobItem
from sentinel.model.person import LoginSession, Person
from sentinel.model.source_mark import SourceMark
from sentinel.model.suppression import Hidden, Suppression
from sentinel.model.warning import AgencyWarning, Delivery

_BEFORE_ALL = Offset(0)


@dataclass(slots=True)
class MemoryTables:
    """Everything there is. The values are frozen, so that a copy need not go deeper."""

    offset: Offset = _BEFORE_ALL
    registry_version: int = 0
    agencies: dict[AgencyId, Agency] = field(default_factory=dict)
    alerts: dict[AlertId, Alert] = field(default_factory=dict)
    warnings: dict[WarningId, AgencyWarning] = field(default_factory=dict)
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)
    windows: dict[str, bytes] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    suppressions: dict[SuppressionId, tuple[Suppression, ...]] = field(default_factory=dict)
    hidden: dict[SuppressionId, Hidden] = field(default_factory=dict)
    jobs: dict[JobId, Job] = field(default_factory=dict)
    job_items: dict[JobId, tuple[JobItem, ...]] = field(default_factory=dict)
    people: dict[PersonName, Person] = field(default_factory=dict)
    sessions: dict[str, LoginSession] = field(default_factory=dict)
    source_marks: dict[tuple[SourceId | None, AgencyId | None], SourceMark] = field(
        default_factory=dict
    )

    def copy(self) -> MemoryTables:
        """The same values in dicts of their own."""
        tables: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)}
        dicts = {name: dict(table) for name, table in tables.items() if isinstance(table, dict)}
        return MemoryTables(**(tables | dicts))

    def deliveries(self) -> Iterator[Delivery]:
        """Every copy of every warning."""
        for warning in self.warnings.values():
            yield from warning.deliveries
