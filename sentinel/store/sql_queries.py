"""How lists of alerts and warnings are asked for: walks along an index that has their order.

Everything an alert is narrowed by stands in that index, or in `alert_keys`; no query reads rows
that it does not return.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Executable,
    FromClause,
    Select,
    SelectBase,
    Table,
    false,
    func,
    select,
    union_all,
)

from sentinel.model.alert import AlertState
from sentinel.model.warning import WarningState
from sentinel.ports import AlertOrder, AlertQuery, WarningQuery
from sentinel.store.lookup import Key, entity_key, folded, subject_key
from sentinel.store.rows import NOBODY
from sentinel.store.schema import DELIVERY_IS_PENDING, alert_keys, alerts, deliveries, warnings

# SQLite refuses patterns above 50,000 bytes; no text of an alert comes near.
LONGEST_WORD = 5000  # characters

_BY_SCORE = (alerts.c.score, alerts.c.last_seen, alerts.c.id)
_BY_AGE = (alerts.c.last_seen, alerts.c.id)


def alerts_statement(query: AlertQuery) -> Executable:
    """Ask for the rows of `ports.StateReader.alerts`.

    Raises:
        ValueError: the query asks for one agency and for unassigned alerts at once.
    """
    page = _page_ids(query)
    return select(alerts).where(alerts.c.id.in_(page)).order_by(*_falling(query))


def alert_ids_statement(query: AlertQuery) -> Select[Any]:
    """Ask for `ports.StateReader.alert_ids`. Raises ValueError as `alerts_statement` does."""
    fitting = select(alerts.c.id).select_from(_found_by(query)).where(*_conditions(query))
    return fitting.order_by(*_falling(query))


def count_statement(query: AlertQuery) -> Executable:
    """Ask for `ports.StateReader.count_alerts`. Raises ValueError as `alerts_statement` does."""
    return select(func.count()).select_from(_found_by(query)).where(*_conditions(query))


def warning_ids(query: WarningQuery) -> SelectBase:
    """Ask for the ids of `ports.StateReader.warnings`."""
    conditions = []
    if query.agency is not None:
        conditions.append(warnings.c.agency == query.agency)
    if query.alert is not None:
        conditions.append(warnings.c.alert == query.alert)
    order = (warnings.c.created, warnings.c.id)
    walked = query.skip + query.limit
    ids = _first_ids(warnings, query.states or WarningState, conditions, order, walked)
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


def _page_ids(query: AlertQuery) -> SelectBase:
    """The ids of one page of alerts."""
    if query.order is AlertOrder.SCORE and not _keys(query):
        walked = query.skip + query.limit
        states = query.states or AlertState
        ids = _first_ids(alerts, states, _narrowed(query), _BY_SCORE, walked)
    else:
        # What an entity or a subject leaves is little; by age no index has the order, but only
        # the best of what fits are kept while it is sorted.
        ids = alert_ids_statement(query)
    return ids.offset(query.skip).limit(query.limit)


def _falling(query: AlertQuery) -> Sequence[ColumnElement[Any]]:
    order = _BY_SCORE if query.order is AlertOrder.SCORE else _BY_AGE
    return [column.desc() for column in order]


def _found_by(query: AlertQuery) -> FromClause:
    """The alerts that have every key the query names."""
    found: FromClause = alerts
    for place, (kind, value) in enumerate(_keys(query)):
        having = alert_keys.alias(f"key_{place}")
        fits = (having.c.kind == kind) & (having.c.value == value)
        found = found.join(having, fits & (having.c.alert == alerts.c.id))
    return found


def _keys(query: AlertQuery) -> Sequence[Key]:
    keys = [] if query.entity is None else [entity_key(query.entity)]
    named = {} if query.scope is None else query.scope.subject
    return [*keys, *(subject_key(name, value) for name, value in named.items())]


def _conditions(query: AlertQuery) -> Sequence[ColumnElement[bool]]:
    states = sorted(query.states or AlertState)
    return [alerts.c.state.in_(states), *_narrowed(query)]


def _narrowed(query: AlertQuery) -> list[ColumnElement[bool]]:
    """What the query asks of an alert beside its state and its keys."""
    conditions = [
        alerts.c.score >= query.min_score,
        alerts.c.score <= query.max_score,
        *_whose(query),
        *(_having(folded(word)) for word in query.words),
    ]
    if query.rule is not None:
        conditions.append(alerts.c.rule == query.rule)
    if query.assignee is not None:
        conditions.append(alerts.c.assignee == query.assignee)
    if query.dispositions:
        conditions.append(alerts.c.disposition.in_(sorted(query.dispositions)))
    if query.opened_after is not None:
        conditions.append(alerts.c.opened > query.opened_after)
    if query.seen_since is not None:
        conditions.append(alerts.c.last_seen >= query.seen_since)
    return conditions


def _whose(query: AlertQuery) -> list[ColumnElement[bool]]:
    if query.unassigned and query.agency is not None:
        raise ValueError(f"unassigned alerts are not {query.agency}'s: leave one of the two out")
    if query.scope is not None:
        agency = (
            [] if query.scope.everywhere else [alerts.c.agency == (query.scope.agency or NOBODY)]
        )
        return [alerts.c.rule == query.scope.rule, *agency]
    if query.unassigned or query.agency is not None:
        return [alerts.c.agency == (query.agency or NOBODY)]
    return []


def _having(word: str) -> ColumnElement[bool]:
    """A folded word occurs in the alert's words: LIKE, in which no letter means anything else."""
    if len(word) > LONGEST_WORD:
        return false()
    return alerts.c.words.contains(word, autoescape=True)


def _first_ids(
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
