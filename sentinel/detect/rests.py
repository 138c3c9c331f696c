"""Rules that are left out for a while, because a look at one event took too long.

Who writes the line chose it: a rule that stayed off could be put out of action, one that went on
could hold up all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sentinel.detect import patience
from sentinel.model.ids import EventId, RuleId
from sentinel.model.profile import Resting
from sentinel.model.rule import RuleCard

REST = timedelta(minutes=1)


class Rests:
    """Which rules rest, and since when; times are those of arriving events."""

    def __init__(self) -> None:
        self._rests: dict[RuleId, Resting] = {}

    def __bool__(self) -> bool:
        return bool(self._rests)

    def __contains__(self, rule: object) -> bool:
        return rule in self._rests

    @property
    def all(self) -> Sequence[Resting]:
        """Every rule that ever had to rest; any thread may ask."""
        return tuple(dict(self._rests).values())

    def holds(self, rule: RuleId, at: datetime) -> bool:
        """Say whether what arrives at this time is not held against the rule."""
        rest = self._rests.get(rule)
        return rest is not None and rest.holds(at)

    def begin(self, card: RuleCard, event: EventId, at: datetime) -> None:
        """Leave the rule out from this event's arrival on."""
        before = self._rests.get(card.id)
        times = 1 if before is None else before.times + 1
        self._rests[card.id] = Resting(
            rule=card.id,
            title=card.title,
            why=(
                f"{card.place}: rule {card.title!r} is left out for {REST.total_seconds():g} s each"
                f" time that a look at one event takes longer than {patience.LOOK:g} s, or longer"
                f" than is left of {patience.EVENT:g} s for all of its looks ({times} times, the"
                f" last on event {event}); simplify it"
            ),
            since=at,
            until=at + REST,
            times=times,
        )
