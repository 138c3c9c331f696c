"""Suppressions in SQL: every version a row, and beside them what each has hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from sentinel.errors import NotFound
from sentinel.model.ids import SuppressionId
from sentinel.model.suppression import Hidden, Suppression
from sentinel.store.rows import suppression_of, suppression_row
from sentinel.store.schema import hidden, suppressions
from sentinel.store.sql_put import put
from sentinel.store.sums import with_hidden


class SuppressionReader:
    """The part of `ports.StateReader` that tells of suppressions."""

    _connection: Connection

    def suppressions(self) -> Sequence[Suppression]:
        """See `ports.StateReader.suppressions`. Those begun at once by id, last first."""
        newest = (
            select(suppressions.c.id, func.max(suppressions.c.version).label("version"))
            .group_by(suppressions.c.id)
            .subquery()
        )
        rows = self._connection.execute(
            select(suppressions)
            .join(
                newest,
                (suppressions.c.id == newest.c.id) & (suppressions.c.version == newest.c.version),
            )
            .order_by(suppressions.c.begun.desc(), suppressions.c.id.desc())
        ).mappings()
        # All of them first: a row that cannot be read must not leave a cursor open in the middle.
        return [suppression_of(row) for row in rows.all()]

    def suppression(self, suppression: SuppressionId) -> Sequence[Suppression]:
        """See `ports.StateReader.suppression`."""
        rows = self._connection.execute(
            select(suppressions)
            .where(suppressions.c.id == suppression)
            .order_by(suppressions.c.version)
        ).mappings()
        versions = [suppression_of(row) for row in rows]
        if not versions:
            raise NotFound(f"there is no suppression {suppression!r}")
        return versions

    def hidden(self) -> Mapping[SuppressionId, Hidden]:
        """See `ports.StateReader.hidden`."""
        rows = self._connection.execute(
            select(hidden.c.suppression, hidden.c.detections, hidden.c.last).where(
                hidden.c.detections != 0
            )
        )
        return {key: Hidden(detections=detections, last=last) for key, detections, last in rows}


class SuppressionWriter(SuppressionReader):
    """The part of `ports.StateTransaction` that changes suppressions."""

    def put_suppression(self, suppression: Suppression) -> None:
        """See `ports.StateTransaction.put_suppression`."""
        newest = self._connection.execute(
            select(func.max(suppressions.c.version)).where(suppressions.c.id == suppression.id)
        ).scalar()
        if suppression.version != (newest or 0) + 1:
            raise ValueError(
                f"suppression {suppression.id}: version {suppression.version} cannot follow"
                f" version {newest or 0}"
            )
        self._connection.execute(insert(suppressions), suppression_row(suppression))

    def add_hidden(self, suppression: SuppressionId, detections: int, last: datetime) -> None:
        """See `ports.StateTransaction.add_hidden`."""
        row = self._connection.execute(
            select(hidden.c.detections, hidden.c.last).where(hidden.c.suppression == suppression)
        ).first()
        known = None if row is None else Hidden(detections=row.detections, last=row.last)
        total = with_hidden(known, detections, last)
        put(
            self._connection,
            hidden,
            {"suppression": suppression, "detections": total.detections, "last": total.last},
            "suppression",
        )
