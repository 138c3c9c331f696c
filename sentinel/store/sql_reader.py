"""What the state database is asked: the reading half, inside a transaction that is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Executable, SelectBase, bindparam, func, select

from sentinel.errors import NotFound
from sentinel.model.agency import Agency, Registry
from sentinel.model.alert import Alert, AlertEntry, AlertState
from sentinel.model.entity import Entity
from sentinel.model.ids import AgencyId, AlertId, CauseKey, Offset, WarningId
from sentinel.model.source_mark import SourceMark
from sentinel.model.warning import AgencyWarning, Delivery, WarningEntry, WarningState
from sentinel.ports import AlertQuery, WarningQuery
from sentinel.store.codec import value_of
from sentinel.store.lookup import entity_key
from sentinel.store.rows import (
    NOBODY,
    alert_entry_of,
    alert_of,
    delivery_of,
    mark_of,
    warning_entry_of,
    warning_of,
)
from sentinel.store.schema import (
    ALERT_IS_OPEN,
    DELIVERY_IS_PENDING,
    WARNING_IS_NUMBERED,
    agencies,
    alert_entries,
    alert_keys,
    alerts,
    deliveries,
    marks,
    secrets,
    source_marks,
    warning_entries,
    warnings,
    windows,
)
from sentinel.store.sql_alerts import (
    Wanted,
    alert_ids_statement,
    alerts_statement,
    count_statement,
    is_rare_statement,
    keys_asked,
)
from sentinel.store.sql_jobs import JobReader
from sentinel.store.sql_people import PeopleReader
from sentinel.store.sql_suppressions import SuppressionReader
from sentinel.store.sql_walk import first_ids

OFFSET = "offset"
REGISTRY_VERSION = "registry-version"

# Asked with each alert that is written: building it costs more than running it.
_ALERT_HISTORY = (
    select(alert_entries)
    .where(alert_entries.c.alert == bindparam("of"))
    .order_by(alert_entries.c.position)
)


class SqlReader(SuppressionReader, JobReader, PeopleReader):
    """`ports.StateReader` over a connection whose transaction someone else ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def offset(self) -> Offset:
        """See `ports.StateReader.offset`."""
        return Offset(self._mark(OFFSET))

    def registry(self) -> Registry:
        """See `ports.StateReader.registry`. By id."""
        rows = self._connection.execute(select(agencies.c.rest).order_by(agencies.c.id))
        known = [value_of(Agency, text) for text in rows.scalars()]
        return Registry({agency.id: agency for agency in known})

    def registry_version(self) -> int:
        """See `ports.StateReader.registry_version`."""
        return self._mark(REGISTRY_VERSION)

    def alert(self, alert: AlertId) -> Alert:
        """See `ports.StateReader.alert`."""
        found = self._one_alert(select(alerts).where(alerts.c.id == alert))
        if found is None:
            raise NotFound(f"there is no alert {alert!r}")
        return found

    def alerts(self, query: AlertQuery) -> Sequence[Alert]:
        """See `ports.StateReader.alerts`. Equal ones by id, last first."""
        rows = self._connection.execute(alerts_statement(self._wanted(query))).mappings()
        return [alert_of(row) for row in rows]

    def count_alerts(self, query: AlertQuery) -> int:
        """See `ports.StateReader.count_alerts`."""
        return self._connection.execute(count_statement(self._wanted(query))).scalar() or 0

    def alert_ids(self, query: AlertQuery) -> Sequence[AlertId]:
        """See `ports.StateReader.alert_ids`."""
        return self._connection.execute(alert_ids_statement(self._wanted(query))).scalars().all()

    def agencies_with(self, entity: Entity) -> frozenset[AgencyId]:
        """See `ports.StateReader.agencies_with`."""
        kind, value = entity_key(entity)
        found = self._connection.execute(
            select(alert_keys.c.agency)
            .where(alert_keys.c.kind == kind, alert_keys.c.value == value)
            .distinct()
        ).scalars()
        return frozenset(AgencyId(agency) for agency in found if agency != NOBODY)

    def open_alert(self, agency: AgencyId | None, cause: CauseKey) -> Alert | None:
        """See `ports.StateReader.open_alert`. With its history."""
        return self._one_alert(
            select(alerts).where(
                alerts.c.agency == (agency or NOBODY), alerts.c.cause == cause, ALERT_IS_OPEN
            )
        )

    def last_closed(self, agency: AgencyId | None, cause: CauseKey) -> AlertId | None:
        """See `ports.StateReader.last_closed`."""
        return self._connection.execute(
            select(alerts.c.id)
            .where(
                alerts.c.agency == (agency or NOBODY),
                alerts.c.cause == cause,
                alerts.c.state == AlertState.CLOSED,
            )
            .order_by(alerts.c.opened.desc(), alerts.c.id.desc())
            .limit(1)
        ).scalar()

    def warning(self, warning: WarningId) -> AgencyWarning:
        """See `ports.StateReader.warning`."""
        numbered = (warnings.c.number == warning) & WARNING_IS_NUMBERED
        for condition in (warnings.c.id == warning, numbered):
            for found in self._warnings(select(warnings.c.id).where(condition)):
                return replace(found, history=self._warning_history(found.id))
        raise NotFound(f"there is no warning {warning!r}, neither as an id nor as a number")

    def warnings(self, query: WarningQuery) -> Sequence[AgencyWarning]:
        """See `ports.StateReader.warnings`. Equally new ones by id, last first."""
        return self._warnings(warning_ids(query))

    def delivery_by_token(self, token_sha256: str) -> Delivery | None:
        """See `ports.StateReader.delivery_by_token`."""
        found = self._deliveries(select(deliveries).where(deliveries.c.token == token_sha256))
        return found[0] if found else None

    def due_deliveries(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """See `ports.StateReader.due_deliveries`. Copies of a cancelled warning never are."""
        return self._deliveries(due_statement(now, limit))

    def count_pending(self) -> int:
        """See `ports.StateReader.count_pending`. Copies of a cancelled warning never are."""
        statement = (
            select(func.count())
            .select_from(deliveries)
            .join(warnings, warnings.c.id == deliveries.c.warning)
            .where(DELIVERY_IS_PENDING, warnings.c.state != WarningState.CANCELLED)
        )
        return self._connection.execute(statement).scalar_one()

    def windows(self) -> Mapping[str, bytes]:
        """See `ports.StateReader.windows`."""
        rows = self._connection.execute(select(windows.c.key, windows.c.value))
        return {key: bytes(value) for key, value in rows}

    def secret(self, name: str) -> str | None:
        """See `ports.StateReader.secret`."""
        return self._connection.execute(
            select(secrets.c.value).where(secrets.c.name == name)
        ).scalar()

    def source_marks(self) -> Sequence[SourceMark]:
        """See `ports.StateReader.source_marks`."""
        rows = self._connection.execute(
            select(source_marks).order_by(source_marks.c.source, source_marks.c.agency)
        ).mappings()
        return [mark_of(row) for row in rows]

    def _mark(self, name: str) -> int:
        found = self._connection.execute(select(marks.c.value).where(marks.c.name == name))
        return found.scalar() or 0

    def _wanted(self, query: AlertQuery) -> Wanted:
        keys = keys_asked(query)
        rare = [
            key for key in keys if self._connection.execute(is_rare_statement(query, key)).scalar()
        ]
        return Wanted(query, rare, [key for key in keys if key not in rare])

    def _one_alert(self, statement: Executable) -> Alert | None:
        row = self._connection.execute(statement).mappings().first()
        if row is None:
            return None
        return replace(alert_of(row), history=self._alert_history(row["id"]))

    def _alert_history(self, alert: AlertId) -> tuple[AlertEntry, ...]:
        rows = self._connection.execute(_ALERT_HISTORY, {"of": alert}).mappings()
        return tuple(map(alert_entry_of, rows))

    def _warnings(self, ids: SelectBase) -> Sequence[AgencyWarning]:
        copies: dict[str, list[Delivery]] = {}
        for copy in self._deliveries(
            select(deliveries)
            .where(deliveries.c.warning.in_(ids))
            .order_by(deliveries.c.warning, deliveries.c.position)
        ):
            copies.setdefault(copy.warning, []).append(copy)
        rows = self._connection.execute(
            select(warnings)
            .where(warnings.c.id.in_(ids))
            .order_by(warnings.c.created.desc(), warnings.c.id.desc())
        ).mappings()
        return [
            replace(warning_of(row), deliveries=tuple(copies.get(row["id"], ()))) for row in rows
        ]

    def _warning_history(self, warning: WarningId) -> tuple[WarningEntry, ...]:
        rows = self._connection.execute(
            select(warning_entries)
            .where(warning_entries.c.warning == warning)
            .order_by(warning_entries.c.position)
        ).mappings()
        return tuple(map(warning_entry_of, rows))

    def _deliveries(self, statement: Executable) -> Sequence[Delivery]:
        return [delivery_of(row) for row in self._connection.execute(statement).mappings()]


def warning_ids(query: WarningQuery) -> SelectBase:
    """Ask for the ids of `ports.StateReader.warnings`."""
    conditions = []
    if query.agency is not None:
        conditions.append(warnings.c.agency == query.agency)
    if query.alert is not None:
        conditions.append(warnings.c.alert == query.alert)
    order = (warnings.c.created, warnings.c.id)
    walked = query.skip + query.limit
    ids = first_ids(warnings, query.states or WarningState, conditions, order, walked)
    return ids.offset(query.skip).limit(query.limit)


def due_statement(now: datetime, limit: int) -> Executable:
    """Ask for the rows of `ports.StateReader.due_deliveries`."""
    return (
        select(deliveries)
        .join(warnings, warnings.c.id == deliveries.c.warning)
        .where(
            DELIVERY_IS_PENDING,
            deliveries.c.due <= now,
            warnings.c.state != WarningState.CANCELLED,
        )
        .order_by(deliveries.c.due, deliveries.c.warning, deliveries.c.contact)
        .limit(limit)
    )
