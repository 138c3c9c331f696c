"""How alerts are asked for: everything they are narrowed by stands in an index.

A row of an alert is as large as a page of the file. No query reads rows that it does not return,
but for the few alerts of a rare key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    FromClause,
    Select,
    SelectBase,
    and_,
    exists,
    false,
    func,
    literal,
    select,
)

from sentinel.model.alert import AlertState
from sentinel.ports import AlertOrder, AlertQuery
from sentinel.store.lookup import Key, entity_key, folded, subject_key
from sentinel.store.rows import NOBODY
from sentinel.store.schema import alert_keys, alerts
from sentinel.store.sql_walk import first_ids

# SQLite refuses patterns above 50,000 bytes; no text of an alert comes near.
LONGEST_WORD = 5000  # characters
# Up to so many alerts of a key are looked up one by one; above, it costs less to walk past those
# that do not have it.
FEW = 2000

_BY_SCORE = (alerts.c.score, alerts.c.last_seen, alerts.c.id)
_BY_AGE = (alerts.c.last_seen, alerts.c.id)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query for alerts, and its keys: those of few alerts, and the others."""

    query: AlertQuery
    rare: Sequence[Key] = ()
    common: Sequence[Key] = ()


def keys_asked(query: AlertQuery) -> Sequence[Key]:
    """The keys that an alert must have to fit."""
    keys = [] if query.entity is None else [entity_key(query.entity)]
    named = {} if query.scope is None else query.scope.subject
    return [*keys, *(subject_key(name, value) for name, value in named.items())]


def is_rare_statement(query: AlertQuery, key: Key) -> Executable:
    """Ask whether at most FEW alerts, of whom the query asks about, have this key."""
    some = select(literal(1)).where(*_with_key(query, key, alert_keys)).limit(FEW + 1).subquery()
    return select(func.count() <= FEW).select_from(some)


def alerts_statement(wanted: Wanted) -> Executable:
    """Ask for the rows of `ports.StateReader.alerts`.

    Raises:
        ValueError: the query asks for one agency and for unassigned alerts at once.
    """
    on_page = alerts.c.id.in_(_page_ids(wanted))
    return select(alerts).where(on_page).order_by(*_falling(wanted.query))


def alert_ids_statement(wanted: Wanted) -> Select[Any]:
    """Ask for `ports.StateReader.alert_ids`. Raises ValueError as `alerts_statement` does."""
    return _fitting(select(alerts.c.id), wanted).order_by(*_falling(wanted.query))


def count_statement(wanted: Wanted) -> Executable:
    """Ask for `ports.StateReader.count_alerts`. Raises ValueError as `alerts_statement` does."""
    return _fitting(select(func.count()), wanted)


def _page_ids(wanted: Wanted) -> SelectBase:
    query = wanted.query
    by_age = query.order is AlertOrder.NEWEST
    if wanted.rare or (by_age and _owner(query) is not None):
        # Sorted, the best kept: those of a rare key, or of one agency, whose index is by score.
        ids = alert_ids_statement(wanted)
    else:
        conditions = [*_narrowed(query), *(_has_key(query, key) for key in wanted.common)]
        order = _BY_AGE if by_age else _BY_SCORE
        walked = query.skip + query.limit
        ids = first_ids(alerts, query.states or AlertState, conditions, order, walked)
    return ids.offset(query.skip).limit(query.limit)


def _falling(query: AlertQuery) -> Sequence[ColumnElement[Any]]:
    order = _BY_SCORE if query.order is AlertOrder.SCORE else _BY_AGE
    return [column.desc() for column in order]


def _fitting(asked: Select[Any], wanted: Wanted) -> Select[Any]:
    """All that fit, from the alerts of the rare keys or from an index of all alerts."""
    query = wanted.query
    states = alerts.c.state.in_(sorted(query.states or AlertState))
    if not wanted.rare:
        keyed = [_with_key(query, key, alert_keys) for key in wanted.common]
        common = [alerts.c.id.in_(select(alert_keys.c.alert).where(*those)) for those in keyed]
        return asked.select_from(alerts).where(states, *_narrowed(query), *common)
    found: FromClause = alerts
    for place, key in enumerate(wanted.rare):
        having = alert_keys.alias(f"key_{place}")
        its = and_(having.c.alert == alerts.c.id, *_with_key(query, key, having))
        found = found.join(having, its)
    asked_for = [_has_key(query, key) for key in wanted.common]
    # The keys say whose they are: asked of the alerts too, SQLite might begin with the agency.
    return asked.select_from(found).where(states, *_particulars(query), *asked_for)


def _has_key(query: AlertQuery, key: Key) -> ColumnElement[bool]:
    """An alert that is looked at has this key."""
    its = select(literal(1)).where(
        alert_keys.c.alert == alerts.c.id, *_with_key(query, key, alert_keys)
    )
    return exists(its.correlate(alerts))


def _with_key(query: AlertQuery, key: Key, table: FromClause) -> list[ColumnElement[bool]]:
    kind, value = key
    owner = _owner(query)
    owned = [] if owner is None else [table.c.agency == owner]
    return [table.c.kind == kind, table.c.value == value, *owned]


def _owner(query: AlertQuery) -> str | None:
    """Whose alerts, as the columns have it; None: anybody's."""
    if query.unassigned and query.agency is not None:
        raise ValueError(f"unassigned alerts are not {query.agency}'s: leave one of the two out")
    if query.scope is not None:
        return None if query.scope.everywhere else query.scope.agency or NOBODY
    if query.unassigned or query.agency is not None:
        return query.agency or NOBODY
    return None


def _narrowed(query: AlertQuery) -> list[ColumnElement[bool]]:
    """What an alert must be, beside its state and its keys."""
    owner = _owner(query)
    owned = [] if owner is None else [alerts.c.agency == owner]
    return [*owned, *_particulars(query)]


def _particulars(query: AlertQuery) -> list[ColumnElement[bool]]:
    """The same without whose it is; what costs most is asked last."""
    rules = {query.rule, query.scope and query.scope.rule} - {None}
    conditions = [
        alerts.c.score >= query.min_score,
        alerts.c.score <= query.max_score,
        *(alerts.c.rule == rule for rule in rules),
    ]
    if query.assignee is not None:
        conditions.append(alerts.c.assignee == query.assignee)
    if query.dispositions:
        conditions.append(alerts.c.disposition.in_(sorted(query.dispositions)))
    if query.opened_after is not None:
        conditions.append(alerts.c.opened > query.opened_after)
    if query.seen_since is not None:
        conditions.append(alerts.c.last_seen >= query.seen_since)
    # Each once: "a a a a ..." would read every alert's words a thousand times.
    words = dict.fromkeys(map(folded, query.words))
    return [*conditions, *map(_has_word, words)]


def _has_word(word: str) -> ColumnElement[bool]:
    """A folded word occurs in the alert's: LIKE, in which none of its letters mean anything."""
    if len(word) > LONGEST_WORD:
        return false()
    return alerts.c.words.contains(word, autoescape=True)
