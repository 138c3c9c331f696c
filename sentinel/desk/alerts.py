"""Single alerts at the desk, and what else is known of the machines and people in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sentinel.alert import lifecycle
from sentinel.desk.seat import Seat
from sentinel.model.alert import Alert, Disposition
from sentinel.model.entity import Entity, entities_of
from sentinel.model.ids import AlertId
from sentinel.ports import AlertOrder, AlertQuery, Related, StateReader

RELATED_SHOWN = 5


class AlertDesk(Seat):
    """What is known of alerts, and what one person does with one alert."""

    def alerts(self, query: AlertQuery) -> Sequence[Alert]:
        """The queue."""
        with self._state.reading() as state:
            return state.alerts(query)

    def alert(self, alert: AlertId) -> Alert:
        """One alert with its history. Raises NotFound."""
        with self._state.reading() as state:
            return state.alert(alert)

    def count(self, query: AlertQuery) -> int:
        """How many alerts fit, exactly."""
        with self._state.reading() as state:
            return state.count_alerts(query)

    def related(self, alert: Alert) -> Sequence[Related]:
        """Other alerts of its host, user and address, an entry an entity that has any.

        Of hosts, users and addresses that are not public: at the same agency. Of a public address:
        everywhere. Raises NotFound.
        """
        with self._state.reading() as state:
            # As it stands now: counting includes it, and it is taken off again.
            now = state.alert(alert.id)
            found = [_related(state, now, entity) for entity in entities_of(now)]
        return [related for related in found if related.total > 0]

    def acknowledge(self, alert: AlertId, who: str, note: str = "") -> Alert:
        """Somebody has seen it. Raises NotFound, NotAllowed."""
        return self._change_alert(alert, lambda now, at: lifecycle.acknowledge(now, who, at, note))

    def take(self, alert: AlertId, who: str, note: str = "") -> Alert:
        """Somebody works on it. Raises NotFound, NotAllowed."""
        return self._change_alert(alert, lambda now, at: lifecycle.take(now, who, at, note))

    def close(self, alert: AlertId, who: str, disposition: Disposition, reason: str) -> Alert:
        """It is over, and this is why. Raises NotFound, NotAllowed."""
        return self._change_alert(
            alert, lambda now, at: lifecycle.close(now, who, at, disposition, reason)
        )

    def _change_alert(self, alert: AlertId, step: Callable[[Alert, datetime], Alert]) -> Alert:
        with self._state.transaction() as state:
            changed = step(state.alert(alert), self._clock.now())
            state.put_alert(changed)
            return changed


def _related(state: StateReader, alert: Alert, entity: Entity) -> Related:
    """What else an entity of this alert has part in."""
    query = AlertQuery(entity=entity, order=AlertOrder.NEWEST, limit=RELATED_SHOWN + 1)
    if not entity.is_public:
        query = replace(query, agency=alert.agency, unassigned=alert.agency is None)
    total = state.count_alerts(query) - 1
    if total <= 0:
        return Related(entity=entity, total=0, agencies=0, newest=())
    others = [other for other in state.alerts(query) if other.id != alert.id]
    elsewhere = state.agencies_with(entity) - {alert.agency} if entity.is_public else ()
    return Related(
        entity=entity, total=total, agencies=len(elsewhere), newest=others[:RELATED_SHOWN]
    )
