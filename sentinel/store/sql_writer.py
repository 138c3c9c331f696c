"""What the state database is told: the writing half, inside a transaction that is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Table, bindparam, delete, func, insert, select

from sentinel.model.agency import Agency
from sentinel.model.alert import Alert, AlertEntry
from sentinel.model.ids import AgencyId, Offset
from sentinel.model.source_mark import SourceMark
from sentinel.model.warning import AgencyWarning, Delivery, WarningEntry
from sentinel.store.codec import text_of
from sentinel.store.history import missing_entries
from sentinel.store.lookup import keys_of
from sentinel.store.rows import (
    NOBODY,
    alert_row,
    delivery_row,
    entry_row,
    mark_of,
    mark_row,
    warning_row,
)
from sentinel.store.schema import (
    agencies as agency_table,
)
from sentinel.store.schema import (
    alert_entries,
    alert_keys,
    alerts,
    deliveries,
    marks,
    numbers,
    secrets,
    source_marks,
    warning_entries,
    warnings,
    windows,
)
from sentinel.store.sql_jobs import JobWriter
from sentinel.store.sql_people import PeopleWriter
from sentinel.store.sql_put import addition, put, refusal, replaced
from sentinel.store.sql_reader import OFFSET, REGISTRY_VERSION, SqlReader
from sentinel.store.sql_suppressions import SuppressionWriter
from sentinel.store.sums import with_mark

# Used with each alert that is written: building them costs more than running them.
_ITS_KEYS = select(alert_keys.c.kind, alert_keys.c.value, alert_keys.c.agency).where(
    alert_keys.c.alert == bindparam("this_alert")
)
_WITHOUT_KEY = delete(alert_keys).where(
    *(alert_keys.c[name] == bindparam(f"this_{name}") for name in ("alert", "kind", "value"))
)


class SqlWriter(SqlReader, SuppressionWriter, JobWriter, PeopleWriter):
    """`ports.StateTransaction` over a connection whose transaction someone else ends.

    A value that breaks a promise of the tables (a second open alert of one cause, a number given
    twice, a delivery without its warning) raises ValueError, as a wrong argument does.
    """

    def advance(self, offset: Offset) -> None:
        """See `ports.StateTransaction.advance`."""
        reached = self.offset()
        if offset < reached:
            raise ValueError(f"the offset is at {reached}; it cannot go back to {offset}")
        put(self._connection, marks, {"name": OFFSET, "value": offset}, "name")

    def put_alert(self, alert: Alert) -> None:
        """See `ports.StateTransaction.put_alert`."""
        with refusal(f"alert {alert.id}"):
            put(self._connection, alerts, alert_row(alert), "id")
        self._put_keys(alert)
        stored = self._alert_history(alert.id)
        added = missing_entries(stored, alert.history)
        self._add_entries(alert_entries, {"alert": alert.id}, len(stored), added)

    def put_warning(self, warning: AgencyWarning) -> None:
        """See `ports.StateTransaction.put_warning`. Deliveries it does not name are kept."""
        with refusal(f"warning {warning.id}"):
            put(self._connection, warnings, warning_row(warning), "id")
        for delivery in warning.deliveries:
            self.put_delivery(delivery)
        stored = self._warning_history(warning.id)
        added = missing_entries(stored, warning.history)
        self._add_entries(warning_entries, {"warning": warning.id}, len(stored), added)

    def put_delivery(self, delivery: Delivery) -> None:
        """See `ports.StateTransaction.put_delivery`."""
        row = delivery_row(delivery)
        with refusal(f"delivery of warning {delivery.warning} to {delivery.contact}"):
            if not replaced(self._connection, deliveries, row, "warning", "contact"):
                there = self._connection.execute(
                    select(func.count()).where(deliveries.c.warning == delivery.warning)
                ).scalar_one()
                self._connection.execute(insert(deliveries), {**row, "position": there})

    def take_number(self, series: str, year: int) -> int:
        """See `ports.StateTransaction.take_number`."""
        last = self._connection.execute(
            select(numbers.c.last).where(numbers.c.series == series, numbers.c.year == year)
        ).scalar()
        number = (last or 0) + 1
        put(
            self._connection,
            numbers,
            {"series": series, "year": year, "last": number},
            "series",
            "year",
        )
        return number

    def put_windows(self, changed: Mapping[str, bytes | None]) -> None:
        """See `ports.StateTransaction.put_windows`."""
        if not changed:
            return
        self._connection.execute(
            delete(windows).where(windows.c.key == bindparam("gone")),
            [{"gone": key} for key in changed],
        )
        kept = [{"key": key, "value": value} for key, value in changed.items() if value is not None]
        if kept:
            self._connection.execute(insert(windows), kept)

    def put_agencies(self, agencies: Sequence[Agency]) -> None:
        """See `ports.StateTransaction.put_agencies`. Without agencies nothing grows."""
        for agency in agencies:
            put(self._connection, agency_table, {"id": agency.id, "rest": text_of(agency)}, "id")
        if agencies:
            self._registry_changed()

    def remove_agencies(self, agencies: Sequence[AgencyId]) -> None:
        """See `ports.StateTransaction.remove_agencies`."""
        gone = self._connection.execute(
            delete(agency_table).where(agency_table.c.id.in_(list(agencies)))
        )
        if gone.rowcount:
            self._registry_changed()

    def add_source_marks(self, marks: Sequence[SourceMark]) -> None:
        """See `ports.StateTransaction.add_source_marks`."""
        for mark in marks:
            row = mark_row(mark)
            here = [source_marks.c[name] == row[name] for name in ("source", "agency")]
            known = self._connection.execute(select(source_marks).where(*here)).mappings().first()
            total = with_mark(None if known is None else mark_of(known), mark)
            put(self._connection, source_marks, mark_row(total), "source", "agency")

    def _put_keys(self, alert: Alert) -> None:
        agency = alert.agency or NOBODY
        rows = self._connection.execute(_ITS_KEYS, {"this_alert": alert.id})
        stored = {(kind, value, at) for kind, value, at in rows}
        wanted = {(kind, value, agency) for kind, value in keys_of(alert)}
        if gone := stored - wanted:
            self._connection.execute(
                _WITHOUT_KEY,
                [
                    {"this_alert": alert.id, "this_kind": kind, "this_value": value}
                    for kind, value, _ in gone
                ],
            )
        if new := wanted - stored:
            self._connection.execute(
                addition(alert_keys),
                [
                    {"alert": alert.id, "kind": kind, "value": value, "agency": agency}
                    for kind, value, _ in new
                ],
            )

    def _registry_changed(self) -> None:
        version = self.registry_version() + 1
        put(self._connection, marks, {"name": REGISTRY_VERSION, "value": version}, "name")

    def put_secret(self, name: str, value: str) -> None:
        """See `ports.StateTransaction.put_secret`."""
        put(self._connection, secrets, {"name": name, "value": value}, "name")

    def _add_entries(
        self,
        table: Table,
        owner: Mapping[str, str],
        stored: int,
        added: Sequence[AlertEntry | WarningEntry],
    ) -> None:
        if added:
            self._connection.execute(
                addition(table),
                [
                    {**owner, "position": position, **entry_row(entry)}
                    for position, entry in enumerate(added, start=stored)
                ],
            )
