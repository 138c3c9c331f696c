"""Which alerts a query means, and in which order: the obvious way, as the specification."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sentinel.model.alert import Alert, AlertState, Disposition
from sentinel.model.entity import entities_of
from sentinel.ports import AlertOrder, AlertQuery
from sentinel.store.lookup import folded, texts_of


def fitting_alerts(alerts: Iterable[Alert], query: AlertQuery) -> Sequence[Alert]:
    """All that fit, in the query's order; equal ones by id, last first.

    Raises:
        ValueError: the query asks for one agency and for unassigned alerts at once.
    """
    refuse_contradiction(query)
    fitting = [alert for alert in alerts if fits(alert, query)]
    if query.order is AlertOrder.SCORE:
        fitting.sort(key=lambda alert: (alert.score.points, alert.last_seen, alert.id))
    else:
        fitting.sort(key=lambda alert: (alert.last_seen, alert.id))
    return fitting[::-1]


def refuse_contradiction(query: AlertQuery) -> None:
    """Say so where a query asks for nobody's alerts of somebody.

    Raises:
        ValueError: it does.
    """
    if query.unassigned and query.agency is not None:
        raise ValueError(f"unassigned alerts are not {query.agency}'s: leave one of the two out")


def fits(alert: Alert, query: AlertQuery) -> bool:
    """Whether this alert is meant; order, skip and limit do not matter."""
    return (
        alert.state in (query.states or AlertState)
        and query.min_score <= alert.score.points <= query.max_score
        and (query.rule is None or alert.card.id == query.rule)
        and (query.assignee is None or alert.assignee == query.assignee)
        and alert.disposition in (query.dispositions or {None, *Disposition})
        and (query.opened_after is None or alert.opened > query.opened_after)
        and (query.seen_since is None or alert.last_seen >= query.seen_since)
        and (query.entity is None or query.entity in entities_of(alert))
        and _is_in_scope(alert, query)
        and _has_words(alert, query.words)
    )


def _is_in_scope(alert: Alert, query: AlertQuery) -> bool:
    if query.scope is not None:
        return query.scope.fits(alert.card.id, alert.agency, alert.subject)
    if query.unassigned:
        return alert.agency is None
    return query.agency is None or alert.agency == query.agency


def _has_words(alert: Alert, words: Sequence[str]) -> bool:
    texts = texts_of(alert)
    return all(any(folded(word) in text for text in texts) for word in words)
