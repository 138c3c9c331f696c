"""How the first rows of a list are found without reading the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, select, union_all


def first_ids(
    table: Table,
    states: Iterable[StrEnum],
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[Column[Any]],
    limit: int,
) -> Select[Any]:
    """The ids of the rows that come first, in falling `order`.

    One walk a state, each along an index that has the state first and the order after it: a
    single query over several states would read and sort every row of them.
    """
    falling = [column.desc() for column in order]
    walks = [
        select(*order)
        .where(table.c.state == state, *conditions)
        .order_by(*falling)
        .limit(limit)
        .subquery()
        for state in sorted(states)
    ]
    together = union_all(*(select(walk) for walk in walks)).subquery()
    return (
        select(together.c.id)
        .order_by(*(together.c[column.key].desc() for column in order))
        .limit(limit)
    )
