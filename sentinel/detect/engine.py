"""The engine: an event goes in, what the rules say of it comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter

from sentinel.detect.correlate.correlator import Correlator
from sentinel.detect.match.finder import FastFinder, Finder, Look
from sentinel.detect.patience import Patience
from sentinel.detect.reference import Hits
from sentinel.detect.rests import Rests
from sentinel.detect.route import Source, source_of
from sentinel.detect.ruleset import Output, Rule, RuleSet
from sentinel.model.detection import Detection
from sentinel.model.event import Event, Fields
from sentinel.model.ids import RuleId
from sentinel.model.profile import DEAREST, DetectionProfile, RuleCost, StepCost
from sentinel.model.rule import RuleCard

SAMPLE = 64  # one event of so many is timed

Met = Sequence[tuple[Rule, Hits]]


class Engine:
    """Holds events against rules, one after the other. Not thread-safe.

    `windows` is the state of correlations that an engine has kept before (`changes`); what belongs
    to rules that are gone, or that match something else now, is let go. `finder` is one over the
    same rules that may have been in use before: it holds nothing that decides. `rests` are which
    rules rest now, where somebody else is to know.
    """

    def __init__(
        self,
        ruleset: RuleSet,
        windows: Mapping[str, bytes] | None = None,
        finder: Finder | None = None,
        *,
        rests: Rests | None = None,
        seconds: Callable[[], float] = perf_counter,
    ) -> None:
        self._ruleset = ruleset
        self._finder = FastFinder(ruleset.rules) if finder is None else finder
        self._correlator = Correlator(ruleset.correlations, windows or {})
        self._rests = Rests() if rests is None else rests
        self._seconds = seconds
        self._patience = Patience(seconds)
        self._events = 0
        self._steps = {"find": 0.0, "look": 0.0, "correlate": 0.0}
        self._timed = 0

    @property
    def cards(self) -> Sequence[RuleCard]:
        """The cards of every rule and correlation."""
        return self._ruleset.cards

    @property
    def rested(self) -> Mapping[RuleId, str]:
        """Rules that had to be left out for a while, each with the reason in a sentence."""
        return {rest.rule: rest.why for rest in self._rests.all}

    @property
    def dropped_windows(self) -> Mapping[str, str]:
        """Kept windows that could not be used, each with the reason in a sentence."""
        return self._correlator.dropped

    def match(self, event: Event) -> list[Detection]:
        """What the rules say of this event, in the order of the rules, then the correlations."""
        source = source_of(event.fields)
        met = self.met(event.fields, source, lambda: event)
        return self.detections(event, met, source) if met else []

    def met(
        self,
        fields: Fields,
        source: Source | None,
        event: Callable[[], Event],
        text: bytes | None = None,
    ) -> Met:
        """The rules that these fields meet, with what was met in them, in the order of the rules.

        `event` makes the event; it is asked for only where a rule has to rest, so that events that
        meet nothing need not be made. `text` is the JSON object the fields were read from, if any.
        """
        self._events += 1
        if self._events % SAMPLE != 1:
            looks = self._finder.looks(fields, source, text)
            return self._look(looks, fields, event) if looks else ()
        start = self._seconds()
        looks = self._finder.looks(fields, source, text)
        found = self._seconds()
        met = self._look(looks, fields, event)
        self._steps["find"] += found - start
        self._steps["look"] += self._seconds() - found
        self._timed += 1
        return met

    def detections(self, event: Event, met: Met, source: Source | None) -> list[Detection]:
        """The detections of an event that met these rules, then those of the correlations."""
        own = [
            _detection(rule, hits, event) for rule, hits in met if rule.output is Output.DETECTIONS
        ]
        start = self._seconds()
        together = self._correlator.take(event, [rule for rule, _ in met], source)
        self._steps["correlate"] += self._seconds() - start
        return own + together

    def changes(self) -> Mapping[str, bytes | None]:
        """The correlation windows that changed since the last call; None for one that is gone."""
        return self._correlator.changes()

    def profile(self, dearest: int | None = DEAREST) -> DetectionProfile:
        """What detection has cost so far, of so many rules; any thread may ask."""
        looks = sorted(self._finder.every_look, key=lambda look: -look.seconds)
        return DetectionProfile(
            events=self._events,
            steps=(
                StepCost(name="find", seconds=self._steps["find"], events=self._timed),
                StepCost(name="look", seconds=self._steps["look"], events=self._timed),
                StepCost(name="correlate", seconds=self._steps["correlate"], events=self._events),
            ),
            rules=tuple(_cost(look) for look in looks[:dearest] if look.looked),
            memories=tuple(self._finder.rates),
            resting=tuple(self._rests.all),
        )

    def _look(self, looks: Sequence[Look], fields: Fields, event: Callable[[], Event]) -> Met:
        begun = self._patience.begin()
        try:
            return self._look_at(looks, fields, event)
        finally:
            self._patience.end(begun)

    def _look_at(self, looks: Sequence[Look], fields: Fields, event: Callable[[], Event]) -> Met:
        met: list[tuple[Rule, Hits]] = []
        for look in looks:
            card = look.rule.card
            if (
                self._rests
                and card.id in self._rests
                and self._rests.holds(card.id, event().received)
            ):
                continue
            self._patience.next_look()
            look.looked += 1
            timed = look.looked % SAMPLE == 2  # noqa: PLR2004 - the first one makes the functions
            start = self._seconds() if timed else 0.0
            try:
                hits = look.hits(fields)
            except TimeoutError:
                made = event()
                self._rests.begin(card, made.id, made.received)
                hits = None
            if timed:
                look.timed += 1
                look.seconds += self._seconds() - start
            if hits is not None:
                look.met += 1
                met.append((look.rule, hits))
        return met


def _cost(look: Look) -> RuleCost:
    card = look.rule.card
    return RuleCost(
        rule=card.id,
        title=card.title,
        place=card.place,
        looked_at=look.looked,
        met=look.met,
        seconds=look.seconds / look.timed * look.looked if look.timed else 0.0,
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
