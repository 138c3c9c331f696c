"""The engine: an event goes in, what the rules say of it comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sentinel.detect.correlate import Correlator
from sentinel.detect.reference import Hits, evaluate
from sentinel.detect.route import Router, Source, source_of
from sentinel.detect.ruleset import Output, Rule, RuleSet
from sentinel.detect.values import REGEX_SECONDS
from sentinel.model.detection import Detection
from sentinel.model.event import Event
from sentinel.model.ids import RuleId
from sentinel.model.rule import RuleCard


class Engine:
    """Holds events against rules, one after the other. Not thread-safe.

    `windows` is the state of correlations that an engine has kept before (`changes`); what belongs
    to rules that are gone, or that match something else now, is let go.
    """

    def __init__(self, ruleset: RuleSet, windows: Mapping[str, bytes] | None = None) -> None:
        self._ruleset = ruleset
        self._router = Router(ruleset.rules)
        self._correlator = Correlator(ruleset.correlations, windows or {})
        self._switched_off: dict[RuleId, str] = {}

    @property
    def cards(self) -> Sequence[RuleCard]:
        """The cards of every rule and correlation, those switched off included."""
        return self._ruleset.cards

    @property
    def switched_off(self) -> Mapping[RuleId, str]:
        """Rules that had to be stopped while running, each with the reason in a sentence."""
        return MappingProxyType(self._switched_off)

    @property
    def dropped_windows(self) -> Mapping[str, str]:
        """Kept windows that could not be used, each with the reason in a sentence."""
        return self._correlator.dropped

    def match(self, event: Event) -> list[Detection]:
        """What the rules say of this event, in the order of the rules, then the correlations."""
        source = source_of(event.fields)
        met: list[tuple[Rule, Hits]] = []
        for rule in self._router.rules_for(source):
            hits = self._try(rule, event, source)
            if hits is not None:
                met.append((rule, hits))
        if not met:
            return []
        detections = [
            _detection(rule, hits, event) for rule, hits in met if rule.output is Output.DETECTIONS
        ]
        return detections + self._correlator.take(event, [rule for rule, _ in met], source)

    def changes(self) -> Mapping[str, bytes | None]:
        """The correlation windows that changed since the last call; None for one that is gone."""
        return self._correlator.changes()

    def _try(self, rule: Rule, event: Event, source: Source | None) -> Hits | None:
        if rule.card.id in self._switched_off:
            return None
        condition = rule.condition if source is None else rule.bound
        try:
            return evaluate(condition, event.fields)
        except TimeoutError:
            self._switched_off[rule.card.id] = (
                f"{rule.card.place}: rule {rule.card.title!r} is switched off: a regular "
                f"expression took longer than {REGEX_SECONDS:g} s on event {event.id}; simplify it"
            )
            return None


def _detection(rule: Rule, hits: Hits, event: Event) -> Detection:
    return Detection(
        rule=rule.card,
        event=event,
        matched=hits,
        events=(event.id,),
        count=1,
        first=event.at,
    )
