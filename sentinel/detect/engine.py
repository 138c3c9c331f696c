"""The engine: an event goes in, what the rules say of it comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sentinel.detect.correlate.correlator import Correlator
from sentinel.detect.reference import Hits, evaluate
from sentinel.detect.route import Router, Source, condition_for, source_of
from sentinel.detect.ruleset import Output, Rule, RuleSet
from sentinel.detect.values import REGEX_SECONDS
from sentinel.model.detection import Detection
from sentinel.model.event import Event
from sentinel.model.ids import RuleId
from sentinel.model.profile import DetectionProfile, Resting
from sentinel.model.rule import RuleCard

# How long a rule is left out after an expression of it took too long. Who writes the line chose
# it: a rule that stayed off could be put out of action, one that went on could hold up all others.
REST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Rest:
    """`since` is the arrival of the event that took too long, the `times`-th one."""

    card: RuleCard
    since: datetime
    times: int
    sentence: str


class Engine:
    """Holds events against rules, one after the other. Not thread-safe.

    `windows` is the state of correlations that an engine has kept before (`changes`); what belongs
    to rules that are gone, or that match something else now, is let go.
    """

    def __init__(self, ruleset: RuleSet, windows: Mapping[str, bytes] | None = None) -> None:
        self._ruleset = ruleset
        self._router = Router(ruleset.rules)
        self._correlator = Correlator(ruleset.correlations, windows or {})
        self._rests: dict[RuleId, _Rest] = {}
        self._events = 0

    @property
    def cards(self) -> Sequence[RuleCard]:
        """The cards of every rule and correlation."""
        return self._ruleset.cards

    @property
    def rested(self) -> Mapping[RuleId, str]:
        """Rules that had to be left out for a while, each with the reason in a sentence."""
        return {rule: rest.sentence for rule, rest in dict(self._rests).items()}

    @property
    def dropped_windows(self) -> Mapping[str, str]:
        """Kept windows that could not be used, each with the reason in a sentence."""
        return self._correlator.dropped

    def profile(self) -> DetectionProfile:
        """What detection has cost so far; any thread may ask."""
        return DetectionProfile(
            events=self._events,
            resting=tuple(_resting(rest) for rest in list(self._rests.values())),
        )

    def match(self, event: Event) -> list[Detection]:
        """What the rules say of this event, in the order of the rules, then the correlations."""
        self._events += 1
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
        rest = self._rests.get(rule.card.id)
        if rest is not None and rest.since <= event.received < rest.since + REST:
            return None
        condition = condition_for(rule, source)
        try:
            return evaluate(condition, event.fields)
        except TimeoutError:
            times = 1 if rest is None else rest.times + 1
            self._rests[rule.card.id] = _Rest(
                rule.card,
                event.received,
                times,
                f"{rule.card.place}: rule {rule.card.title!r} is left out for "
                f"{REST.total_seconds():g} s each time that a regular expression takes longer than "
                f"{REGEX_SECONDS:g} s ({times} times, the last on event {event.id}); simplify it",
            )
            return None


def _resting(rest: _Rest) -> Resting:
    return Resting(
        rule=rest.card.id,
        title=rest.card.title,
        why=rest.sentence,
        since=rest.since,
        until=rest.since + REST,
        times=rest.times,
    )


def _detection(rule: Rule, hits: Hits, event: Event) -> Detection:
    return Detection(
        rule=rule.card,
        event=event,
        matched=hits,
        events=(event.id,),
        count=1,
        first=event.at,
    )
