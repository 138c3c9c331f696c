"""What the state database is told: the writing half, inside a transaction that is open.

Written as an update, then an insert where nothing was there: every database understands that, and
nobody can come between the two, for there is one writer at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Table, Update, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from sentinel.model.agency import Agency
from sentinel.model.alert import Alert, AlertEntry
from sentinel.model.ids import AgencyId, Offset
from sentinel.model.warning import AgencyWarning, Delivery, WarningEntry
from sentinel.store.codec import text_of
from sentinel.store.history import missing_entries
from sentinel.store.rows import (
    Row,
    alert_row,
    delivery_row,
    entry_row,
    warning_row,
)
from sentinel.store.schema import (
    agencies as agency_table,
)
from sentinel.store.schema import (
    alert_entries,
    alerts,
    deliveries,
    marks,
    numbers,
    secrets,
    warning_entries,
    warnings,
    windows,
)
from sentinel.store.sql_reader import OFFSET, REGISTRY_VERSION, SqlReader


class SqlWriter(SqlReader):
    """`ports.StateTransaction` over a connection whose transaction someone else ends.

    A value that breaks a promise of the tables (a second open alert of one cause, a number given
    twice, a delivery without its warning) raises ValueError, as a wrong argument does.
    """

    def advance(self, offset: Offset) -> None:
        """See `ports.StateTransaction.advance`."""
        reached = self.offset()
        if offset < reached:
            raise ValueError(f"the offset is at {reached}; it cannot go back to {offset}")
        self._put(marks, {"name": OFFSET, "value": offset}, "name")

    def put_alert(self, alert: Alert) -> None:
        """See `ports.StateTransaction.put_alert`."""
        with _refusal(f"alert {alert.id}"):
            self._put(alerts, alert_row(alert), "id")
        stored = self._alert_history(alert.id)
        added = missing_entries(stored, alert.history)
        self._add_entries(alert_entries, {"alert": alert.id}, len(stored), added)

    def put_warning(self, warning: AgencyWarning) -> None:
        """See `ports.StateTransaction.put_warning`. Deliveries it does not name are kept."""
        with _refusal(f"warning {warning.id}"):
            self._put(warnings, warning_row(warning), "id")
        for delivery in warning.deliveries:
            self.put_delivery(delivery)
        stored = self._warning_history(warning.id)
        added = missing_entries(stored, warning.history)
        self._add_entries(warning_entries, {"warning": warning.id}, len(stored), added)

    def put_delivery(self, delivery: Delivery) -> None:
        """See `ports.StateTransaction.put_delivery`."""
        row = delivery_row(delivery)
        with _refusal(f"delivery of warning {delivery.warning} to {delivery.contact}"):
            if not self._replaced(deliveries, row, "warning", "contact"):
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
        self._put(numbers, {"series": series, "year": year, "last": number}, "series", "year")
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
            self._put(agency_table, {"id": agency.id, "rest": text_of(agency)}, "id")
        if agencies:
            self._registry_changed()

    def remove_agencies(self, agencies: Sequence[AgencyId]) -> None:
        """See `ports.StateTransaction.remove_agencies`."""
        gone = self._connection.execute(
            delete(agency_table).where(agency_table.c.id.in_(list(agencies)))
        )
        if gone.rowcount:
            self._registry_changed()

    def _registry_changed(self) -> None:
        version = self.registry_version() + 1
        self._put(marks, {"name": REGISTRY_VERSION, "value": version}, "name")

    def put_secret(self, name: str, value: str) -> None:
        """See `ports.StateTransaction.put_secret`."""
        self._put(secrets, {"name": name, "value": value}, "name")

    def _put(self, table: Table, row: Row, *key: str) -> None:
        if not self._replaced(table, row, *key):
            self._connection.execute(insert(table), row)

    def _replaced(self, table: Table, row: Row, *key: str) -> bool:
        wanted = {f"this_{name}": row[name] for name in key}
        return self._connection.execute(_replacement(table, key), {**row, **wanted}).rowcount > 0

    def _add_entries(
        self,
        table: Table,
        owner: Mapping[str, str],
        stored: int,
        added: Sequence[AlertEntry | WarningEntry],
    ) -> None:
        if added:
            self._connection.execute(
                insert(table),
                [
                    {**owner, "position": position, **entry_row(entry)}
                    for position, entry in enumerate(added, start=stored)
                ],
            )


@cache  # building it costs more than running it
def _replacement(table: Table, key: tuple[str, ...]) -> Update:
    return update(table).where(*(table.c[name] == bindparam(f"this_{name}") for name in key))


@contextmanager
def _refusal(what: str) -> Iterator[None]:
    """Turn a broken promise of the tables into the ValueError that the memory raises too."""
    try:
        yield
    except IntegrityError as error:
        raise ValueError(f"{what}: the state refuses it: {error.orig}") from error
