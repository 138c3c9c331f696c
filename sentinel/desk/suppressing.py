"""Suppressions at the desk: each change a version of its own, with a person and a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sentinel.alert import suppress
from sentinel.desk.seat import Seat
from sentinel.errors import NotAllowed
from sentinel.i18n import show_time
from sentinel.model.alert import Alert
from sentinel.model.ids import SuppressionId
from sentinel.model.suppression import Hidden, Scope, Suppression
from sentinel.ports import AlertOrder, AlertQuery, StateReader


class SuppressionDesk(Seat):
    """`ports.Suppressing` over the state database."""

    def suppressions(self) -> Sequence[tuple[Suppression, Hidden]]:
        """Every suppression as it stands now, and what it has hidden; newest first."""
        with self._state.reading() as state:
            hidden = state.hidden()
            return [(one, hidden.get(one.id, Hidden())) for one in state.suppressions()]

    def suppression(self, suppression: SuppressionId) -> Sequence[Suppression]:
        """All versions of one, oldest first. Raises NotFound."""
        with self._state.reading() as state:
            return state.suppression(suppression)

    def would_hide(self, scope: Scope, days: int, limit: int) -> tuple[int, Sequence[Alert]]:
        """How many alerts last seen in the past `days` it would have hidden; the newest few."""
        query = AlertQuery(
            scope=scope,
            seen_since=self._clock.now() - timedelta(days=days),
            order=AlertOrder.NEWEST,
            limit=limit,
        )
        with self._state.reading() as state:
            return state.count_alerts(query), state.alerts(query)

    def suppress(self, scope: Scope, who: str, reason: str, until: datetime) -> Suppression:
        """Hide what fits from now on.

        Raises:
            NotAllowed: nobody or no reason, a rule that no alert knows, an end that is past or too
                far off, or just this is hidden already.
        """
        at = self._clock.now()
        name = SuppressionId(f"s-{self._issuing.tokens.token()}")
        with self._state.transaction() as state:
            title = _title(state, scope)
            begun = suppress.begun(name, scope, title, who, reason, at, until)
            same = suppress.Working(state.suppressions(), at).same(scope)
            if same is not None:
                raise NotAllowed(
                    f"{same.by} hides just this already, until {show_time(same.expires)} (UTC+7):"
                    f" prolong suppression {same.id} instead."
                )
            state.put_suppression(begun)
        return begun

    def prolong(
        self, suppression: SuppressionId, who: str, reason: str, until: datetime
    ) -> Suppression:
        """Set another end. Raises NotFound, NotAllowed."""
        return self._change_suppression(
            suppression, lambda now, at: suppress.prolonged(now, who, reason, at, until)
        )

    def lift(self, suppression: SuppressionId, who: str, reason: str) -> Suppression:
        """End it now. Raises NotFound, NotAllowed: it has ended already."""
        return self._change_suppression(
            suppression, lambda now, at: suppress.lifted(now, who, reason, at)
        )

    def _change_suppression(
        self, suppression: SuppressionId, step: Callable[[Suppression, datetime], Suppression]
    ) -> Suppression:
        with self._state.transaction() as state:
            changed = step(state.suppression(suppression)[-1], self._clock.now())
            state.put_suppression(changed)
            return changed


def _title(state: StateReader, scope: Scope) -> str:
    """The rule's title, from the newest alert that it made."""
    query = AlertQuery(rule=scope.rule, order=AlertOrder.NEWEST, limit=1)
    for alert in state.alerts(query):
        return alert.card.title
    raise NotAllowed(
        f"No alert is of rule {scope.rule}: begin a suppression from an alert of the rule."
    )
